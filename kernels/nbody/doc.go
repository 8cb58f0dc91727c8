// Package nbody evolves cold dark matter in a periodic box with a
// particle-mesh code: Lagrangian initial conditions, forces from a density
// mesh, and a kick-drift-kick leapfrog.
//
// # Units
//
// Lengths are comoving Mpc/h, times are 1/H0. The momentum of a particle is
// p = a² dx/dt, in Mpc/h·H0 (1 H0·Mpc/h = 100 km/s); its peculiar velocity is
// a dx/dt = p/a. Positions and momenta are interleaved, x0 y0 z0 x1 …, of
// length 3n; particle ((i·N)+j)·N+k is the one of lattice point (i, j, k) for
// as long as the simulation lives. A prime is d/dln a, E = H/H0, and D is the
// growth factor of the gravity in use.
//
// # Initial conditions
//
// The lattice of N³ particles is shifted by half a mesh cell, L/(2M), on each
// axis, and the displacements are evaluated there: on mesh points every
// particle would start on the kink of the CIC weights. With δ the linear
// density contrast at z_start, D and its derivatives as the next section says,
//
//	δ_k = √(P(k)/V) D (g1 + i g2)/√2                            (1)
//	∇²φ1 = δ,   ∇²φ2 = Σ_{i<j} (φ1,ii φ1,jj − φ1,ij²)          (2)
//	x = q − ∇φ1 + (D2/D²) ∇φ2                                   (3)
//	p = a²E [−(D'/D) ∇φ1 + (D2'/D²) ∇φ2]                        (4)
//
// (Bouchet et al. 1995; Scoccimarro 1998, appendix D; D2 < 0). Order 1, the
// Zel'dovich approximation, drops the terms in φ2. The pair g1, g2 of the
// wave-vector 2π/L (i, j, k) is one Philox block: the seed is its key, and i,
// j, k (signed) and a purpose word are its counter, so that a box with more
// particles repeats the modes of one with fewer, bit for bit. Of k and −k the
// one whose last non-zero component, in the order x, y, z, is positive is
// drawn, the other is its conjugate. Modes with a component at the Nyquist
// frequency are their own aliases and are left out, and so is k = 0.
//
// Particles may be given instead, by [NewGiven]: any number of them, from any
// program. Lattices of other programs often have a corner or a centre of a cell
// on the origin, and so all particles on points of a mesh with M = 2N: shift
// them by L/(2M) first.
//
// # What is held fixed
//
// D above and its derivatives are those of one growth, D_β of (7) in package
// cosmology under the gravity in use, or D_0 of ΛCDM with the same background:
//
//   - z_start: D_0 with D_0(1) = 1. Particles and momenta at z_start are the same
//     for every gravity, which acts from there on.
//   - sigma8: D_β, the growing mode from deep in the matter or radiation era,
//     D_β(1) = 1. Linear P(k) at z = 0 is the same for every gravity, so the
//     start differs, and f = D'/D in (4) is each gravity's own.
//   - As: D_β with the amplitude that D_0 has in the radiation era, where both are
//     1 + (3/2) μ a/a_eq times one factor. P(k) at z = 0 is D_β(1)² times
//     ΛCDM's. It takes a background with radiation.
//
// In the last two the gravity is followed from z of 10^5 and more, so a law
// that is a table must reach there. Of laws that depend on scale only z_start is
// offered: the growing mode is another at each k. D2 is the fit of package
// cosmology, exact for ΛCDM only: under μ = 1.2 in matter it is 3 % too large,
// in a term that is a hundredth of the displacement at z = 49.
//
// # Forces
//
// With CIC mass assignment (Hockney & Eastwood 1988, §5-2) and μ the
// strength of gravity relative to GR,
//
//	φ_k = −(1.5 Ω_m μ(a)/k²) δ_k                                 (5)
//	(∂φ/∂x)_i = [8(φ_{i+1} − φ_{i−1}) − (φ_{i+2} − φ_{i−2})]/12h (6)
//
// Where μ depends on k as well, μ(k, a) stands in (5), with the k of the mode.
// The gather at a particle has the weights of the deposit, so that no
// particle pulls at itself and momentum is conserved to rounding. (6) is the
// default; the spectral gradient i k φ_k, its Nyquist planes zeroed, is an
// option for smooth fields: around a point mass it rings, by a tenth of the
// force (rms within 30 cells) and by more than all of it where that is weak.
//
// # Steps
//
// The leapfrog kicks with the force at a step's edge and drifts with the
// momentum at its midpoint, which is the arithmetic mean of the edges for
// steps uniform in a and the geometric mean for steps uniform in ln a:
//
//	p += −K ∇φ,   x += W p                                       (7)
//
// In the form of Quinn et al. 1997 (astro-ph/9710043)
//
//	K = ∫ da/(a²E),   W = ∫ da/(a³E)                             (8)
//
// and with the factors of FastPM (Feng et al. 2016, arXiv:1603.00476), which
// follow linear growth exactly with steps of any length,
//
//	K = Δ(a²ED') / (a³E² [D'' + (2 + dlnE/dlna) D'])             (9)
//	W = ΔD / (a²ED')                                             (10)
//
// with the denominators taken at the a of the force and of the momentum. D
// solves each gravity's own growth equation from the D and D' of the initial
// conditions: started otherwise it would hold a decaying mode.
//
// Where μ depends on k, D is that of k → 0: ΛCDM's for the Yukawa force, which
// ends there. The force in (7) then has μ(k, a)/μ(0, a) times the pull that (9)
// divides by: modes beyond the range of the force are followed exactly, the
// others by a leapfrog of second order in the difference. With 2β² = 1/3 and 40
// steps from z = 49 their growth is within .4 % of the equation's if the steps
// are uniform in ln a. If they are uniform in a, the first doubles a, and modes
// with k near a m at the start end nearly 2 % off, at 4 a m .7 %; those of
// k > 20 a m within .2 %.
//
// The second half kick of a step and the first of the next have the same
// force and are joined, so between the steps of an [Evolution] the positions
// stand at a step's edge and the momenta at the midpoint before it. That is
// what a saved state holds; [Sim.Synchronised] gives a copy with both at the
// edge, and a finished Evolution leaves both there.
//
// # Energy
//
// Per unit mass, with averages over particles,
//
//	T = ½⟨(p/a)²⟩,   U = ½⟨φ'⟩/a                                 (11)
//
// and a(T+U) + ∫T da stays constant if μ does (Irvine 1961; Layzer 1963). φ'
// is the potential of the force in use: φ of (5) for the spectral gradient; for
// (6), which takes each k_i to κ_i = [8 sin k_i h − sin 2k_i h]/6h, it is
// φ_k k·κ/k², without which the sum is off by 3 % in a box with cells of 3 Mpc/h.
//
// # Precision
//
// With [Double], a Config's default, all numbers are float64: 48 bytes a particle and
// 8 a mesh cell. [Single], which scripts get by default, takes 24 and 4. Its arithmetic
// is the same: forces are gathered, particles kicked and moved in float64 (where there is
// AVX2 by assembly, with the same bits), the density is summed in float64. What is
// rounded is what is kept:
//
//   - A coordinate is a whole number of L/2³², wherever in the box it is: a drift
//     is off by L/2³³ at most, M/2³³ cells or 6e-8 of one on a mesh of 512³. A
//     float32 would be 256 times coarser at the far end. Cells and the distances
//     from their points are exact, and wrapping is that of the integers.
//   - A momentum is a float32, off by 2⁻²⁴ = 6e-8 of itself at a kick.
//   - The density contrast is rounded to float32 once, as are the factors of (5). The
//     transforms leave 3e-7 of the rms mode (package fft). The potential is off by
//     2⁻²⁴ of itself, of which (6) takes differences over a cell: 2⁻²⁴/kh of the force
//     of a mode, so that long waves, whose slope between cells is small against the
//     potential, leave most. Forces are off by 2e-7 to 1e-6 of their rms in all.
//
// Initial conditions are made in float64 and rounded once. A state has the precision
// among its settings. Against double precision P(k) at z = 0 differs by 1e-6 below
// half the Nyquist wave number, positions by 2e-6 of a cell rms (32³ particles, 64³
// cells), and |Σp|/Σ|p| grows to 1e-8.
//
// # Same bits
//
// Results depend on the Config (its Pool excepted) and the schedule alone:
// not on threads, nor on whether the state was saved and restored on the way,
// nor on the order in which the particles are kept: between steps they are sorted
// by cells, for the caches, and the sums of the deposit are exact. All that
// leaves the package is in the order above.
// [Version] is raised when a change of this package changes those bits.
package nbody

// Version is raised whenever the bits that a Config leads to change.
const Version = 2

// KernelPath names the arithmetic that the package uses. States record it,
// and a state of another path is refused.
const KernelPath = "portable"
