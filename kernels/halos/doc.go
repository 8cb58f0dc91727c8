// Package halos finds friends-of-friends groups in a periodic box of particles
// and compares their mass function with those of theory.
//
// # Groups
//
// Two of N particles in a box of side L are friends if their nearest images are
// no farther apart than the linking length,
//
//	|x_i − x_j| ≤ b L/N^(1/3)                                          (1)
//
// and a group is a largest set in which everyone is reached from everyone
// through friends (Huchra & Geller 1982, ApJ 257, 423; Davis, Efstathiou, Frenk
// & White 1985, ApJ 292, 371):
//
//	i ~ j  if  i, j are friends or i ~ k ~ j for some k                (2)
//
// That is a partition of the particles, whatever the order in which friends are
// found. Groups of at least Min particles are kept, the largest first and of
// equals the one whose lowest particle number is lowest, so a catalogue has the
// same bits for any number of threads. b = 0.2 is the convention of the field:
// such groups end about where the density is 3/(2πb³) = 60 times the mean (Lacey
// & Cole 1994, MNRAS 271, 676).
//
// The search is by pencils: particles sorted by z in columns as wide as the
// linking length, each looking through windows of the columns beside its own,
// and joined into trees (union-find). It takes about 80 bytes a particle and no mesh.
//
// # What is known of a group
//
// A particle's mass, in 1e10 Msun/h, is its share of the box's matter,
//
//	m = Ω_m ρ_c L³/N                                                   (3)
//	ρ_c = 3 (100 km/s/Mpc)²/(8πG) = 27.75366 · 1e10 h² Msun/Mpc³       (4)
//
// Only the product G·Msun enters (4), and that is known to ten digits:
// 1.3271244e20 m³/s² (IAU 2015 Resolution B3). With the parsec of IAU 2015
// Resolution B2, 648000/π astronomical units of 149597870700 m (IAU 2012 B2),
// it is 3e10 (m/s)² Mpc/(8π · 1.3271244e20 m³/s²) = 2.7753663e11 Msun/Mpc³.
//
// Positions in a group are taken as nearest images of its lowest particle's, so
// that one across the edge of the box is whole. With d_i from there, the centre
// of mass, the rms radius, the mean velocity and the one-dimensional dispersion
// are
//
//	x = x_0 + ⟨d⟩,  R² = ⟨|d − ⟨d⟩|²⟩                                  (5)
//	v = ⟨v_i⟩,      σ_v² = ⟨|v_i − v|²⟩/3                              (6)
//
// A group that reaches from its lowest particle to half a box away has no one
// centre. It is marked Wide, and its x and R mean nothing; its mass does.
//
// Sets of N particles drawn from a larger group make FoF masses high. Warren et
// al. (2006, ApJ 646, 881) correct that by
//
//	N_corrected = N (1 − N^(−0.6))                                     (7)
//
// which belongs to their fit below. It is offered, not applied.
//
// # Mass functions
//
// Count bins masses between edges into
//
//	dn/dlnM = counts/(V ln(M_1/M_0)),  error √counts/(V ln(M_1/M_0))   (8)
//
// CountJackknife has in place of Poisson's error that of leaving out one of
// several boxes, or one of 27 sub-boxes, at a time (package abundance).
//
// Theory (Press & Schechter 1974, ApJ 187, 425) has, with ρ̄ = Ω_m ρ_c comoving
// and σ(M) the rms of the linear density in spheres that hold M on average,
//
//	M = (4π/3) ρ̄ R³,  σ(M, z) = D(z) σ(R)                              (9)
//	dn/dlnM = (ρ̄/M) f(σ) |dlnσ/dlnM|                                   (10)
//
// and these multiplicities f, with ν = δ_c/σ and δ_c = (3/20)(12π)^(2/3):
//
//	press-schechter: √(2/π) ν exp(−ν²/2)                               (11)
//	sheth-tormen:    A √(2a/π) [1 + (aν²)^(−p)] ν exp(−aν²/2)          (12)
//	jenkins:         0.315 exp(−|ln σ⁻¹ + 0.61|^3.8)                   (13)
//	warren:          0.7234 (σ^(−1.625) + 0.2538) exp(−1.1982/σ²)      (14)
//
// (12) is Sheth & Tormen 1999, MNRAS 308, 119, a = 0.707, p = 0.3, with A such
// that all matter is in halos, ∫f dlnν = 1, as it is for (11): 0.32218, the
// paper's 0.322. (13) is Jenkins et al. 2001, MNRAS 321, 372, Eq. 9, a fit to
// FoF groups of b = 0.2 for −1.2 ≤ ln σ⁻¹ ≤ 1.05; (14) is Warren et al. 2006,
// Eq. 5, to such groups corrected by (7), between 1e10 and 1e15 Msun/h. Neither
// is normalised.
//
// # What a particle mesh shows of it
//
// Forces are those of points only beyond three cells or so of the mesh. Halos
// smaller than that are puffed up, and with b = 0.2 lose particles or fall below
// Min: the mass function is short at its low end, the more so the coarser the
// mesh. 64³ particles in 128 Mpc/h on 128³ cells have 0.74 to 0.91 of (14) from
// 20 to 320 particles, on 192³ cells 0.86 to 1.00, with Poisson errors of 0.05 at
// the low end and 0.15 at the high one.
package halos
