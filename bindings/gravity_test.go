package bindings

import "testing"

// program runs a script whose own asserts are the claims.
func program(t *testing.T, text string) {
	t.Helper()
	if err := runScript(t, text, "script.lua"); err != nil {
		t.Error(err)
	}
}

func TestGravityFromAFunctionIsItsTable(t *testing.T) {
	program(t, `
		local calls, last = 0, 0
		local late = gravity.from(function(a)
			calls, last = calls + 1, a
			return 1 + 0.2 * a * a
		end, { z_max = 49 })
		assert(calls == 784 and last == 1, calls) -- ln 50 · 200, and both ends
		local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1, gravity = late }
		sim:evolve { to = 0, steps = 4 }
		assert(calls == 784)

		-- D grows by more than ΛCDM's, by less than under the strongest value.
		local c = cosmology.planck2018()
		local d = c:growth(0, late)
		assert(d > 1.001 and d < c:growth(0, gravity.constant(0.2)))
		-- A constant function is the constant.
		local flat = gravity.from(function() return 1.2 end)
		assert(c:growth(0, flat) == c:growth(0, gravity.constant(0.2)))
		local two = gravity.table { { 0.02, 1.2 }, { 1, 1.2 } }
		assert(c:growth(0, two) == c:growth(0, flat))
	`)
}

func TestYukawaGrowsByScale(t *testing.T) {
	program(t, `
		local c = cosmology.planck2018()
		local fr = gravity.yukawa { beta = math.sqrt(1 / 6), mass = 0.05 }
		local function near(x, y, by) assert(math.abs(x / y - 1) < by, x .. " " .. y) end
		near(c:growth(0, fr), 1, 1e-9) -- the limit of the largest scales
		near(c:growth(0, fr, 49, 1e4), c:growth(0, gravity.constant(1 / 3)), 1e-6)
		assert(c:growth(0, fr, 49, 0.1) > 1.5)
		-- linear_power has each k's own growth.
		local k = { 0.001, 0.1 }
		local ratio = c:linear_power(k, 0, fr) / c:linear_power(k)
		for i = 1, 2 do near(ratio[i], c:growth(0, fr, 49, k[i]) ^ 2, 1e-12) end

		local function ends(g)
			local sim = nbody.new { box = 64, particles = 8, mesh = 16, seed = 1, gravity = g }
			sim:evolve { to = 0, steps = 4 }
			return sim:positions()
		end
		local gr, far = ends(), ends(gravity.yukawa { beta = 0.4, mass = 1e9 })
		assert((gr - far):abs():max() < 1e-9) -- a range far below a cell
		assert((gr - ends(fr)):abs():max() > 0.1)
	`)
}
