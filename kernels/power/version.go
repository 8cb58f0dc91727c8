package power

// Version is raised whenever the bits of a measured spectrum change.
const Version = 4
