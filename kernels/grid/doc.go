// Package grid carries particles to a periodic mesh and fields of the mesh
// back to particles, by the cloud-in-cell (CIC) scheme of Hockney & Eastwood,
// Computer Simulation Using Particles (1988), §5-3.
//
// Mesh point i of an axis lies at i·h, i = 0, …, M-1, with h = L/M and L the
// side of the box. A particle at x, with i = floor(x/h) and f = x/h - i, has
// on each axis the weights
//
//	W(i) = 1-f,   W(i+1) = f                                      (1)
//
// and on the mesh their product. Deposit adds m·W to the eight mesh points
// around a particle, Gather sums W·field over the same eight with the same
// weights, so that the two are each other's transpose and a particle feels no
// force of its own.
//
// The gradient of a mesh field is the 4-point difference
//
//	∂f/∂x (i) = [8(f(i+1) - f(i-1)) - (f(i+2) - f(i-2))] / 12h    (2)
//
// which takes a mode exp(ikx) to i·[8 sin(kh) - sin(2kh)]/6h times itself.
// [Grid.GatherGradient] gathers all three components of Eq. (2) straight from
// the field: Eqs. (1) and (2) of one axis make six weights on the points i-2,
// …, i+3, in units of 1/12h
//
//	1-f,  f-8(1-f),  -8f,  8(1-f),  8f-(1-f),  -f                 (3)
//
// so that no mesh but the field's own is needed.
//
// A deposit sorts the particles by plane of cells and sums plane after plane of
// points in memory of cache size, from the particles on either side of it; whoever
// wants to work on a plane before it leaves the cache can be told when it is whole
// ([Grid.ContrastPlanes]). On processors with AVX2 deposits and gradients are done by
// assembly, with the bits of the portable code.
//
// Meshes have the layout of package fft; padding may be written, and is read where
// [Single.Extend] has filled it only. Positions are x0 y0 z0 x1 …, in the unit of the box (Mpc/h),
// each coordinate in [0, L); see [Wrap].
//
// # Fractions
//
// For meshes in single precision, [Single], a coordinate is a whole number u below
// 2^32 that stands for x = u L/2^32, so that
//
//	i = floor(uM/2^32),   f = uM/2^32 - i                         (5)
//
// are exact for any M; see [Fraction]. Weights, sums and gradients are computed in
// double precision, of fields that are not: each point of the mesh is rounded once.
//
// # Same bits
//
// A mesh depends on the set of positions, a gathered value on its own position
// only; neither depends on the order of the particles nor on the pool's threads.
// The sums of Deposit are exact: the mass of n particles and its parts by
// Eq. (1) are rounded to whole multiples of
//
//	q = 2^(e-51),   2^(e-1) ≤ n |m| < 2^e                         (4)
//
// of which any sum of them is one below 2^53 q. The eight parts of a particle add
// up to its mass exactly, and each is within 3q/2 ≤ 3n 2^-51 m of W·m: 3e-9 m for
// 128³ particles. The mass itself is off by q/2 at most where it is no multiple
// of q; in the contrast of M = 2N, and of any M/N with a power of 2 below, it is
// one.
package grid
