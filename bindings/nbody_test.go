package bindings

import "testing"

func TestSimulationsOfNAnd2NShareTheirModes(t *testing.T) {
	program(t, `
		local function modes(n, seed, more)
			local o = { box = 100, particles = n, seed = seed }
			for k, v in pairs(more or {}) do o[k] = v end
			return nbody.new(o):linear_modes(3)
		end
		local coarse, fine = modes(8, 7), modes(16, 7)
		assert(coarse:shape()[1] == 171 and coarse:shape()[2] == 5) -- (7³ − 1)/2
		assert((coarse - fine):abs():max() == 0)
		assert((coarse - modes(8, 8)):abs():max() > 0)
		-- Phase π is −δ exactly, fixed amplitudes or not.
		for _, fixed in ipairs { false, true } do
			local a = modes(8, 7, { fixed = fixed })
			local b = modes(16, 7, { fixed = fixed, phase = math.pi })
			for i = 1, 171 do
				assert(a[i][4] == -b[i][4] and a[i][5] == -b[i][5] and a[i][4] ~= 0)
			end
		end
		-- Fixed amplitudes are those of the spectrum: the same for every seed.
		local a, b = modes(8, 1, { fixed = true }), modes(8, 2, { fixed = true })
		for i = 1, 171 do
			local ratio = (a[i][4] ^ 2 + a[i][5] ^ 2) / (b[i][4] ^ 2 + b[i][5] ^ 2)
			assert(math.abs(ratio - 1) < 1e-13, ratio)
		end
	`)
}

func TestNormaliseSaysWhatIsTheSame(t *testing.T) {
	program(t, `
		local function modes(beta, normalise)
			return nbody.new { box = 500, particles = 8, seed = 1, normalise = normalise, gravity = gravity.evolving_g(beta) }:linear_modes(1)
		end
		local function ratio(beta, normalise) return modes(beta, normalise)[1][4] / modes(0)[1][4] end
		assert(ratio(0.2, "z_start") == 1 and ratio(0, "sigma8") == 1 and ratio(0, "As") == 1)
		-- From z = 49 on the growth differs little, over the whole history much.
		assert(math.abs(ratio(0.2, "sigma8") - 1) < 0.01 and ratio(0.2, "sigma8") ~= 1)
		assert(math.abs(ratio(0.2, "As") - 0.79) < 0.01)

		local function grown(beta, normalise, phase)
			local sim = nbody.new { box = 500, particles = 8, mesh = 16, seed = 1, normalise = normalise, gravity = gravity.constant(beta) }
			sim:evolve { to = 0, steps = 10 }
			return power.spectrum(sim).p[1]
		end
		local gr = grown(0)
		assert(math.abs(grown(0.2, "sigma8") / gr - 1) < 0.05, "nonlinear by a few percent")
		assert(grown(0.2, "z_start") / gr > 1.9) -- 1.46² in linear theory
	`)
}

// What record and on_step see is the simulation that evolves, without a copy; it
// must neither change it nor stand at another time than it says.
func TestCallbacksLeaveNoTraceInASimulation(t *testing.T) {
	program(t, `
		local function new() return nbody.new { box = 50, particles = 8, mesh = 16, seed = 3 } end
		local plain, watched = new(), new()
		local function measured(sim)
			local copy = { x = sim:positions(), v = sim:velocities(), energy = sim:energy() }
			copy.p, copy.f, copy.map = power.spectrum(sim).p, sim:accelerations(), sim:slice {}
			return copy
		end
		local rows = watched:evolve {
			to = 1, steps = 12, every = 5,
			record = function(sim)
				local m = measured(sim)
				return { m.energy.kinetic, m.energy.potential, m.p[1] }
			end,
			on_step = function(sim, step)
				measured(sim)
				if step == 7 then -- one of its own, from here to the end
					sim:evolve { to = 0.5, steps = 2 }
					assert(math.abs(sim:z() - 0.5) < 1e-12)
				end
			end,
		}
		plain:evolve { to = 1, steps = 12 }
		assert(#rows == 3 and watched:z() == plain:z())
		local a, b = measured(plain), measured(watched)
		assert((a.x - b.x):abs():max() == 0 and (a.v - b.v):abs():max() == 0 and a.energy.kinetic == b.energy.kinetic)
		assert(rows[3][1] == a.energy.kinetic and rows[3][2] == a.energy.potential and rows[3][3] == a.p[1])
	`)
}
