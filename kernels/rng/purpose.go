package rng

// Purposes: the fourth counter word under a seed's own key. Every use of a
// seed has one, so that no two uses share a block. A purpose's value is part
// of the results' bits: it is never changed or used again.
const (
	PurposeModes   uint32 = 1 // Gaussian modes of initial conditions, counter words: wave-vector
	PurposeScript  uint32 = 2 // math.random of scripts, id: digest of the task's key
	PurposePlummer uint32 = 3 // particles of a Plummer sphere, id: number of the particle

	// Of a diffusion walk. Counter words: block of two normals, sample, step.
	PurposeDiffusionStart uint32 = 4 // where a sample begins; step 0
	PurposeDiffusionNoise uint32 = 5 // the noise of a step
	PurposeDiffusionFrame uint32 = 6 // rotation (blocks 0 and 1) and translation (2 and 3) of a step
)
