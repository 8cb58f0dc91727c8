// Package direct evolves an isolated system of point masses by direct
// summation: each particle feels every other one.
//
// # Units
//
// Any that agree with each other and with the G of the Config; [Units] has G
// for those in which such systems are described. Positions, velocities and
// accelerations are interleaved, x0 y0 z0 x1 …, of length 3n.
//
// # Forces
//
// With the softening ε of Plummer (Aarseth 1963) and r_ij = x_j − x_i,
//
//	a_i = G Σ_{j≠i} m_j r_ij / (r_ij² + ε²)^{3/2}                (1)
//	U   = −G Σ_{i<j} m_i m_j / √(r_ij² + ε²)                     (2)
//	W   = Σ_i m_i x_i·a_i = −G Σ_{i<j} m_i m_j r_ij² / (r_ij² + ε²)^{3/2} (3)
//
// W, the virial of Clausius, is U if ε is 0. In equilibrium 2T + W = 0 for any
// ε (Binney & Tremaine 2008, §7.2.1), so the virial ratio here is 2T/|W|.
//
// # Steps
//
// The leapfrog in the form kick, drift, kick, with a constant step h:
//
//	v ← v + (h/2) a(x),   x ← x + h v,   v ← v + (h/2) a(x)      (4)
//
// It is of second order, time-reversible and symplectic: the energy error of a
// bound orbit oscillates and does not grow (Hairer, Lubich & Wanner 2003).
// Positions and velocities stand at the same time between steps; that is what
// a saved state holds. The acceleration is a function of the positions, and is
// worked out again after [Restore].
//
// # Two bodies
//
// With μ = G(m1 + m2), the relative orbit of semi-major axis s, eccentricity e
// and mean anomaly M is (Murray & Dermott 1999, §2.4)
//
//	E − e sin E = M                                              (5)
//	x = s(cos E − e),   y = s √(1−e²) sin E                      (6)
//	P = 2π √(s³/μ)                                               (7)
//
// # Plummer's sphere
//
// Aarseth, Hénon & Wielen 1974 (A&A 37, 183), appendix: the mass inside r and
// the distribution of q, a particle's speed in units of the escape speed there,
//
//	M(<r) = M r³ / (r² + s²)^{3/2}                               (8)
//	p(q) ∝ q² (1 − q²)^{7/2},  v_esc² = 2GM / √(r² + s²)         (9)
//
// The radius inverts (8), q is drawn by rejection. With G = M = 1 and
// s = 3π/16 the energy is −1/4: standard N-body units (Heggie & Mathieu 1986).
//
// # Same bits
//
// Each sum runs over j in ascending order, whatever the number of threads, and
// no product is fused with a sum. Results depend on the Config (its Pool
// excepted) and the steps alone. [Version] is raised when a change of this
// package changes those bits.
package direct

// Version is raised whenever the bits that a Config leads to change.
const Version = 2

// KernelPath names the arithmetic that the package uses: that of portable Go, by
// whatever instructions. States record it,
// and a state of another path is refused.
const KernelPath = "portable"
