// Package voids finds spherical voids in a periodic box of particles and
// measures their sizes.
//
// # The finder
//
// Let n̄ = N/L³ be the mean number density of N particles in a box of side L,
// and Δ(r) the number contrast of a sphere of radius r around a centre,
//
//	Δ(r) = N(<r) / (n̄ 4πr³/3) − 1                                     (1)
//
// where N(<r) counts the particles at distances up to r, nearest images.
// Spherical works in two stages.
//
// On the mesh. The particles are deposited (CIC) on a mesh of M cells a side,
// as the contrast δ. For each radius R of a ladder, from large to small, δ is
// smoothed with a top-hat, in Fourier space
//
//	W(x) = 3 (sin x − x cos x) / x³,  x = kR                           (2)
//
// and the cells whose smoothed contrast is below the threshold are taken,
// deepest first (of equals, the one of lower index). A cell becomes a void of
// ladder radius R if its distance to the centre of every void i found before,
// at this radius or a larger one, obeys
//
//	|x − x_i| > R + R_i                                                (3)
//
// so that the spheres of the ladder never overlap. A centre is a mesh point,
// (i, j, k)·L/M.
//
// By the particles. A ladder resolves a radius to a step at best, and the mesh
// blurs small voids: its answer is up to a tenth short. So each radius is
// refined to the sphere in which the density of the particles themselves is the
// threshold's. Sort the distances to the centre, r_1 ≤ r_2 ≤ …, and let Δ be
//
//	Δ(r_j) = j / (n̄ 4πr_j³/3) − 1                                     (4)
//
// at each particle and linear in r between neighbours. Going outward it
// crosses the threshold t wherever Δ(r_j) < t ≤ Δ(r_(j+1)), at
//
//	R = r_j + (r_(j+1) − r_j) (t − Δ(r_j)) / (Δ(r_(j+1)) − Δ(r_j))     (5)
//
// Where there are several, the ladder decides. The void's Limit is the ladder's
// next larger radius (for the largest, the one that would continue its last
// step, R_0·R_0/R_1). If Δ(Limit) ≥ t, the radius is the outermost R up to the
// Limit. If the sphere of the Limit is still below the threshold, because the
// mesh fell short or because a neighbour kept the larger sphere from being
// taken, it is the first R beyond, up to twice the Limit or half the box. A
// candidate with neither is dropped and counted. Refined spheres may overlap
// a little; their order is the order in which the ladder found them.
//
// RefineAt does the same at the centres of one run with the particles of
// another, starting from the same Limits. That resolves changes of a radius
// that two catalogues compared as wholes cannot.
//
// # The threshold method
//
// Threshold is the older way, for comparison with catalogues made by it: smooth
// δ with a top-hat, Eq. (2), or a Gaussian, W = exp(-k²σ²/2), or not at all; take
// the cells below the threshold, joined through their faces across the edges of
// the box; give each component of volume V the radius
//
//	R = (3V / 4π)^(1/3)                                                (6)
//
// It bounds the smoothed density of cells, where Spherical bounds the mean of a
// sphere: a void of the same threshold is smaller. And its components run into
// each other: at the thresholds and smoothings that leave many, one of them soon
// spans the box, and its R says nothing. Such a one is marked.
//
// # Stacked profile
//
// Stack counts particles in shells around all voids, in units of each void's
// radius or in Mpc/h. With N_vb particles in shell b of void v and n̄ V_vb
// expected there,
//
//	δ_b = (1/n) Σ_v (N_vb / (n̄ V_vb) - 1)                              (7)
//
// and Δ_b alike for the whole sphere up to the shell's outer edge. The error is
// the standard error over the n voids, as if they were independent, or the
// delete-one jackknife over the 27 sub-boxes of a third of the box a side, by
// the voids' centres, which sees that neighbours share particles:
//
//	err² = (g-1)/g Σ_i (θ_i - θ̄)²,  θ_i without group i of g           (8)
//
// Eq. (8), with groups of boxes or of sub-boxes, is also the error of a size
// function by SizeJackknife and CumulativeJackknife.
//
// # What holds
//
// Every result has the same bits for any number of threads. Lengths are
// comoving, in Mpc/h.
//
// A sphere of radius R at the threshold t holds (1+t) n̄ 4πR³/3 particles. Its
// radius is as uncertain as a third of one part in that number or so: a single
// small void's is good to a few per cent, and means over many resolve more.
//
// The method of the first stage is that of the spherical finders of the field
// (e.g. Banerjee & Dalal 2016, JCAP 11, 015); the size function's conventions
// are those of Jennings, Li & Hu 2013, MNRAS 434, 2167.
package voids
