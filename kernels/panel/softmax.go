package panel

import "math"

// passes are the loops over a panel that are not products.
type passes struct {
	scores   func(v, offset []float32, scale float32, largest *[Lanes]float32)
	weights  func(v []float32, largest *[Lanes]float32, sums *[Lanes]float64)
	marks    func(marks []uint16, v []float32, bound *[Lanes]float32)
	distance func(parts *[Lanes]float64, a, b []float64) // of whole sixteens
}

// scoresPortable sets v[k][l] to v[k][l]·scale + offset[k] and raises
// largest[l] to the largest of them.
func scoresPortable(v, offset []float32, scale float32, largest *[Lanes]float32) {
	for k, o := range offset {
		row := (*[Lanes]float32)(v[k*Lanes:])
		for l, u := range row {
			u = float32(u*scale) + o
			row[l] = u
			if u > largest[l] {
				largest[l] = u
			}
		}
	}
}

// Least is the logarithm of the least weight that counts, of the largest.
const Least = -32

const (
	ln2High = 0x1.62ep-1 // 13 bits: its products with an exponent are exact
	ln2Low  = math.Ln2 - ln2High

	roundToInt = 0x1.8p23 // adding it leaves the nearest integer in the low bits
)

// weightsPortable sets v[k][l] to e^(v[k][l] − largest[l]), or to 0 if it is less
// than e^Least, and adds it to sums[l].
//
// With n the integer nearest to z/ln 2, e^z = 2^n e^(z − n ln 2), the latter by
// Taylor's series to the seventh power: the error is below 2·10⁻⁷ of it.
func weightsPortable(v []float32, largest *[Lanes]float32, sums *[Lanes]float64) {
	for ; len(v) >= Lanes; v = v[Lanes:] {
		row := (*[Lanes]float32)(v)
		for l, u := range row {
			row[l] = 0
			z := u - largest[l]
			if !(z >= Least) {
				continue
			}
			n := float32(z*(1/math.Ln2)) + roundToInt
			n -= roundToInt
			z -= float32(n * ln2High)
			z -= float32(n * ln2Low)
			e := float32(z*(1.0/5040)) + 1.0/720
			e = float32(z*e) + 1.0/120
			e = float32(z*e) + 1.0/24
			e = float32(z*e) + 1.0/6
			e = float32(z*e) + 0.5
			e = float32(z*e) + 1
			e = float32(z*e) + 1
			e = math.Float32frombits(math.Float32bits(e) + uint32(int32(n))<<23)
			row[l] = e
			sums[l] += float64(e)
		}
	}
}

// marksPortable sets bit l of marks[k] where v[k][l] ≥ bound[l].
func marksPortable(marks []uint16, v []float32, bound *[Lanes]float32) {
	for k := range marks {
		var m uint16
		for l, u := range (*[Lanes]float32)(v[k*Lanes:]) {
			if u >= bound[l] {
				m |= 1 << l
			}
		}
		marks[k] = m
	}
}

func distancePortable(parts *[Lanes]float64, a, b []float64) {
	for ; len(a) >= Lanes; a, b = a[Lanes:], b[Lanes:] {
		u, v := (*[Lanes]float64)(a), (*[Lanes]float64)(b)
		for i := range u {
			d := u[i] - v[i]
			parts[i] += float64(d * d)
		}
	}
}

// Distance2 returns |a − b|² in double precision: sixteen sums, of the numbers
// i, i + 16, …, added in pairs that stand half of them apart.
func Distance2(a, b []float64) float64 {
	if len(a) != len(b) {
		panic("panel: Distance2: points of different lengths")
	}
	var parts [Lanes]float64
	whole := len(a) / Lanes * Lanes
	if whole > 0 {
		use.distance(&parts, a[:whole], b[:whole])
	}
	for i := whole; i < len(a); i++ {
		d := a[i] - b[i]
		parts[i-whole] += float64(d * d)
	}
	for n := Lanes / 2; n > 0; n /= 2 {
		for i := range n {
			parts[i] += parts[i+n]
		}
	}
	return parts[0]
}

// Scores sets v[k][l] to v[k][l]·scale + offset[k] for each k, and returns the
// largest of each lane. A NaN is never the largest.
func Scores(v, offset []float32, scale float32) [Lanes]float32 {
	largest := [Lanes]float32{}
	for l := range largest {
		largest[l] = float32(math.Inf(-1))
	}
	checkPanel(v, len(offset))
	if len(offset) > 0 {
		use.scores(v, offset, scale, &largest)
	}
	return largest
}

// Weights sets each v[k][l] to e^(v[k][l] − largest[l]), where that is at least
// e^Least, and else to 0, and returns the sums of the lanes in double precision.
func Weights(v []float32, rows int, largest *[Lanes]float32) [Lanes]float64 {
	var sums [Lanes]float64
	checkPanel(v, rows)
	if rows > 0 {
		use.weights(v[:rows*Lanes], largest, &sums)
	}
	return sums
}

// Marks sets bit l of marks[k] where v[k][l] ≥ bound[l] and clears it elsewhere.
func Marks(marks []uint16, v []float32, bound *[Lanes]float32) {
	checkPanel(v, len(marks))
	if len(marks) > 0 {
		use.marks(marks, v, bound)
	}
}

func checkPanel(v []float32, rows int) {
	if len(v) < rows*Lanes {
		panic("panel: a panel is shorter than its rows")
	}
}
