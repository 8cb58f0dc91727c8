package mutants

// Direct summation.
var directMutants = []mutant{
	{"softening not squared", 0, "direct.TestForceIsTheGradientOfThePotential",
		in("direct/load.go", `return float64(f.softening * f.softening), f.g`, `return f.softening, f.g`)},
	{"softening not squared in single precision", 0, "direct.TestSinglePrecisionErrsWithinItsBound",
		in("direct/load.go", `return float32(eps * eps), `, `return float32(eps), `)},
	{"force softened unlike the potential", 0, "direct.TestForceIsTheGradientOfThePotential direct.TestStepsConserveTheEnergyOfASoftSystem",
		inLoops(`1 / T(r2*T(math.Sqrt(float64(r2))))`, `1 / T((r2-eps2/2)*T(math.Sqrt(float64(r2))))`)},
	{"force ∝ 1/r", 0, "direct.TestForceIsTheGradientOfThePotential direct.TestOrbitFollowsKepler",
		inLoops(`1 / T(r2*T(math.Sqrt(float64(r2))))`, `1 / T(r2*T(math.Sqrt(1)))`)},
	{"force with the mass of the particle pulled", 0, "direct.TestForceIsTheGradientOfThePotential direct.TestForcesBalance",
		inLoops(`w, v := T(q.M[l]*inv), T(p.M[k]*inv)`, `v, w := T(q.M[l]*inv), T(p.M[k]*inv)`)},
	{"coordinates without their low parts", 0, "direct.TestSinglePrecisionErrsByAMillionthOfATypicalForce",
		inLoops(`unsafe.Sizeof(d) == 4`, `unsafe.Sizeof(d) == 5`)},
	{"the last round of tiles left out", 0, "direct.TestForceIsTheGradientOfThePotential direct.TestEveryTwoTilesMeetOnce",
		in("direct/tiles.go", `max(0, tiles+tiles%2-1)`, `max(0, tiles+tiles%2-2)`)},
	{"kick 1 % off in direct summation", 0, "direct.TestOrbitFollowsKepler direct.TestHalvingTheStepDividesTheErrorByFour",
		in("direct/system.go", `kick(s.nextVel, s.vel, s.acc, h/2)`, `kick(s.nextVel, s.vel, s.acc, 1.01*h/2)`)},
	{"second half kick with the force before the drift", 0, "direct.TestHalvingTheStepDividesTheErrorByFour direct.TestReversedRunReturns",
		in("direct/system.go", `kick(s.nextVel, s.nextVel, s.nextAcc, h/2)`, `kick(s.nextVel, s.nextVel, s.acc, h/2)`)},
	{"drift before the first half kick", 0, "direct.TestHalvingTheStepDividesTheErrorByFour direct.TestReversedRunReturns",
		in("direct/system.go", `kick(s.nextPos, s.pos, s.nextVel, h)`, `kick(s.nextPos, s.pos, s.vel, h)`)},
	{"potential energy of each pair twice", 0, "direct.TestHelperPutsTheBodiesOnTheirOrbit direct.TestPlummerIsInEquilibrium",
		in("direct/diagnostics.go", `-float64(s.cfg.G * potential.sum())`, `-float64(2 * s.cfg.G * potential.sum())`)},
	{"kinetic energy without its half", 0, "direct.TestHelperPutsTheBodiesOnTheirOrbit",
		in("direct/diagnostics.go", `kinetic.sum() / 2`, `kinetic.sum()`)},
	{"energy without softening", 0, "direct.TestStepsConserveTheEnergyOfASoftSystem",
		in("direct/diagnostics.go", `r2 := d2 + eps2`, `r2 := d2 + 0*eps2`)},
	{"angular momentum of the other sense", 0, "direct.TestHelperPutsTheBodiesOnTheirOrbit",
		in("direct/diagnostics.go", `p, q := (k+1)%3, (k+2)%3`, `q, p := (k+1)%3, (k+2)%3`)},
	{"direct summation resumed without its clock", 9, "direct.TestRestoredRunHasTheSameBits",
		in("direct/state.go", `s.time, s.total = h.Time, h.Total`, `s.total = h.Total`)},
	{"forces that the number of threads changes", 9, "direct.TestThreadsDoNotChangeTheBits",
		in("direct/force.go", `clear(f.total)`, "clear(f.total)\n\tif f.pool.Threads() > 1 {\n\t\tf.eps2 *= 1 + 1e-15\n\t}")},
}

// inLoops is a change of the loops in Go, which are then those of every
// processor.
func inLoops(old, new string) []change {
	return in("direct/blocks.go", `k := vectorKernels[T](); k != nil`, `k := vectorKernels[T](); k != nil && false`, old, new)
}
