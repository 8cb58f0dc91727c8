package diffusion

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"runlua/kernels/eigen"
	"runlua/kernels/par"
)

// MaxAtoms bounds elastic networks: their matrices are dense.
const MaxAtoms = 1500

// NetworkOptions are those of NewANM and NewGNM.
type NetworkOptions struct {
	Cutoff float64 // Å: atoms nearer to each other than this are linked; 0: 15 for ANM, 10 for GNM
	// Scale is kT/γ of Eqs. (13) and (15), Å². 0: 1, unless RMSF is given.
	Scale float64
	// RMSF, Å, sets Scale so that the root mean square fluctuation over all
	// atoms has this value. 0: none.
	RMSF float64
}

// A Network is the denoiser of an elastic network around the coordinates of a
// structure: anisotropic (ANM, Eqs. (12) and (13)) or Gaussian (GNM, Eqs. (14)
// and (15)). The walk goes along its modes; Decode turns them into coordinates.
type Network struct {
	modes
	kind    string
	coords  []float64 // 3n
	values  []float64 // eigenvalues of the modes, ascending
	vectors []float64 // [mode][n·k]: k = 3 for ANM, 1 for GNM
	opts    NetworkOptions
	plain   map[string]any
}

// NewANM returns the denoiser of the anisotropic network of coords, x0 y0 z0 x1
// …, Å. The Hessian is dense: memory grows as the square of the atoms, time as
// the cube. NewANM stops soon after ctx ends and returns its error.
func NewANM(ctx context.Context, pool *par.Pool, coords []float64, opts NetworkOptions) (*Network, error) {
	n, err := newNetwork("anm", coords, &opts, 15)
	if err != nil {
		return nil, err
	}
	size := len(coords)
	h := make([]float64, size*size)
	err = n.links(func(i, j int, d [3]float64, d2 float64) {
		for a := range 3 { // Eq. (12)
			for b := range 3 {
				k := d[a] * d[b] / d2
				h[(3*j+b)*size+3*i+a] = -k // the lower triangle, since j > i
				h[(3*i+a)*size+3*i+b] += k
				h[(3*j+a)*size+3*j+b] += k
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return n, n.solve(ctx, pool, h, 6)
}

// NewGNM is NewANM for the Gaussian network: every atom fluctuates alike in all
// directions.
func NewGNM(ctx context.Context, pool *par.Pool, coords []float64, opts NetworkOptions) (*Network, error) {
	n, err := newNetwork("gnm", coords, &opts, 10)
	if err != nil {
		return nil, err
	}
	size := len(coords) / 3
	k := make([]float64, size*size)
	err = n.links(func(i, j int, _ [3]float64, _ float64) { // Eq. (14)
		k[j*size+i] = -1
		k[i*size+i]++
		k[j*size+j]++
	})
	if err != nil {
		return nil, err
	}
	return n, n.solve(ctx, pool, k, 1)
}

func newNetwork(kind string, coords []float64, opts *NetworkOptions, cutoff float64) (*Network, error) {
	if len(coords)%3 != 0 {
		return nil, &ParamError{"coordinates", "must be three for each atom", strconv.Itoa(len(coords)), ""}
	}
	if n := len(coords) / 3; n < 3 || n > MaxAtoms {
		return nil, &ParamError{"atoms", fmt.Sprintf("must be from 3 to %d", MaxAtoms), strconv.Itoa(n), "one atom a residue, CA, is the usual choice"}
	}
	if err := checkFinite("coordinates", coords); err != nil {
		return nil, err
	}
	for _, p := range []struct {
		name  string
		value *float64
		auto  float64
	}{{"cutoff", &opts.Cutoff, cutoff}, {"scale", &opts.Scale, 0}, {"rmsf", &opts.RMSF, 0}} {
		if *p.value == 0 {
			*p.value = p.auto
		}
		if !(*p.value >= 0) || !isFinite(*p.value) {
			return nil, &ParamError{p.name, "must be positive", formatFloat(*p.value), ""}
		}
	}
	if opts.Scale != 0 && opts.RMSF != 0 {
		return nil, &ParamError{"rmsf", "must not be given beside scale", formatFloat(opts.RMSF), "one follows from the other"}
	}
	return &Network{kind: kind, coords: slices.Clone(coords), opts: *opts}, nil
}

// links calls f for each pair i < j within the cutoff, and refuses atoms in one
// place and networks in pieces.
func (n *Network) links(f func(i, j int, d [3]float64, d2 float64)) error {
	atoms := n.Atoms()
	piece := make([]int, atoms) // union and find
	for i := range piece {
		piece[i] = i
	}
	root := func(i int) int {
		for piece[i] != i {
			i = piece[i]
		}
		return i
	}
	for i := range atoms {
		for j := i + 1; j < atoms; j++ {
			var d [3]float64
			var d2 float64
			for axis := range d {
				d[axis] = n.coords[3*j+axis] - n.coords[3*i+axis]
				d2 += float64(d[axis] * d[axis])
			}
			if d2 == 0 {
				return &ParamError{"coordinates", "must differ from atom to atom", fmt.Sprintf("atoms %d and %d in one place", i+1, j+1), ""}
			}
			if math.Sqrt(d2) > n.opts.Cutoff {
				continue
			}
			f(i, j, d, d2)
			piece[root(j)] = root(i)
		}
	}
	count, first := 0, -1
	for i := range piece {
		if piece[i] == i {
			count++
		}
		if first < 0 && root(i) != root(0) {
			first = i
		}
	}
	if count > 1 {
		return &ParamError{"cutoff", "must link all atoms to one network", fmt.Sprintf("%d pieces at %s Å: no chain of links leads from atom 1 to atom %d", count, formatFloat(n.opts.Cutoff), first+1), "raise the cutoff, or select the chains that touch"}
	}
	return nil
}

// zeroMode is the part of the largest eigenvalue below which a mode counts as
// one without restoring force. The stiffest mode of a network grows with the
// neighbours of an atom, its softest falls as the fourth power of its length,
// which MaxAtoms bounds; roundings are some 1e-15 of the largest.
const zeroMode = 1e-10

// solve finds the modes of the matrix whose lower triangle k has, in its place.
// The given number of them must be without restoring force: those that move or
// turn the whole.
func (n *Network) solve(ctx context.Context, pool *par.Pool, k []float64, rigid int) error {
	size := len(n.coords)
	if n.kind == "gnm" {
		size /= 3
	}
	values, err := eigen.Symmetric(ctx, pool, k, size)
	if err != nil {
		return fmt.Errorf("diffusion: the modes of a network of %d atoms: %w", n.Atoms(), err)
	}
	zeros := 0
	for zeros < size && values[zeros] < zeroMode*values[size-1] {
		zeros++
	}
	if zeros != rigid {
		return &ParamError{"cutoff", fmt.Sprintf("must make a network with %d modes without restoring force", rigid), fmt.Sprintf("%d at %s Å", zeros, formatFloat(n.opts.Cutoff)), "some atoms have too few neighbours to be held: raise the cutoff"}
	}
	n.values = values[rigid:]
	n.vectors = k[rigid*size:]
	n.repeat = 1
	if n.kind == "gnm" {
		n.repeat = 3
	}
	var inverse float64
	for _, v := range n.values {
		inverse += 1 / v
	}
	scale := n.opts.Scale
	switch {
	case n.opts.RMSF != 0:
		scale = n.opts.RMSF * n.opts.RMSF * float64(n.Atoms()) / (float64(n.repeat) * inverse)
	case scale == 0:
		scale = 1
	}
	n.opts.Scale = scale
	for _, v := range n.values {
		n.variance = append(n.variance, scale/v)
	}
	n.plain = map[string]any{
		"kind": n.kind, "atoms": float64(n.Atoms()), "cutoff": n.opts.Cutoff, "scale": scale,
		"coordinates": digestOf(n.coords), "modes": digestOf(n.values, n.vectors),
	}
	return nil
}

// Atoms returns the number of atoms.
func (n *Network) Atoms() int { return len(n.coords) / 3 }

// Width is three coordinates for each atom.
func (n *Network) Width() int { return len(n.coords) }

// Equivariant is false: the structure stands where it stands.
func (n *Network) Equivariant() bool { return false }

// Plain describes n. The digest of the modes is part of it: where the
// processor's arithmetic gives others, samples would not be the same.
func (n *Network) Plain() map[string]any { return n.plain }

// Scale returns kT/γ, Å².
func (n *Network) Scale() float64 { return n.opts.Scale }

// Eigenvalues returns those of the Hessian (ANM) or Kirchhoff matrix (GNM),
// ascending, without the modes that move or turn the whole.
func (n *Network) Eigenvalues() []float64 { return slices.Clone(n.values) }

// Decode adds to the structure its displacement along the modes.
func (n *Network) Decode(dst, x []float64) {
	size := len(n.vectors) / len(n.values)
	copy(dst, n.coords)
	for m := range n.values {
		row := n.vectors[m*size : (m+1)*size]
		if n.repeat == 1 {
			for j, u := range row {
				dst[j] += float64(x[m] * u)
			}
			continue
		}
		for i, u := range row {
			for axis := range 3 {
				dst[3*i+axis] += float64(x[3*m+axis] * u)
			}
		}
	}
}

// BFactors returns 8π²⟨u²⟩/3 of each atom, Å², Eq. (18).
func (n *Network) BFactors() []float64 {
	size := len(n.vectors) / len(n.values)
	perAtom := size / n.Atoms()
	out := make([]float64, n.Atoms())
	for m, v := range n.variance {
		row := n.vectors[m*size : (m+1)*size]
		for j, u := range row {
			out[j/perAtom] += float64(float64(n.repeat) * v * u * u)
		}
	}
	for i := range out {
		out[i] *= 8 * math.Pi * math.Pi / 3
	}
	return out
}
