package bindings

import "testing"

func TestStatsAgreeWithNumPy(t *testing.T) {
	holds(t, `
		local x = { 3.1, -2.7, 8.25, 0.4, 19.6, -11.3, 4.4, 7.77, 0.001 }
		assert(near(stats.mean(x), 3.280111111111111))
		assert(near(stats.std(array.new(x)), 8.513762688207319) and near(stats.std(x, 0), 8.026852440325875))
		assert(near(stats.stderr(x), 8.513762688207319 / 3))
		local m, e = stats.weighted_mean(x, { 1, 2, 0.5, 4, 1, 0.25, 3, 1, 2 })
		assert(near(m, 2.7913220338983056) and near(e, 1 / math.sqrt(14.75)))
		local f = stats.linear_fit({ -0.2, -0.1, 0, 0.1, 0.2, 0.3 }, { 0.93, 0.962, 1, 1.031, 1.07, 1.101 }, { .01, .02, .005, .01, .015, .03 })
		assert(near(f.slope, 0.34426417, 1e-7) and near(f.intercept, 0.99923439, 1e-7)) -- as numpy prints them
		assert(near(f.slope_error, 0.03529437, 1e-6) and near(f.intercept_error, 0.00383329, 1e-6))
		assert(near(f.chi2, 0.1342195356194661, 1e-12) and f.dof == 4 and f.r2 > 0.99 and f.r2 < 1)
		assert(stats.chi2({ 1, 2 }, { 0, 4 }, { 1, 0.5 }) == 17)`)
}

func TestJackknifeOfRatiosAgreesWithNumPy(t *testing.T) {
	holds(t, `
		local n = { { 10, 12, 9 }, array.new { 11, 13 }, { 8, 14, 10, 12.5 } }
		local d = { { 9, 11, 9.5 }, { 10.5, 12 }, { 8, 13, 9.7, 11 } }
		local j = stats.jackknife_ratio(n, d)
		assert(near(j.value, 1.0618996798292422) and near(j.error, 0.005515315419555269, 1e-12) and j.n == 3)
		local same_again = stats.jackknife_ratio(n, n)
		assert(same_again.value == 1 and same_again.error == 0 and same_again.bias == 0)`)
}

func TestJackknifeTakesAnyEstimate(t *testing.T) {
	holds(t, `
		local j = stats.jackknife({ 1, 2, 4, 7, 11 }, function(s) return stats.mean(s) ^ 2 end)
		assert(j.value == 25 and near(j.error, 17.3041541255272, 1e-14) and near(j.bias, 3.3, 1e-13) and j.n == 5)
		-- of a mean it is the standard error
		local x = array.new { 3, 1, 4, 1, 5, 9 }
		assert(near(stats.jackknife(x).error, stats.stderr(x)) and stats.jackknife(x).value == x:mean())
		local runs = { array.new { 1, 2 }, array.new { 3 } } -- samples of any kind
		assert(stats.jackknife(runs, function(r) return array.concat(r):sum() end).value == 6)`)
}

func TestStatsMistakesAreNamed(t *testing.T) {
	raises(t, [][2]string{
		{`return stats.mean {}`, "stats.mean: x is empty"},
		{`return stats.mean { 1, 0/0 }`, "stats.mean: x must be a list of finite numbers, got NaN at [2]"},
		{`return stats.mean(array.new { 1, 1 } / 0)`, "stats.mean: x holds +Inf at [1], which is not finite"},
		{`return stats.stderr { 1 }`, "stats.stderr: x needs at least 2 values, got 1"},
		{`return stats.weighted_mean({ 1, 2 }, { 1 })`, "weights must be as many as the values, got 1 for 2"},
		{`return stats.jackknife { 1 }`, "stats.jackknife: needs at least two samples, got 1\n  hint: run at least two realizations"},
		{`return stats.jackknife_ratio({ { 1 } }, { { 1 } })`, "stats.jackknife_ratio: needs at least two samples, got 1"},
		{`return stats.jackknife_ratio({ 1, 2 }, { 1, 2 })`, "numerators[1] must be a list of finite numbers, got 1"},
		{`return stats.jackknife_ratio({ { 1 }, {} }, { { 1 }, { 2 } })`, "without realization 1: numerators hold no values"},
		{`return stats.jackknife({ 1, 2 }, function() return 0/0 end)`, "estimate must return a finite number, got NaN for all samples"},
		{`return stats.linear_fit({ 1, 2, 3 }, { 1, 2 })`, "x and y must be as many, got 3 and 2"},
		{`return stats.linear_fit({ 1, 2 }, { 1, 2 })`, "a fit without errors needs at least 3 points, got 2"},
	})
}
