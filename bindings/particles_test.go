package bindings

import "testing"

// The particles of a drawn simulation, given as arrays, start one that goes the
// same way: velocities pass through km/s, which rounds.
func TestParticlesFromArraysEvolveAsDrawnOnes(t *testing.T) {
	program(t, `
		local drawn = nbody.new { box = 50, particles = 8, seed = 3 }
		local x = drawn:positions()
		local given = nbody.from_particles { positions = x, velocities = drawn:velocities(), box = 50, z = 49 }
		assert(given:count() == 512 and given:z() == 49 and given:box() == 50)
		x[1][1] = 7 -- the simulation has a copy
		assert(given:positions() == drawn:positions())
		for _, sim in ipairs { drawn, given } do sim:evolve { to = 1, steps = 5 } end
		local off = (given:positions() - drawn:positions()):abs():max()
		assert(off < 1e-10, tostring(off))
	`)
}

func TestParticlesAreAtRestUnlessVelocitiesAreGiven(t *testing.T) {
	program(t, `
		local sim = nbody.from_particles { positions = { { 1, 2, 3 }, { -1, 60, 0 } }, box = 50, mesh = 16, z = 0, precision = "double" }
		assert(sim:positions() == array.new { { 1, 2, 3 }, { 49, 10, 0 } })
		assert(sim:velocities():abs():max() == 0)
	`)
}

// Near a point mass the comoving pull is G m/r², with G m = 1.5 Ω_m H0² L³/(4π)
// for the one particle that holds all mass of the box. At r = 1/10 of the box its
// mean density's repulsion takes 4π/3 r³ of L³. Along the axes of the mesh the force
// is 1.4 % too large at six cells; the limit, 3 %, is for units and signs.
func TestAPointMassPullsByTheSquareOfDistance(t *testing.T) {
	program(t, `
		local box, r = 64, 6.4
		local planck = cosmology.planck2018()
		local centre = { 32.3, 31.9, 32.1 }
		local sim = nbody.from_particles { positions = { centre }, box = box, mesh = 64, z = 0 }
		local sum = 0
		for axis = 1, 3 do
			for _, sign in ipairs { -1, 1 } do
				local at = { centre[1], centre[2], centre[3] }
				at[axis] = at[axis] + sign * r
				sum = sum - sign * sim:accelerations { at = { at } }[1][axis]
			end
		end
		local want = 1.5 * planck:parameters().omega_m * 1e4 * box ^ 3 / (4 * math.pi * r ^ 2)
		local off = sum / 6 / (want * (1 - 4 * math.pi / 3 * (r / box) ^ 3)) - 1
		assert(math.abs(off) < 0.03, tostring(off))
	`)
}

func TestColumnsMakeAnArray(t *testing.T) {
	program(t, `
		local a = array.from_columns { { 1, 2 }, array.new { 3, 4 }, { 5, 6 } }
		assert(a == array.new { { 1, 3, 5 }, { 2, 4, 6 } })
		assert(a:column(2) == array.new { 3, 4 })
		assert(array.from_columns { {} , {} }:size() == 0)
	`)
}
