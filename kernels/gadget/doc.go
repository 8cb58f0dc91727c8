// Package gadget reads and writes GADGET-2 snapshots, formats 1 and 2 (Springel
// 2005, MNRAS 364, 1105; "User guide for GADGET-2", §6): what MUSIC, monofonIC,
// 2LPTic and N-GenIC write and yt, Pylians and pynbody read.
//
// # Records
//
// A file is a row of Fortran records, each between two 4-byte markers that hold
// its length. Format 1 has the header (256 bytes), positions, velocities, ids
// and, where the header's mass table leaves the mass of a present type at 0,
// masses, in this order. Format 2 puts before each a record of 8 bytes, the
// block's name of four letters and the length of what follows with markers; here
// the blocks are found by name, unknown ones are passed over. The first marker
// tells the format, 256 or 8, and the byte order, the one in which it is that.
// Within a block the particles are in the order of their types. Coordinates of 4
// or 8 bytes and ids of 4 or 8 bytes are told apart by the block's length.
//
// # Units
//
// The header says neither the unit of length nor that of mass. With the code's
// usual unit of mass, 10^10 M☉/h, N particles of mass m fill the box of side L
// if
//
//	N m = Ω_m ρ_c L³,   ρ_c = 3 H0²/8πG = 27.755 · 10^10 M☉/h / (Mpc/h)³   (1)
//
// so that the mass table tells kpc/h from Mpc/h, which are 10^9 apart in it:
// [Header.Length]. Velocities are not peculiar velocities v = a dx/dt in km/s
// but
//
//	u = v/√a                                                        (2)
//
// and with p = a² dx/dt in units of 100 km/s, as package nbody has it,
//
//	p = a v/100 = a^(3/2) u/100                                     (3)
//
// # Order
//
// Particles come in the order of their ids, so that a set written by another
// number of processes gives the same simulation, bit for bit.
//
// # What programs write
//
// All of them write format 1, but for GADGET-2 itself, which writes either, and
// v/√a in km/s. MUSIC and monofonIC write Mpc/h by default (MUSIC by gadget_lunit
// kpc/h, too, and by gadget_munit and gadget_vunit units that no header tells), ids
// from 0, and double precision without a flag for it (monofonIC); 2LPTic and N-GenIC
// kpc/h and ids from 1. With baryons, gas is type 0 and dark matter type 1, and
// internal energies follow the ids; MUSIC deals types out to files in their order,
// so that a file may lack the wanted one. Masses differ by the programs' G and
// solar mass, parts in ten thousand. 2LPTic and N-GenIC put the high word of the
// number of particles where type 2 has its number: sets of more than 2³² particles
// of theirs are refused. programs_test.go writes files as each of them does.
//
// # Checked on
//
// numpy_test.go reads and writes the same files by the format's own table as NumPy's
// types. yt 4.1.4 opens both formats with its default settings and has box,
// redshift, positions and velocities as sim:positions and sim:velocities do, and
// Ω_m ρ_c L³ as the mass. Pylians (library/readsnap.py) takes of the header the
// fields up to HubbleParam, all of which are written, ids of 4 or 8 bytes, and
// positions and velocities in single precision only.
package gadget

// Version is raised whenever the numbers read or the bytes written change.
const Version = 1

// CriticalDensity is ρ_c of Eq. (1), 10^10 M☉/h / (Mpc/h)³: 3·(100 km/s/Mpc)²/8πG
// with the code's own G = 43007.1 kpc (km/s)²/10^10 M☉.
const CriticalDensity = 27.755000295049314
