package mutants

// Products and a softmax of rows side by side.
var panelMutants = []mutant{
	{"products next to the middle rounded twice", 0, "panel.TestFusedRoundsOnce",
		in("panel/fused.go", `b&halfMask == half || `, ``)},
	{"subnormal products rounded twice", 0, "panel.TestFusedRoundsOnce",
		in("panel/fused.go", ` || b<<1-1 < subnormal`, ``)},
	{"rounding to odd the wrong way", 0, "panel.TestFusedRoundsOnce",
		in("panel/fused.go", `(err > 0) == (s > 0)`, `err > 0`)},
	{"a tile whose fourth row is its third", 0, "panel.TestTilesAddOneTermAfterTheOther panel.TestProductsAreSumsInOneOrder",
		in("panel/tile.go", "tileEmulated2x4(c[i*Lanes+l:(i+1)*Lanes+l+4], x[l:], y[i*across:], across, ", "tileEmulated2x4(c[i*Lanes+l:(i+1)*Lanes+l+4], x[l:], y[i*across:], across*(1-i/2%2), ")},
	{"sums without the parts after the first", 0, "panel.TestProductsAreSumsInOneOrder",
		in("panel/matrix.go", `w[p][k*Lanes:(k+count)*Lanes], m.data[k*m.stride+d:]`, `w[p][k*Lanes:(k+count)*Lanes], m.data[d:]`)},
	{"live parts taken for empty", 0, "panel.TestProductsAreSumsInOneOrder",
		in("panel/matrix.go", `!zero(w[p][i*depth*Lanes : `, `!zero(w[p][i*depth*Lanes : i*depth*Lanes+0*`)},
	{"an exponential with ln 2 of 13 bits", 0, "panel.TestWeightsAreExponentials",
		in("panel/softmax.go", `z -= float32(n * ln2Low)`, `z -= float32(0 * n * ln2Low)`)},
	{"weights below the least that count", 0, "panel.TestWeightsAreExponentials",
		in("panel/softmax.go", `!(z >= Least)`, `!(z >= Least-1)`)},
	{"a distance without the numbers left over", 0, "panel.TestDistanceIsThatOfTwoPoints",
		in("panel/softmax.go", `for i := whole; i < len(a); i++ {`, `for i := whole; i < len(a)-1; i++ {`)},
}
