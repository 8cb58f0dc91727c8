// Package cosmology holds the flat Friedmann background, linear growth under
// modified gravity, the leapfrog's integrals and the linear power spectrum.
//
// Units: a is the scale factor, 1 today; times are in 1/H0, so that H/H0 = E
// is the rate; k is in h/Mpc, lengths in Mpc/h and P in (Mpc/h)³ unless a name
// says otherwise. ' is d/dlna. Ω_m, Ω_r, Ω_Λ are today's.
//
// # Background
//
//	(1)  E² = Ω_m a⁻³ + Ω_r a⁻⁴ + Ω_Λ,  Ω_Λ = 1 - Ω_m - Ω_r
//	(2)  dlnE/dlna = -(3 Ω_m a⁻³ + 4 Ω_r a⁻⁴)/(2 E²)
//	(3)  Ω_m(a) = Ω_m a⁻³/E²
//
// # Gravity and growth
//
// Gravity enters as the factor μ on the right of the comoving Poisson equation
// (a φ in place of the potential, x in Mpc/h):
//
//	(4)  ∇²φ = (3/2) Ω_m μ(a) δ
//	(5)  constant:   μ = 1 + β
//	(6)  evolving_g: μ = 1 - β f(a),  f = Ω_r/(Ω_r + Ω_m a)
//	(15) yukawa:     μ = 1 + 2β² k²/(k² + a² m²), k and m in h/Mpc
//	(16) table:      μ = a monotone cubic in ln a through given points
//
// (15) is the linear response of a scalar of constant mass m and coupling β to
// matter (Brax, Davis, Li & Winther 2012, arXiv:1203.4812; β² = 1/6 in f(R)
// gravity). (16) is the interpolant of Fritsch & Butland (1984).
//
// The linear density contrast grows as D (Peebles 1980, §10):
//
//	(7)  D″ + (2 + dlnE/dlna) D′ = (3/2) Ω_m(a) μ(a) D
//
// Growth solves it from far back, where D ∝ a^p with p(p + 1/2) = (3/2) μ in
// matter or D = 1 + (3/2) μ a/a_eq in radiation (Mészáros 1974), D(1) = 1.
// GrowthFrom solves it from given D and D′: with those of ΛCDM at the start of
// a simulation, the D of FastPM's factors for identical initial conditions.
// PrimordialGrowth keeps the amplitude of the radiation era instead of today's.
// Where μ depends on k each linear mode grows by (7) with its own μ (AtK), and
// the growth of the law itself is that of the limit k → 0.
//
// # Leapfrog
//
// With the momentum p = a² dx/dt (Quinn, Katz, Stadel & Lake 1997,
// astro-ph/9710043) the exact operators of drift and kick are
//
//	(8)  x += p ∫dt/a² = p ∫da/(a³E)
//	(9)  p -= ∇φ ∫dt/a = ∇φ ∫da/(a²E)
//
// # Second order
//
//	(10)  D2 = -(3/7) D² Ω_m(a)^(-1/143)
//	(11)  D2′ = D2 [2 D′/D + (3 + 2 dlnE/dlna)/143]
//
// (10) is the fit of Bouchet, Colombi, Hivon & Juszkiewicz (1995, A&A 296,
// 575) for ΛCDM with the sign of x = q - D ∇φ1 + D2 ∇φ2. (11) is its exact
// derivative, as dlnΩ_m(a)/dlna = -(3 + 2 dlnE/dlna), and not the usual second
// fit f2 = 2 Ω_m(a)^(6/11), so that velocities are those of the displacements.
// Under other laws the fit takes their D; 2LPT under strong modification
// would need an equation of its own.
//
// # Power spectrum
//
//	(12)  σ²(r) = ∫dlnk k³P(k) W²(kr)/(2π²)
//	(13)  W(x) = 3 (sin x - x cos x)/x³
//	(14)  P(k) = A k^ns T²(k),  A such that σ(8 Mpc/h) = σ8
//
// T is that of Eisenstein & Hu (1998, ApJ 496, 605); equation numbers in
// eisensteinhu.go are that paper's. As in the authors' own program, and unlike
// the printed Eq. 5, R at the drag epoch is formed with 1000/(1 + z_d); in
// Eq. 12 the exponent b2 belongs to Ω_c/Ω_m. The form without oscillations is
// the paper's Eqs. 26 and 28 to 31.
//
// ReadSpectrum takes a table of CAMB or CLASS instead: cubic in ln P of ln k
// between its points, nothing beyond them, normalised by (12) as (14) is.
package cosmology
