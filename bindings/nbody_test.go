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
