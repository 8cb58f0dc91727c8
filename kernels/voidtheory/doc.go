// Package voidtheory is the void size function of Jennings, Li & Hu 2013,
// MNRAS 434, 2167 (arXiv:1304.6087), called Vdn: the excursion set of two
// barriers with the volume fraction of voids conserved.
//
// # Spherical expansion
//
// A shell that encloses a fixed mass, of comoving radius R today and R_L long
// ago, y = R/R_L, obeys (Peebles 1980, §19, with ' = d/dlna)
//
//	y'' + (2 + dlnE/dlna) y' = (1/2) Ω_m(a) (y - y⁻²)                  (1)
//	1 + Δ = y⁻³                                                        (2)
//
// so that at a threshold t the Eulerian radius is R = (1+t)^(-1/3) R_L whatever
// the cosmology: 1.494 R_L at t = -0.7. The barrier δ_v is the linear contrast
// of the shell that reaches Δ = t at a. It is followed from a_i where the
// contrast is δ_i = δ_v D(a_i)/D(a), small, and
//
//	y = 1 - δ_i/3 - δ_i²/21                                            (3)
//
// is its second-order growing mode under matter. Under a modified gravity without
// scale, μ(a) multiplies the right side of (1), and D is its own, from the redshift
// on at which it sets in: δ_v moves by some parts in a thousand. A shell of a
// gravity with a scale has no equation of its own, as it depends on what is around
// it; there the barrier is that of general relativity and only σ is not. Under matter alone (1) has the
// solution
//
//	1 + Δ = (9/2) (sinh η - η)²/(cosh η - 1)³                          (4)
//	δ_v = -(3/20) [6 (sinh η - η)]^(2/3)
//
// which gives -1.796 at -0.7 and, where shells cross (Δ = -0.795), -2.717; ΛCDM
// is a few parts in a thousand from it.
//
// # Two barriers
//
// A point belongs to a void if, smoothed on ever smaller scales, its linear
// contrast crosses δ_v before it crosses δ_c, where the void would be crushed
// within a halo (Sheth & van de Weygaert 2004, MNRAS 350, 517). With
//
//	D = |δ_v|/(δ_c + |δ_v|),  x = D σ/|δ_v|                            (5)
//
// the share of volume in voids of dlnσ is
//
//	f(σ) = 2 Σ_(j≥1) exp(-(jπx)²/2) jπ x² sin(jπD)                     (6)
//
// whose integral over all lnσ is 1 - D = δ_c/(δ_c + |δ_v|). For small x the
// same sum is that of the mirror images of one barrier in the other,
//
//	f(σ) = √(2/π) Σ_n (D+2n)/x exp(-(D+2n)²/(2x²))                     (7)
//
// n over all integers. Multiplicity takes (6) above x = 1/2 and (7) below: some
// six terms are double precision. Approximation is the paper's: the term n = 0
// of (7) up to x = 0.276 and four terms of (6) above. It is
// farthest from the sum where its parts meet: 0.07 % at the barriers of -0.7 and
// δ_c = 1.686, 0.27 % at δ_v = -2.717 and δ_c = 1.06.
//
// # Size function
//
// Linear theory counts voids of Lagrangian radius R_L,
//
//	dn_L/dlnR_L = f(σ)/V(R_L) dlnσ⁻¹/dlnR_L,  V(R) = 4πR³/3            (8)
//
// with σ that of the linear field in top-hats of R_L at the redshift asked for.
// Expanding each by R/R_L at a fixed number (the older model, SvdW) would fill
// space several times over. Vdn keeps the volume fraction instead of the number:
// V(R) dn = V(R_L) dn_L, so
//
//	dn/dlnR = f(σ)/V(R) dlnσ⁻¹/dlnR_L  at  R_L = R (1+t)^(1/3)         (9)
//
// It is a curve to put beside a measured size function, and not one that a
// finder of spheres reproduces: finders and theory differ by factors of a few,
// more where voids are rare.
package voidtheory

// Version is raised whenever the bits of a curve change.
const Version = 1
