package diffusion

import (
	"context"
	"math"
	"math/bits"
	"slices"

	"runlua/kernels/fmath"
	"runlua/kernels/panel"
	"runlua/kernels/par"
)

const (
	// few is how many conformers a row may have whose weights count for their sum
	// to be taken in double precision; smaller ensembles know nothing else.
	few = 32
	// least is the logarithm of the least weight that counts, of the largest: those
	// below add less than n·10⁻¹⁴ of the whole.
	least = panel.Least
	// trusted is the largest probable error of a logarithm of a weight that comes
	// from single precision, Eq. (20): a thirtieth of what chance does to the
	// occupancies of ten thousand samples.
	trusted = 3e-4
	// roundoff is half the distance from 1 to the next number of single precision.
	roundoff = 1.0 / (1 << 24)
	// largest length of what is multiplied in single precision: no product or sum
	// overflows.
	longestSingle = 1e15
	// slabWeights bounds the weights that are kept at a time.
	slabWeights = 1 << 22
	// stretch is how many conformers a thread measures distances from at a time.
	stretch = 512
)

// prepareSingle rounds the conformers for the products in single precision.
func (e *Ensemble) prepareSingle() {
	e.half = make([]float64, e.n)
	for k := range e.n {
		row := e.conformer(k)
		e.half[k] = dot(row, row) / 2
		e.longest = max(e.longest, math.Sqrt(2*e.half[k]))
		e.spread = max(e.spread, math.Abs(e.constant[k]))
	}
	if e.n <= few || !(e.longest < longestSingle) {
		return
	}
	e.single = panel.NewMatrix(e.n, e.dim)
	for k := range e.n {
		row := e.single.Row(k)
		for j, v := range e.conformer(k) {
			row[j] = float32(v)
		}
	}
}

func (e *Ensemble) conformer(k int) []float64 { return e.y[k*e.dim : (k+1)*e.dim] }

// slab is the memory for some rows of a batch, panels of them side by side.
type slab struct {
	shifted   []float64      // coordinates less the centre
	x, w, sum [][]float32    // panels of coordinates, weights, sums
	marks     [][]uint16     // the lanes in which a conformer may count; nil: in none
	found     [][]candidates // of the lanes of a panel, for each stretch of conformers
	refined   []bool         // rows whose weights are taken again in double precision
	total     []float64      // of the weights
	offset    []float32
}

func (e *Ensemble) newSlab(rows int) *slab {
	s := &slab{
		shifted: make([]float64, rows*e.dim), refined: make([]bool, rows), total: make([]float64, rows), offset: make([]float32, e.n),
	}
	for range (rows + panel.Lanes - 1) / panel.Lanes {
		s.x = append(s.x, make([]float32, e.dim*panel.Lanes))
		s.w = append(s.w, make([]float32, panel.Round(e.n)*panel.Lanes))
		s.sum = append(s.sum, make([]float32, panel.Round(e.dim)*panel.Lanes))
		s.marks = append(s.marks, nil)
		for range e.stretches() {
			s.found = append(s.found, make([]candidates, panel.Lanes))
		}
	}
	return s
}

func (e *Ensemble) stretches() int { return (e.n + stretch - 1) / stretch }

// Denoise is Eq. (10).
func (e *Ensemble) Denoise(ctx context.Context, dst, x []float64, batch int, sigma float64) error {
	return e.DenoiseOn(ctx, par.New(1), dst, x, batch, sigma)
}

// DenoiseOn is Denoise on a pool: two products of matrices in single precision
// and an exponential for each row and conformer; and for rows whose weights ask
// for it, the distances of the conformers that count in double precision.
func (e *Ensemble) DenoiseOn(ctx context.Context, pool *par.Pool, dst, x []float64, batch int, sigma float64) error {
	if e.single == nil {
		scratch := make([]candidates, pool.Threads())
		pool.Workers(batch, func(worker, r int) {
			e.denoiseDouble(&scratch[worker], dst[r*e.dim:(r+1)*e.dim], x[r*e.dim:(r+1)*e.dim], sigma)
		})
		return ctx.Err()
	}
	rows := min(batch, max(slabWeights/e.n/panel.Lanes, 1)*panel.Lanes)
	s, _ := e.spare.Get().(*slab)
	if s == nil || len(s.total) < rows {
		s = e.newSlab(rows)
	}
	defer e.spare.Put(s)
	for from := 0; from < batch; from += rows {
		to := min(batch, from+rows)
		if err := e.denoiseSlab(ctx, pool, s, dst[from*e.dim:to*e.dim], x[from*e.dim:to*e.dim], to-from, sigma); err != nil {
			return err
		}
	}
	return nil
}

// denoiseSlab is Denoise of at most as many rows as the slab has.
func (e *Ensemble) denoiseSlab(ctx context.Context, pool *par.Pool, s *slab, dst, x []float64, rows int, sigma float64) error {
	total := float64(sigma*sigma) + float64(e.bandwidth*e.bandwidth)
	keep := float64(e.bandwidth*e.bandwidth) / total
	panels := (rows + panel.Lanes - 1) / panel.Lanes
	w, sum := s.w[:panels], s.sum[:panels]
	for k, c := range e.constant {
		s.offset[k] = float32(c - e.half[k]/total)
	}
	pool.For(panels, func(p int) {
		for r := p * panel.Lanes; r < min(rows, (p+1)*panel.Lanes); r++ {
			for j, c := range e.centre {
				v := x[r*e.dim+j] - c
				s.shifted[r*e.dim+j] = v
				s.x[p][j*panel.Lanes+r%panel.Lanes] = float32(v)
			}
		}
	})
	e.single.Dots(pool, w, s.x[:panels])
	if err := ctx.Err(); err != nil {
		return err
	}
	pool.For(panels, func(p int) { e.weigh(s, p, min(rows-p*panel.Lanes, panel.Lanes), total) })
	pool.For(panels*e.stretches(), func(block int) { e.measure(s, block, total) })
	if err := ctx.Err(); err != nil {
		return err
	}
	scratch := make([]candidates, pool.Threads())
	pool.Workers(rows, func(worker, r int) {
		if s.refined[r] {
			e.refine(s, &scratch[worker], r, dst[r*e.dim:(r+1)*e.dim], keep)
		}
	})
	e.single.Sums(pool, sum, w)
	pool.For(rows, func(r int) {
		if s.total[r] == 0 {
			return // in double precision
		}
		per := (1 - keep) / s.total[r]
		for j, c := range e.centre {
			mean := float64(per * float64(sum[r/panel.Lanes][j*panel.Lanes+r%panel.Lanes]))
			dst[r*e.dim+j] = c + float64(keep*s.shifted[r*e.dim+j]) + mean
		}
	})
	return nil
}

// weigh turns the scalar products of a panel into weights, and marks the
// conformers that may count in the rows of which single precision is not enough;
// such rows have weights of 0.
func (e *Ensemble) weigh(s *slab, p, rows int, total float64) {
	largest := panel.Scores(s.w[p], s.offset, float32(1/total))
	var bound [panel.Lanes]float32
	var all uint16 // the lanes of rows that single precision cannot hold
	refine := false
	for l := range bound {
		bound[l] = float32(math.Inf(1))
		if l >= rows {
			largest[l] = float32(math.Inf(1)) // a row of nothing
			continue
		}
		r := p*panel.Lanes + l
		probable, certain := e.singleError(s.shifted[r*e.dim:(r+1)*e.dim], total)
		if s.refined[r] = !(probable <= trusted); s.refined[r] {
			refine = true
			bound[l] = float32(float64(largest[l]) + least - 2*certain)
			largest[l] = float32(math.Inf(1))
			if math.IsInf(certain, 1) {
				all |= 1 << l
			}
		}
	}
	if s.marks[p] = s.marks[p][:0]; refine {
		s.marks[p] = slices.Grow(s.marks[p], e.n)[:e.n]
		panel.Marks(s.marks[p], s.w[p], &bound)
		for k := range s.marks[p] {
			s.marks[p][k] |= all
		}
	}
	sums := panel.Weights(s.w[p], e.n, &largest)
	for l := range rows {
		s.total[p*panel.Lanes+l] = sums[l]
	}
}

// measure finds the logarithms of the weights, but for a factor, of the marked
// conformers of a stretch in the rows of a panel.
func (e *Ensemble) measure(s *slab, block int, total float64) {
	p, from := block/e.stretches(), block%e.stretches()*stretch
	if len(s.marks[p]) == 0 {
		return
	}
	found := s.found[block]
	for l := range found {
		found[l].clear()
	}
	for k := from; k < min(e.n, from+stretch); k++ {
		for lanes := s.marks[p][k]; lanes != 0; lanes &= lanes - 1 {
			l := bits.TrailingZeros16(lanes)
			r := p*panel.Lanes + l
			found[l].add(k, e.logWeight(s.shifted[r*e.dim:(r+1)*e.dim], k, total))
		}
	}
}

// refine takes the weights of a row from the distances measured, and its sum too
// if few conformers count. Else it puts the weights where those of single precision
// would stand.
func (e *Ensemble) refine(s *slab, c *candidates, r int, dst []float64, keep float64) {
	p, l := r/panel.Lanes, r%panel.Lanes
	c.clear()
	for i := range e.stretches() {
		from := &s.found[p*e.stretches()+i][l]
		c.which, c.weight = append(c.which, from.which...), append(c.weight, from.weight...)
	}
	c.exponentiate()
	if len(c.which) <= few {
		e.sumDouble(c, dst, s.shifted[r*e.dim:(r+1)*e.dim], keep)
		s.total[r] = 0
		return
	}
	for i, k := range c.which {
		v := float32(c.weight[i])
		s.w[p][int(k)*panel.Lanes+l] = v
		s.total[r] += float64(v)
	}
}

// singleError returns the errors of the logarithms of a row's weights by single
// precision, Eqs. (19) and (20): the probable one and the largest possible one.
func (e *Ensemble) singleError(shifted []float64, total float64) (probable, certain float64) {
	length := math.Sqrt(dot(shifted, shifted))
	if !(length < longestSingle) {
		return math.Inf(1), math.Inf(1)
	}
	d := float64(e.dim)
	root := math.Sqrt(d)
	probable = (root + 8) * roundoff * ((e.longest+4*length/root)*e.longest/total + e.spread)
	certain = (d + 8) * roundoff * ((e.longest+length)*e.longest/total + e.spread)
	return probable, certain
}

// candidates are conformers that may count in a row, and their weights.
type candidates struct {
	which  []int32
	weight []float64 // until exponentiate the logarithm, but for a constant
}

func (c *candidates) clear() { c.which, c.weight = c.which[:0], c.weight[:0] }

func (c *candidates) add(k int, log float64) {
	c.which, c.weight = append(c.which, int32(k)), append(c.weight, log)
}

// exponentiate turns logarithms into weights, of which the largest is 1, and
// leaves out those that do not count.
func (c *candidates) exponentiate() {
	largest := math.Inf(-1)
	for _, v := range c.weight {
		largest = max(largest, v)
	}
	count := 0
	for i, k := range c.which {
		if v := c.weight[i] - largest; !(v < least) { // NaN goes on
			c.which[count], c.weight[count] = k, fmath.Exp(v)
			count++
		}
	}
	c.which, c.weight = c.which[:count], c.weight[:count]
}

// logWeight is the logarithm of a weight, in double precision.
func (e *Ensemble) logWeight(shifted []float64, k int, total float64) float64 {
	return e.constant[k] - panel.Distance2(shifted, e.conformer(k))/(2*total)
}

// denoiseDouble is Denoise of one row by distances from all conformers.
func (e *Ensemble) denoiseDouble(c *candidates, dst, x []float64, sigma float64) {
	s2, b2 := float64(sigma*sigma), float64(e.bandwidth*e.bandwidth)
	c.clear()
	shifted := make([]float64, e.dim)
	for j, m := range e.centre {
		shifted[j] = x[j] - m
	}
	for k := range e.n {
		c.add(k, e.logWeight(shifted, k, s2+b2))
	}
	c.exponentiate()
	e.sumDouble(c, dst, shifted, b2/(s2+b2))
}

// sumDouble is the sum of Eq. (10) in double precision.
func (e *Ensemble) sumDouble(c *candidates, dst, shifted []float64, keep float64) {
	clear(dst)
	var sum float64
	for i, k := range c.which {
		w := c.weight[i]
		sum += w
		for j, y := range e.conformer(int(k)) {
			dst[j] += float64(w * y)
		}
	}
	for j, m := range e.centre {
		mean := float64((1 - keep) / sum * dst[j])
		dst[j] = m + float64(keep*shifted[j]) + mean
	}
}
