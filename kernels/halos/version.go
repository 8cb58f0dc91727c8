package halos

// Version is raised whenever the bits of a result change.
const Version = 1
