package voids

// Version is raised whenever the bits of a catalogue change.
const Version = 3
