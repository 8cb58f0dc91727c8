package rng

// Purposes: the fourth counter word under a seed's own key. Every use of a
// seed has one, so that no two uses share a block. A purpose's value is part
// of the results' bits: it is never changed or used again.
const (
	PurposeModes   uint32 = 1 // Gaussian modes of initial conditions, counter words: wave-vector
	PurposeScript  uint32 = 2 // math.random of scripts, id: digest of the task's key
	PurposePlummer uint32 = 3 // particles of a Plummer sphere, id: number of the particle
)
