package panel

// loops are the innermost loops: in assembly or in portable Go, with the same
// bits.
type loops struct {
	name string
	tile tile
	passes
}

func portableLoops(t tile) *loops {
	return &loops{"portable", t, passes{scoresPortable, weightsPortable, marksPortable, distancePortable}}
}

// use is what this processor runs fastest.
var use = func() *loops {
	if v := vectorLoops(); v != nil {
		return v
	}
	if fuses(tileCompiled) {
		return portableLoops(tileCompiled)
	}
	return portableLoops(tileEmulated)
}()
