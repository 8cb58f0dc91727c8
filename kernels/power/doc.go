// Package power measures the power spectrum of particles or of a field in a
// periodic box, averaged over shells of wave number.
//
// # Definitions
//
// A field δ on a mesh of M points a side in a box of side L has the modes
//
//	δ_k = Σ_x δ(x) exp(−i k·x),  k = 2π m / L,  m integer              (1)
//
// and the power, in (Mpc/h)³ for L in Mpc/h,
//
//	P(k) = L³ ⟨|δ_k|²⟩ / M⁶                                            (2)
//
// where the mean runs over the modes of a shell. The wave (A cos k·x) has
// |δ_k| = A M³/2, so P = A² L³/4 in its mode.
//
// A real field's modes k and −k are conjugate: they are one mode, and counted
// as one. N of them, Gaussian, scatter the mean by
//
//	σ_P = P / √N                                                       (3)
//
// which is P √(2/N_k) in the count N_k = 2N of wave vectors.
//
// # Particles
//
// N_p particles deposited by CIC have, with s_i = π m_i / M,
//
//	⟨|δ_k|²⟩ L³/M⁶ = P(k) W²(k) + aliases + C(k) L³/N_p                (4)
//	W(k) = Π (sin s_i / s_i)²
//	C(k) = Π (1 − ⅔ sin² s_i)
//
// (Jing 2005, ApJ 620, 559, Eqs. 18–20). Measure divides by W². The last term
// is what particles scattered at random add, their own aliases included; its
// mean over a shell, divided by W² like the rest, is reported as Noise, and
// subtracted on request. At small k it is the shot noise L³/N_p; it rises to
// about twice that along an axis at the mesh's Nyquist wave number. Particles
// still close to a lattice have less. The aliases of the signal itself are not
// removed: keep to half the Nyquist wave number where they matter.
//
// # The jackknife of one box
//
// Jackknife leaves out one of the 27 sub-boxes of a third of the box a side. With
// δ_s the contrast in sub-box s and 0 elsewhere, the power is a sum over pairs of
// sub-boxes, and of what sub-box i has a part in
//
//	A_i = ⟨|δ_i,k|²⟩,  C_i = ⟨Re(δ_i,k* Σ_(s≠i) δ_s,k)⟩                (5)
//
// the pairs within it go once for all, but those across are dropped twice, once
// for each end. The scatter of a sum over pairs, of which each comes in two of
// the deletions, would be counted twice, so that these go with the weight 1/√2
// (Mohammad & Percival 2022, MNRAS 514, 1289, have the same of pair counts):
//
//	P_i = (P - A_i - √2 C_i)/(1 - V_i/V)                               (6)
//	err² = (26/27) Σ_i (P_i - P̄)²                                      (7)
//
// Of a Gaussian field the mean square of (7) is 0.8 to 1 of that of (3), for shells
// as wide as the fundamental as for wide ones (without the weight 1.3 and more). It knows no scale above that of the box, and 26 degrees of
// freedom tell an error to 14 %. In a ratio of two boxes with the same seeds, the
// same sub-box left out of both, what they share cancels.
//
// # Shells
//
// The fundamental is k_f = 2π/L. Linear shells are k_f wide, [i k_f, (i+1) k_f)
// from i = 1; logarithmic ones start at k_f as well. Only modes below the
// Nyquist wave number π M/L, or below a given KMax, are counted; the last
// shell may be cut there. Shells without a mode are left out.
//
// # How it works
//
// [MeasurePlanes] is the one way in which spectra are measured: it takes a field
// plane by plane, as it is made, transforms two axes of a plane while it is in cache
// and sums the shells as the modes leave the third, so that the modes are never
// written. The sums of wave numbers and of C/W² need a 48th of the wave vectors, of
// 0 ≤ k_x ≤ k_y ≤ k_z.
//
// Every result has the same bits for any number of threads.
package power
