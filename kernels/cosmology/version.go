package cosmology

// Version is raised whenever the bits of a background, growth or spectrum change.
const Version = 1
