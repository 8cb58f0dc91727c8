package eigen

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"runlua/kernels/par"
)

// epsilon is half the distance from 1 to the next float64.
const epsilon = 0x1p-53

// random returns a symmetric matrix of normal numbers.
func random(r *rand.Rand, n int) []float64 {
	return fill(n, func(_, _ int) float64 { return r.NormFloat64() })
}

// fill returns the symmetric matrix of f(i, j), j ≤ i.
func fill(n int, f func(i, j int) float64) []float64 {
	a := make([]float64, n*n)
	for i := range n {
		for j := range i + 1 {
			a[i*n+j] = f(i, j)
			a[j*n+i] = a[i*n+j]
		}
	}
	return a
}

func solve(t testing.TB, a []float64, n, threads int) (values, vectors []float64) {
	t.Helper()
	vectors = slices.Clone(a)
	values, err := Symmetric(context.Background(), par.New(threads), vectors, n)
	if err != nil {
		t.Fatal(err)
	}
	return values, vectors
}

// norm is that of Frobenius.
func norm(a []float64) float64 {
	var largest, s float64
	for _, v := range a {
		largest = max(largest, math.Abs(v))
	}
	if largest == 0 {
		return 0
	}
	for _, v := range a {
		s += v / largest * (v / largest)
	}
	return largest * math.Sqrt(s)
}

// check tests what every answer must fulfil: A q = λ q and Q Qᵀ = 1 to tens of
// roundings of the norm (the constant in n ε of LAPACK's own tests is 30, with
// norms of 1), values ascending, signs as promised.
func check(t *testing.T, a, values, q []float64, n int) {
	t.Helper()
	tolerance := 30 * epsilon * math.Sqrt(float64(n))
	m, v := mat.NewDense(n, n, a), mat.NewDense(n, n, q)
	var left, right, square mat.Dense
	left.Mul(v, m)
	right.Mul(mat.NewDiagDense(n, values), v)
	left.Sub(&left, &right)
	scale := norm(a)
	if r := norm(left.RawMatrix().Data); r > tolerance*scale {
		t.Errorf("n = %d: |QA − ΛQ| = %.2g |A|, want at most %.2g", n, r/scale, tolerance)
	}
	square.Mul(v, v.T())
	for i := range n {
		square.Set(i, i, square.At(i, i)-1)
	}
	if r := norm(square.RawMatrix().Data); r > tolerance*math.Sqrt(float64(n)) {
		t.Errorf("n = %d: |QQᵀ − 1| = %.2g, want at most %.2g", n, r, tolerance*math.Sqrt(float64(n)))
	}
	if !slices.IsSorted(values) {
		t.Errorf("n = %d: the eigenvalues do not ascend", n)
	}
	for k := range n {
		var largest float64
		for _, x := range q[k*n : (k+1)*n] {
			if math.Abs(x) > math.Abs(largest) {
				largest = x
			}
		}
		if !(largest > 0) {
			t.Errorf("n = %d: the largest component of vector %d is %v", n, k, largest)
		}
	}
}

// kinds are matrices that are hard in different ways.
var kinds = map[string]func(n int) []float64{
	"random":   func(n int) []float64 { return random(rand.New(rand.NewPCG(1, uint64(n))), n) },
	"zero":     func(n int) []float64 { return make([]float64, n*n) },
	"identity": func(n int) []float64 { return fill(n, func(i, j int) float64 { return delta(i, j) }) },
	"ones":     func(n int) []float64 { return fill(n, func(_, _ int) float64 { return 1 }) },
	"Hilbert":  func(n int) []float64 { return fill(n, func(i, j int) float64 { return 1 / float64(i+j+1) }) },
	"path":     path,
	"diagonal": func(n int) []float64 {
		return fill(n, func(i, j int) float64 { return delta(i, j) * float64((7*i)%n-n/2) })
	},
	"falling": func(n int) []float64 {
		return fill(n, func(i, j int) float64 { return math.Exp2(float64(-i - j)) })
	},
	"rising": func(n int) []float64 {
		return fill(n, func(i, j int) float64 { return math.Exp2(float64(i + j - 2*n)) })
	},
	"blocks": func(n int) []float64 { // equal ones, unlinked: each eigenvalue many times
		return fill(n, func(i, j int) float64 {
			if i/3 != j/3 {
				return 0
			}
			return 1 / float64(i%3+j%3+1)
		})
	},
	// Wilkinson's W⁺: its large eigenvalues come in pairs that no float64 parts.
	"Wilkinson": func(n int) []float64 {
		return fill(n, func(i, j int) float64 {
			switch i - j {
			case 0:
				return math.Abs(float64(i) - float64(n-1)/2)
			case 1:
				return 1
			}
			return 0
		})
	},
	"huge": func(n int) []float64 {
		return fill(n, func(i, j int) float64 { return 0x1p1000 / float64(i+j+1) })
	},
	"tiny": func(n int) []float64 { return fill(n, func(i, j int) float64 { return 0x1p-1000 * float64(i-2*j) }) },
	"apart": func(n int) []float64 {
		return fill(n, func(i, j int) float64 { return math.Exp2(float64(-300 * ((i * j) % 4))) })
	},
}

func delta(i, j int) float64 {
	if i == j {
		return 1
	}
	return 0
}

// path is the Laplacian of a chain of n.
func path(n int) []float64 {
	return fill(n, func(i, j int) float64 {
		switch {
		case i == j && (i == 0 || i == n-1) && n > 1:
			return 1
		case i == j && n > 1:
			return 2
		case i == j+1:
			return -1
		}
		return 0
	})
}

func TestVectorsAndValuesBelongToTheMatrix(t *testing.T) {
	for name, f := range kinds {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{1, 2, 3, 4, 5, 31, 32, 33, 34, 63, 65, 66, 98, 131} {
				a := f(n)
				values, q := solve(t, a, n, 2)
				check(t, a, values, q, n)
			}
		})
	}
}

// Where the spectrum is known: 4 sin²(πk/2n) of a path; n and n−1 zeros of ones;
// those of the block of 3 × 3, each n/3 times.
func TestKnownSpectra(t *testing.T) {
	const n = 90
	block, _ := solve(t, kinds["Hilbert"](3), 3, 1)
	for name, want := range map[string]func(k int) float64{
		"path":     func(k int) float64 { s := math.Sin(math.Pi * float64(k) / (2 * n)); return 4 * s * s },
		"ones":     func(k int) float64 { return n * delta(k, n-1) },
		"identity": func(int) float64 { return 1 },
		"zero":     func(int) float64 { return 0 },
		"blocks":   func(k int) float64 { return block[k/(n/3)] },
		"diagonal": func(k int) float64 { return float64(k - n/2) }, // 7 and 90 have no common factor
	} {
		a := kinds[name](n)
		values, _ := solve(t, a, n, 1)
		for k, v := range values {
			// n ε |A| at worst; that of ones, whose roundings all go one way, comes near.
			if w := want(k); math.Abs(v-w) > n*epsilon*norm(a) {
				t.Errorf("%s: eigenvalue %d is %v, want %v", name, k, v, w)
			}
		}
	}
}

// The path's vectors are cos(πk(i + 1/2)/n).
func TestPathVectorsAreCosines(t *testing.T) {
	const n = 50
	_, q := solve(t, path(n), n, 1)
	for k := range n {
		var along float64
		for i := range n {
			c := math.Cos(math.Pi * float64(k) * (float64(i) + 0.5) / n)
			along += c * q[k*n+i]
		}
		want := math.Sqrt(n / 2.)
		if k == 0 {
			want = math.Sqrt(n)
		}
		// The nearest eigenvalues are π²/n² apart, 4e-3: roundings of 1e-15 grow to 1e-12 at most.
		if math.Abs(math.Abs(along)-want) > 1e-10 {
			t.Errorf("vector %d: %v along the cosine, want ±%v", k, along, want)
		}
	}
}

// The vectors of two by two have two components of one magnitude, up to roundings,
// so the sign is not compared.
func TestTwoByTwoReadsTheLowerTriangle(t *testing.T) {
	values, q := solve(t, []float64{1, math.NaN(), 2, 1}, 2, 1) // the upper triangle is not read
	h := math.Sqrt(0.5)
	for k, want := range []float64{-1, 3} {
		if values[k] != want { // every step is exact
			t.Errorf("eigenvalue %d is %v, want %v", k, values[k], want)
		}
	}
	for j, want := range []float64{h, h, h, h} {
		if math.Abs(math.Abs(q[j])-want) > 4*epsilon {
			t.Errorf("component %d is %v, want ±%v", j, q[j], want)
		}
	}
}

func TestSignTakesTheFirstOfTheLargest(t *testing.T) {
	for _, c := range [][2][]float64{
		{{1, -2, 2}, {-1, 2, -2}},
		{{-1, 2, -2}, {-1, 2, -2}},
		{{-3, 1, 3}, {3, -1, -3}},
		{{0, 0}, {0, 0}},
	} {
		if fixSign(c[0]); !slices.Equal(c[0], c[1]) {
			t.Errorf("%v, want %v", c[0], c[1])
		}
	}
}

// gonum's is another program with the same algorithm for the values; its vectors
// agree where the eigenvalues are apart.
func TestGonumFindsTheSame(t *testing.T) {
	for _, n := range []int{7, 40, 150} {
		a := random(rand.New(rand.NewPCG(7, uint64(n))), n)
		values, q := solve(t, a, n, 2)
		var e mat.EigenSym
		if !e.Factorize(mat.NewSymDense(n, slices.Clone(a)), true) {
			t.Fatal("gonum's did not converge")
		}
		var theirs mat.Dense
		e.VectorsTo(&theirs)
		for k, want := range e.Values(nil) {
			tolerance := 10 * epsilon * norm(a)
			if math.Abs(values[k]-want) > tolerance {
				t.Errorf("n = %d: eigenvalue %d is %v, by gonum %v", n, k, values[k], want)
			}
			gap := math.Inf(1)
			for l, v := range values {
				if l != k {
					gap = min(gap, math.Abs(v-values[k]))
				}
			}
			column := mat.Col(nil, k, &theirs)
			fixSign(column)
			for j, x := range column {
				if math.Abs(q[k*n+j]-x) > 10*tolerance/gap {
					t.Fatalf("n = %d: component %d of vector %d is %v, by gonum %v", n, j, k, q[k*n+j], x)
				}
			}
		}
	}
}

func TestSameBitsForAnyNumberOfThreads(t *testing.T) {
	for _, n := range []int{5, 67, 230} {
		a := random(rand.New(rand.NewPCG(3, uint64(n))), n)
		values, q := solve(t, a, n, 1)
		for _, threads := range []int{2, 3, 8} {
			v, w := solve(t, a, n, threads)
			if !slices.Equal(v, values) || !slices.Equal(w, q) {
				t.Errorf("n = %d: %d threads and one give different bits", n, threads)
			}
		}
	}
}

// A power of two is taken out and put back, so it changes no other bit.
func TestPowersOfTwoPassThrough(t *testing.T) {
	const n = 20
	a := random(rand.New(rand.NewPCG(5, 5)), n)
	values, q := solve(t, a, n, 1)
	for _, k := range []int{-900, -1, 3, 900} {
		b := slices.Clone(a)
		for i := range b {
			b[i] = math.Ldexp(b[i], k)
		}
		v, w := solve(t, b, n, 1)
		for i := range v {
			v[i] = math.Ldexp(v[i], -k)
		}
		if !slices.Equal(v, values) || !slices.Equal(w, q) {
			t.Errorf("2^%d A has other eigenvectors, or eigenvalues that differ by more than the factor", k)
		}
	}
}

func TestMatricesWithoutAnAnswerAreRefused(t *testing.T) {
	for _, c := range []struct {
		a    []float64
		want string
	}{
		{[]float64{1, 0, math.NaN(), 1}, "must be finite, got NaN at [1][0]"},
		{[]float64{math.Inf(-1)}, "must be finite, got -Inf at [0][0]"},
		{[]float64{0x1.8p1023, 0, 0x1.8p1023, 0x1.8p1023}, "eigenvalue 2 of 2 is too large"},
	} {
		n := int(math.Sqrt(float64(len(c.a))))
		if _, err := Symmetric(context.Background(), par.New(1), c.a, n); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.a, err, c.want)
		}
	}
	if v, err := Symmetric(context.Background(), par.New(1), nil, 0); err != nil || len(v) != 0 {
		t.Errorf("the empty matrix: %v, %v", v, err)
	}
}

// A context that ends after any number of looks at it makes an error, and soon.
func TestStopsWithTheContext(t *testing.T) {
	const n = 70
	a := random(rand.New(rand.NewPCG(9, 9)), n)
	for looks := 0; ; looks++ {
		ctx := &patience{Context: context.Background(), left: looks}
		_, err := Symmetric(ctx, par.New(1), slices.Clone(a), n)
		if err == nil {
			if looks < n {
				t.Errorf("it looked %d times", looks)
			}
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("after %d looks: %v", looks, err)
		}
		if ctx.over > n {
			t.Fatalf("after %d looks it looked %d times more before it stopped", looks, ctx.over)
		}
	}
}

// Each stage looks at the context as it works: the reduction once a column and
// once a row of tiles, the others once a group of rows.
func TestEachStageLooksAtTheContext(t *testing.T) {
	const n, many = 150, 1 << 30
	a := random(rand.New(rand.NewPCG(9, 9)), n)
	d, e, tau := make([]float64, n), make([]float64, n), make([]float64, n)
	ctx, pool := &patience{Context: context.Background(), left: many}, par.New(1)
	stage := func(name string, least int, err error) {
		if looks := many - ctx.left; err != nil || looks < least {
			t.Errorf("%s: %d looks, want at least %d; %v", name, looks, least, err)
		}
		ctx.left = many
	}
	stage("reduction", n-1+n/panel, reduce(ctx, pool, a, n, d, e, tau))
	stage("accumulation", n/group*n/panel/2, accumulate(ctx, pool, a, n, tau))
	stage("rotations", n/4, (&rotations{}).apply(ctx, pool, a, n))
}

// patience is a context that ends after so many looks.
type patience struct {
	context.Context
	left, over int
}

func (p *patience) Err() error {
	if p.left > 0 {
		p.left--
		return nil
	}
	p.over++
	return context.Canceled
}
