package bindings

import "testing"

// near and same are what the programs below check with.
const curveChecks = `
	local function near(a, b, by) assert(math.abs(a - b) <= (by or 1e-12) * math.abs(b), a .. " is not " .. b) end
	local function zero(a) for i = 1, #a do assert(a[i] == 0, i .. " is " .. a[i]) end end
	local function box(beta, seed, n)
		local sim = nbody.new { box = 100, particles = n or 16, seed = seed, gravity = gravity.constant(beta) }
		sim:evolve { to = 0, steps = 6 }
		return sim
	end
`

// With the same seeds β against itself is exactly 1 ± 0, by sub-boxes and by
// realizations; against a stronger force the error on the ratio is far below
// those of the spectra, since what the boxes share cancels.
func TestRatioOfSpectraLeavesTheSameOutOfBoth(t *testing.T) {
	program(t, curveChecks+`
		local a, b = box(0, 1), box(0.2, 1)
		local opt = { errors = "boxes", log_bins = 5 }
		local pa, pb = power.spectrum(a, opt), power.spectrum(b, opt)
		local modes = power.spectrum(a, { log_bins = 5 })
		assert(#pa.err == #modes.err and pa.p == modes.p and modes.jackknife == nil)
		for i = 2, 3 do -- smaller scales scatter by far more than Gaussian modes
			assert(pa.err[i] > 0.3 * modes.err[i] and pa.err[i] < 8 * modes.err[i], tostring(pa.err[i] / modes.err[i]))
		end
		local one = stats.ratio(pa, power.spectrum(box(0, 1), opt))
		for i = 1, #one.ratio do assert(one.ratio[i] == 1) end
		zero(one.err)
		local r = stats.ratio(pb, pa)
		assert(r.k == pa.k and r.n == 27 and r.bins[2] == 2)
		for i = 1, #r.ratio do
			near(r.ratio[i], pb.p[i] / pa.p[i])
			assert(r.ratio[i] > 1 and r.err[i] > 0)
		end
		-- The two largest scales grow by one factor in every sub-box.
		assert(r.err[1] < 0.4 * pb.err[1] / pa.p[1], tostring(r.err[1] / (pb.err[1] / pa.p[1])))

		-- Over realizations: the jackknife of means is their standard error.
		local list, strong = {}, {}
		for seed = 1, 3 do
			list[seed] = power.spectrum(box(0, seed))
			strong[seed] = power.spectrum(box(0.2, seed))
		end
		local mean = power.mean(list)
		local p = { list[1].p[2], list[2].p[2], list[3].p[2] }
		near(mean.p[2], stats.mean(p))
		near(mean.err[2], stats.stderr(p), 1e-10)
		assert(mean.n == 3 and mean.modes == list[1].modes and mean.jackknife.left_out == "realizations")
		zero(stats.ratio(mean, mean).err)
		local of = stats.ratio(power.mean(strong), mean)
		local j = stats.jackknife_ratio({ { strong[1].p[2] }, { strong[2].p[2] }, { strong[3].p[2] } }, { { p[1] }, { p[2] }, { p[3] } })
		near(of.ratio[2], j.value) near(of.err[2], j.error, 1e-10)
		-- A mean of means, as of fixed pairs; and one spectrum is its own mean.
		local pairs_of = power.mean { power.mean { list[1], list[2] }, power.mean { list[3], list[1] } }
		near(pairs_of.p[1], (2 * list[1].p[1] + list[2].p[1] + list[3].p[1]) / 4)
		local one = power.mean { pa }
		assert(one.p == pa.p and one.err == pa.err and one.n == (pa.n or 1))
	`)
}

// Voids and groups: counts and their ratios by sub-boxes of one box.
func TestRatiosOfCountsAndProfiles(t *testing.T) {
	program(t, curveChecks+`
		local a, b = box(0, 1, 32), box(0.2, 1, 32)
		local va, vb = voids.spherical(a), voids.spherical(b)
		local cuts = { cuts = { 4, 8, 60 }, box = 100 }
		local function n(v) cuts.catalogues = { v } return voids.cumulative(cuts) end
		local same = stats.ratio(n(va), n(va))
		assert(#same.ratio == 2 and same.bins[2] == 2 and same.ratio[1] == 1) -- there are none above 60
		zero(same.err)
		local r = stats.ratio(n(vb), n(va))
		near(r.ratio[2], n(vb).density[2] / n(va).density[2]) assert(r.err[2] > 0)
		local f = voids.size_function { catalogues = { va, vb }, box = 100, from = 4, to = 30, bins = 4 }
		assert(f.jackknife.left_out == "realizations" and f.jackknife.density:shape()[1] == 2)

		-- Groups: a third of them in each of three slabs of catalogues, then sub-boxes.
		local ga, gb = halos.fof(a, { min = 10 }), halos.fof(b, { min = 10 })
		local m = ga.particle_mass
		local bins = { box = 100, from = 9.5 * m, to = 200 * m, bins = 2 }
		local function mf(list) bins.catalogues = list return halos.mass_function(bins) end
		local one = mf { ga }
		local poisson = halos.mass_function { mass = ga.mass, volume = 1e6, edges = one.edges }
		assert(one.counts == poisson.counts) near(one.density[1], poisson.density[1])
		for i = 1, 2 do
			local ratio = one.err[i] / poisson.err[i]
			assert(ratio > 0.5 and ratio < 4, tostring(ratio))
		end
		local two = mf { ga, gb }
		near(two.density[1], (one.density[1] + mf({ gb }).density[1]) / 2)
		near(two.err[1], math.abs(one.density[1] - mf({ gb }).density[1]) / 2, 1e-10) -- of two: half their difference
		local more = stats.ratio(mf { gb }, one)
		assert(#more.mass == 2 and more.err[1] > 0)

		-- Profiles: difference from itself 0 ± 0, mean over realizations by void.
		local opt = { to = 2, bins = 4, max_radius = 24 }
		local qa, qb = voids.profile(a, va, opt), voids.profile(b, vb, opt)
		zero(stats.difference(qa, qa).difference) zero(stats.difference(qa, qa, { of = "enclosed" }).err)
		local d = stats.difference(qb, qa)
		near(d.difference[1], qb.contrast[1] - qa.contrast[1]) assert(d.err[1] > 0 and d.n <= 27)
		local mean = voids.mean_profile { qa, qb }
		near(mean.contrast[2], (qa.count * qa.contrast[2] + qb.count * qb.contrast[2]) / (qa.count + qb.count))
		near(mean.err[2], math.abs(qa.contrast[2] - qb.contrast[2]) / 2, 1e-10)
		assert(mean.count == qa.count + qb.count and mean.outer == qa.outer and mean.enclosed_err[1] > 0)
	`)
}

// Mean radii of 10 and 14 in two of the sub-boxes: without the first the mean is
// 14, without the second 10, without any other the mean of all.
func TestSubBoxesAreSamplesOfAJackknife(t *testing.T) {
	program(t, curveChecks+`
		local found = { x = { 1, 2, 29 }, y = { 1, 9, 29 }, z = { 1, 0, 29 }, radius = { 9, 11, 14 }, depth = { -1, -2, -3 } }
		local parts = stats.sub_boxes(found, { box = 30 })
		assert(#parts == 27 and #parts[1] == 2 and parts[27][1] == 14 and #parts[5] == 0)
		assert(stats.sub_boxes(found, { box = 30, of = "depth" })[1][2] == -2)
		local all = 34 / 3
		local j = stats.jackknife(parts, function(list) return array.concat(list):mean() end)
		local mean = (14 + 10 + 25 * all) / 27
		near(j.value, all)
		near(j.error, math.sqrt(26 / 27 * ((14 - mean) ^ 2 + (10 - mean) ^ 2 + 25 * (all - mean) ^ 2)))
		local same = stats.jackknife_ratio(parts, parts)
		assert(same.value == 1 and same.error == 0 and same.n == 27)
		found.radius = { 18, 22, 28 }
		local twice = stats.jackknife_ratio(stats.sub_boxes(found, { box = 30 }), parts)
		near(twice.value, 2) assert(twice.error < 1e-14)
	`)
}

// A file has no number of particles per side.
func TestSimulationsFromFilesHaveTheirSpacing(t *testing.T) {
	m := &simulation{}
	m.cfg.Box, m.cfg.Particles = 64, 32
	if m.spacing() != 2 {
		t.Errorf("32³ particles in 64 Mpc/h stand %v apart", m.spacing())
	}
}
