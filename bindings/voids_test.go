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

// What a gravity and a table do to the curves of theory is what they do to the
// linear spectrum: D of PHYSICS at β = .2, and, of a table of Eisenstein & Hu's own
// numbers, next to nothing.
func TestTheoryTakesGravitiesAndTables(t *testing.T) {
	runs(t, `
		local function near(a, b, by) assert(math.abs(a / b - 1) <= by, a .. " is not " .. b) end
		local strong, d = gravity.constant(0.2), 1.46129732
		local masses, radii = { mass = { 10, 1e3, 1e5 } }, { radius = { 6, 12, 24 } }
		local function with(t, more) local o = {} for k, v in pairs(t) do o[k] = v end for k, v in pairs(more) do o[k] = v end return o end
		local h, v = halos.theory(masses), voids.theory(radii)
		local hs, vs = halos.theory(with(masses, { gravity = strong })), voids.theory(with(radii, { gravity = strong }))
		for i = 1, 3 do
			near(hs.sigma[i] / h.sigma[i], d, 1e-8)
			near(vs.sigma[i] / v.sigma[i], d, 1e-8)
			near(hs.f[i], halos.theory(with(masses, { cosmology = cosmology.new { sigma8 = 0.811 * d } })).f[i], 1e-6)
		end
		assert(vs.delta_v > v.delta_v and vs.ratio == v.ratio) -- less of a linear contrast does it
		-- General relativity given as any gravity is general relativity.
		for _, g in ipairs { gravity.constant(0), gravity.yukawa { beta = 0, mass = 1 }, gravity.table { { 0.02, 1 }, { 1, 1 } },
				gravity.from(function() return 1 end) } do
			local a, b = halos.theory(with(masses, { gravity = g })), voids.theory(with(radii, { gravity = g }))
			for i = 1, 3 do near(a.density[i], h.density[i], 1e-4) near(b.density[i], v.density[i], 1e-4) end
		end
		-- A function is its table; radiation comes with evolving_g.
		local late = halos.theory(with(masses, { gravity = gravity.from(function(a) return 1 + 0.2 * a end, { z_max = 49 }) }))
		assert(late.density[3] > h.density[3] and late.density[3] < hs.density[3])
		local radiation = { cosmology = cosmology.planck2018 { radiation = true } }
		near(halos.theory(with(masses, { gravity = gravity.evolving_g(0) })).sigma[2], halos.theory(with(masses, radiation)).sigma[2], 1e-7)
		near(voids.theory(with(radii, { gravity = gravity.evolving_g(0.2) })).sigma[1] / voids.theory(with(radii, radiation)).sigma[1], 1 - 0.00166, 3e-5)
		-- Yukawa's force is within its range.
		local fr = { gravity = gravity.yukawa { beta = math.sqrt(1 / 6), mass = 0.5 } }
		local hy = halos.theory(with(masses, fr))
		assert(hy.sigma[1] / h.sigma[1] > hy.sigma[3] / h.sigma[3] and hy.sigma[3] > h.sigma[3])
		assert(voids.theory(with(radii, fr)).delta_v == v.delta_v)
		-- The table: up to .1 % is missing beyond its ends.
		local table_of = { spectrum = cosmology.spectrum { file = "eh.txt", units = "h/Mpc" } }
		local ht, vt = halos.theory(with(masses, table_of)), voids.theory(with(radii, table_of))
		for i = 1, 3 do
			near(ht.sigma[i], h.sigma[i], 2e-3) near(vt.sigma[i], v.sigma[i], 2e-3)
			near(ht.density[i], h.density[i], 2e-2) near(vt.density[i], v.density[i], 2e-2)
		end
		near(halos.theory(with(masses, with(table_of, { gravity = strong }))).sigma[2] / ht.sigma[2], d, 1e-8)`)
}
