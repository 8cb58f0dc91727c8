package bindings

import "testing"

func runs(t *testing.T, program string) {
	t.Helper()
	if err := runScript(t, program, "script.lua"); err != nil {
		t.Error(err)
	}
}

// Counts above 8 in three boxes are 3, 1, 2: the mean is 2 and its standard
// error, which the jackknife of a mean is, 1/√3.
func TestSizesOfCataloguesHaveJackknifeErrors(t *testing.T) {
	runs(t, `
		local function near(a, b) assert(math.abs(a - b) < 1e-12 * math.abs(b), a .. " is not " .. b) end
		local list = { { radius = { 9, 10, 11 } }, { radius = array.new { 12, 3 } }, { radius = { 8.5, 15 } } }
		local n = voids.cumulative { catalogues = list, box = 10, cuts = { 8 } }
		near(n.density[1], 2e-3)
		near(n.err[1], 1e-3 / math.sqrt(3))
		local f = voids.size_function { catalogues = list, box = 10, from = 8, to = 16, bins = 1 }
		near(f.err[1], 1e-3 / math.sqrt(3) / math.log(2))
		assert(f.counts[1] == 6)
		-- the same voids with Poisson errors, both ways
		local p = voids.cumulative { catalogues = list, box = 10, errors = "poisson", cuts = { 8 } }
		local q = voids.cumulative { radius = { 9, 10, 11, 12, 3, 8.5, 15 }, volume = 3000, cuts = { 8 } }
		near(p.err[1], math.sqrt(6) / 3000)
		assert(p.err[1] == q.err[1] and p.density[1] == q.density[1] and p.density[1] == n.density[1])`)
}

// Two voids in one of the 27 sub-boxes: without it there are none, without any
// other two in 26/27 of the volume.
func TestSizesOfOneCatalogueLeaveOutSubBoxes(t *testing.T) {
	runs(t, `
		local one = { x = { 1, 2 }, y = { 1, 2 }, z = { 1, 2 }, radius = { 9, 10 } }
		local n = voids.cumulative { catalogues = { one }, box = 30, cuts = { 8 } }
		local full = 2 / (30 ^ 3 * 26 / 27)      -- the estimate without any of 26
		local mean = full * 26 / 27              -- and 0 without the one
		local squares = 26 * (full - mean) ^ 2 + mean ^ 2
		local want = math.sqrt(26 / 27 * squares)
		assert(math.abs(n.err[1] / want - 1) < 1e-12, n.err[1] / want)
		assert(math.abs(n.density[1] * 30 ^ 3 - 2) < 1e-12)`)
}

// The numbers of PHYSICS at -0.7.
func TestTheoryOfVoidsHasTheBarrierOfItsThreshold(t *testing.T) {
	runs(t, `
		local vdn = voids.theory { radius = { 8, 16 } }
		assert(math.abs(vdn.delta_v + 1.80) < 0.005 and math.abs(vdn.ratio - 1.494) < 0.0005)
		assert(math.abs(vdn.filled[1] / (vdn.density[1] * 4 / 3 * math.pi * 512) - 1) < 1e-12)
		local other = voids.theory { radius = { 8, 16 }, multiplicity = "approximation", z = 0, cosmology = cosmology.planck2018() }
		assert(other.density[1] ~= vdn.density[1] and math.abs(other.density[1] / vdn.density[1] - 1) < 0.002)
		local early = voids.theory { radius = array.new { 16 }, z = 1 }
		assert(early.density[1] < vdn.density[2] and early.sigma[1] < vdn.sigma[2])`)
}
