// Package diffusion samples structures and other distributions by denoising
// diffusion: a walk from pure noise down a schedule of noise levels, which asks
// a [Denoiser] at each level what the clean coordinates would be.
//
// # Units
//
// Coordinates, noise levels and bandwidths are in Å, variances in Å². A row of
// coordinates is x0 y0 z0 x1 …; a batch is [samples][coordinates], row-major.
//
// # The schedule
//
// Karras et al. 2022 (NeurIPS 35, "Elucidating the design space of
// diffusion-based generative models"), Eq. 5 there, in units of the data's scale
// σ_d as Abramson et al. 2024 (Nature 630, 493; AlphaFold 3), supplement 3.7.1,
// have it:
//
//	σ_i = σ_d (s_max^{1/ρ} + (i/N)(s_min^{1/ρ} − s_max^{1/ρ}))^ρ, i < N;  σ_N = 0   (1)
//
// # The walks
//
// A sample starts at x = σ_0 ξ, each ξ here and below being fresh standard
// normals. A step from σ to σ' first raises the noise,
//
//	t̂ = σ(1 + γ)                                                     (2)
//	x̂ = x + λ √(t̂² − σ²) ξ                                           (3)
//
// and then takes it down. [AF3] (Abramson et al. 2024, algorithm 18), with γ = γ0
// where σ' > γ_min and else 0:
//
//	x ← x̂ + η (σ' − t̂)(x̂ − D(x̂, t̂))/t̂                               (4)
//
// [EDM] (Karras et al. 2022, algorithm 2), with γ = min(S_churn/N, √2 − 1)
// where S_min ≤ σ ≤ S_max and else 0: Eq. (4) with η = 1, called x¹, and unless
// σ' = 0 Heun's average
//
//	x ← x̂ + (σ' − t̂)/2 [(x̂ − D(x̂, t̂))/t̂ + (x¹ − D(x¹, σ'))/σ']       (5)
//
// η may change along the walk ([Eta]), with u = i/N:
//
//	const η_0; linear η_0 + u(η_1 − η_0); poly the same with u²;
//	cos the same with (1 − cos πu)/2; piecewise η_0 for u < u_0, then η_1   (6)
//
// For an equivariant denoiser a step may begin by centring, turning and moving
// the sample at random (algorithm 19 there). The rotation is that of four
// normals as a quaternion, uniform over all (Marsaglia 1972, Ann. Math. Stat. 43, 645).
//
// # What a walk keeps of the variance
//
// Along a mode of variance v of a normal distribution the exact denoiser is
// linear, and so is the walk; the variance V of its samples follows
//
//	V ← a² (V + λ²(t̂² − σ²)),  V = σ_0² at the start                    (7)
//	a = 1 + η h g(t̂),  Heun: 1 + h/2 [g(t̂) + (1 + h g(t̂)) g(σ')],
//	h = σ' − t̂,  g(t) = t/(v + t²)                                     (8)
//
// exactly: [Settings.PredictedVariance]. The walks of the design tools keep a
// third to a half of it: they are samplers at a low temperature.
//
// # Denoisers with a known answer
//
// D(x, σ) is the mean of the clean coordinates given the noisy ones. For a
// mixture of normals π_k N(μ_k, C_k), [NewMixture]:
//
//	D = Σ_k w_k [μ_k + C_k (C_k + σ²I)⁻¹ (x − μ_k)],  w_k ∝ π_k N(x; μ_k, C_k + σ²I)   (9)
//
// For conformers y_k blurred by a bandwidth s, [NewEnsemble] (Karras et al. 2022,
// appendix B.3, with s = 0):
//
//	D = Σ_k w_k [y_k + s²/(s² + σ²) (x − y_k)],  w_k ∝ π_k exp(−|x − y_k|²/2(s² + σ²))   (10)
//
// Its logarithms of weights come from products x·y_k in single precision
// (runlua/kernels/panel), x and y_k less the mean conformer. With u = 2⁻²⁴ and
// |y| the longest y_k they are off by no more than
//
//	(D + 8) u [(|x| + |y|)|y|/(s² + σ²) + max |log π_k|]              (19)
//
// and, for roundings that are independent (Higham and Mary 2019, SIAM J. Sci.
// Comput. 41, A2815) and an x that is a conformer and noise, probably by
//
//	(√D + 8) u [(4|x|/√D + |y|)|y|/(s² + σ²) + max |log π_k|]         (20)
//
// of which tests see a tenth. Where Eq. (20) is more than 3·10⁻⁴, the conformers
// whose weight can be above e⁻³² of the largest by Eq. (19) are weighed again by
// |x − y_k|² in double precision; others count as nothing. The sum over k has
// weights and y_k in single precision as well, unless no more than 32 of them count
// or there are: then it is in double precision, so that a walk without a bandwidth
// ends on a conformer to the last digit. In all D is off by 3·10⁻⁴ of the conformers'
// weighted mean distance from it, in the worst case, and by some √n u |y|. Seen were
// 6·10⁻⁵ Å a coordinate (files hold 10⁻³ Å) and 3·10⁻⁵ of that distance.
//
// For one normal distribution, along its modes:
//
//	D = v/(v + σ²) x                                                  (11)
//
// The variances come from an elastic network around a structure, with links
// between atoms nearer than a cutoff. [NewANM], Atilgan et al. 2001 (Biophys. J.
// 80, 505): superelements of the Hessian and covariance
//
//	H_ij = −d dᵀ/|d|², d = r_j − r_i;  H_ii = −Σ_j H_ij                (12)
//	C = (kT/γ) H⁺, without the six modes that move or turn the whole   (13)
//
// [NewGNM], Bahar et al. 1997 (Fold. Des. 2, 173): the same for each axis,
//
//	Γ_ij = −1 for a link, Γ_ii = −Σ_j Γ_ij                             (14)
//	C = (kT/γ) Γ⁺                                                     (15)
//
// [NewRouse], Rouse 1953 (J. Chem. Phys. 21, 1272): n beads, bonds of mean square
// length b², C = (b²/3) L⁺ on each axis with the path's Laplacian L:
//
//	r_i = √(2/n) Σ_p x_p cos(πp(i + 1/2)/n), p = 1 … n−1                (16)
//	v_p = b²/(12 sin²(πp/2n))                                         (17)
//
// Fluctuations show as crystallographers' B-factors,
//
//	B = 8π²⟨u²⟩/3                                                     (18)
//
// # Same bits
//
// The noise of sample k at step i is Philox's under the seed with counter
// (block, k, i, purpose): no sample knows of another. Denoisers work row by row,
// each sum in an order that the row's length fixes. So a sample's bits don't
// depend on the chunk it is in, the number of threads, or an interruption. What
// precision a row's products have follows from that row and the noise level alone.
// [Version] is raised when a change of this package changes them.
//
// The modes of networks and of full covariances come from runlua/kernels/eigen; a
// network says the digest of its modes in Plain, so that samples of others never
// mix.
package diffusion
