package diffusion

// Version is raised whenever the bits that a Config leads to change.
const Version = 3

// KernelPath names the arithmetic that the package uses. States record it,
// and a state of another path is refused.
const KernelPath = "portable"
