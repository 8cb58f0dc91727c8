package cosmology

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"runlua/kernels/fmath"
)

// Units of a table of k and P.
const (
	UnitsH   = "h/Mpc" // k in h/Mpc, P in (Mpc/h)³: CAMB and CLASS by default
	UnitsMpc = "1/Mpc" // k in 1/Mpc, P in Mpc³
)

// A SpectrumTable is a linear spectrum known at some wave numbers. Between them
// ln P is the cubic in ln k that has at each point the slope of the parabola
// through it and its neighbours. Outside Range P is NaN: there is no
// extrapolation. It is immutable and implements Spectrum.
type SpectrumTable struct {
	k, p    []float64 // h/Mpc, (Mpc/h)³
	x, y, m []float64 // ln k, ln P, slopes
	units   string
	digest  string
}

const (
	// What a table must cover to be normalised to σ8, in h/Mpc: beyond it lie
	// less than .1 % of σ8 for spectra of cold dark matter.
	sigma8From, sigma8To = 0.005, 1

	// How near to the model's σ8, and to the shape of its Eisenstein-Hu spectrum
	// (rms of the ratio's logarithm from .01 to .3 h/Mpc), units must bring a
	// table. For h = .67 the wrong ones make σ8 .75 or 1.29 of it and leave the
	// shape .3 off; a table of another σ8 could have the right one in the
	// wrong units, but not the shape.
	unitsSlack, shapeSlack = 0.1, 0.1

	maxSpectrumPoints = 1 << 20
)

// ReadSpectrum reads a table of k and P at z = 0 as CAMB and CLASS write them:
// two columns of numbers, k rising, P positive; the rest of a line after # is a
// comment.
//
// units is UnitsH, UnitsMpc or "". With "" they are those that the comments name
// ("h/Mpc", "k/h", "Mpc/h" or "1/Mpc", "Mpc^3"), else those with which the table
// has the model's σ8 and the shape of its spectrum, each within 10 %, if only one
// does. A table whose comments
// name other units than given, or a redshift that is not 0, is refused. Errors
// name the line.
func (m *Model) ReadSpectrum(r io.Reader, units string) (*SpectrumTable, error) {
	if units != "" && units != UnitsH && units != UnitsMpc {
		return nil, fmt.Errorf("cosmology: units must be %q or %q, got %q", UnitsH, UnitsMpc, units)
	}
	k, p, comments, err := readTwoColumns(r)
	if err != nil {
		return nil, err
	}
	if z, ok := commentRedshift(comments); ok && z != 0 {
		return nil, fmt.Errorf("cosmology: the spectrum must be that of z = 0, its comments say z = %v", z)
	}
	said, err := commentUnits(comments)
	switch {
	case err != nil && units == "":
		return nil, err
	case units == "":
		units = said
	case said != "" && said != units:
		return nil, fmt.Errorf("cosmology: units must be those of the table, its comments say %s, got %s", said, units)
	}
	if units == "" {
		if units, err = m.unitsBySigma8(k, p); err != nil {
			return nil, err
		}
	}
	return m.spectrumOf(k, p, units), nil
}

// spectrumOf makes the table of checked columns in the given units.
func (m *Model) spectrumOf(k, p []float64, units string) *SpectrumTable {
	t := &SpectrumTable{k: append([]float64(nil), k...), p: append([]float64(nil), p...), units: units}
	if units == UnitsMpc {
		h := m.p.H
		for i := range t.k {
			t.k[i] /= h
			t.p[i] *= h * h * h
		}
	}
	t.prepare()
	return t
}

// prepare fills what follows from k and p.
func (t *SpectrumTable) prepare() {
	n := len(t.k)
	t.x, t.y, t.m = make([]float64, n), make([]float64, n), make([]float64, n)
	h := sha256.New()
	for i := range t.k {
		t.x[i], t.y[i] = fmath.Log(t.k[i]), fmath.Log(t.p[i])
		h.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(t.k[i])))
		h.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(t.p[i])))
	}
	t.digest = hex.EncodeToString(h.Sum(nil)[:16])
	for i := range t.m {
		j := min(max(i, 1), n-2) // the middle of three points
		h0, h1 := t.x[j]-t.x[j-1], t.x[j+1]-t.x[j]
		d0, d1 := (t.y[j]-t.y[j-1])/h0, (t.y[j+1]-t.y[j])/h1
		bend := (d1 - d0) / (h0 + h1)
		t.m[i] = d0 + float64(bend*(float64(2*t.x[i])-t.x[j-1]-t.x[j]))
	}
}

// unitsBySigma8 returns the units with which the table has the model's σ8 and
// shape.
func (m *Model) unitsBySigma8(k, p []float64) (string, error) {
	e, err := m.EisensteinHu(true)
	if err != nil {
		return "", err
	}
	var fits []string
	var found [2]float64
	for i, units := range []string{UnitsH, UnitsMpc} {
		t := m.spectrumOf(k, p, units)
		found[i] = Sigma(covered{t}, 8)
		if math.Abs(found[i]/m.p.Sigma8-1) < unitsSlack && t.shapeDifference(e) < shapeSlack {
			fits = append(fits, units)
		}
	}
	if len(fits) != 1 {
		return "", fmt.Errorf("cosmology: the units of the spectrum are not clear: no comment names them, and neither or both of them give what the cosmology has: sigma8 would be %.3g with %s and %.3g with %s, and should be %v",
			found[0], UnitsH, found[1], UnitsMpc, m.p.Sigma8)
	}
	return fits[0], nil
}

// shapeDifference is the rms of ln(t/e) less its mean at 16 wave numbers from .01
// to .3 h/Mpc, NaN if t does not cover them.
func (t *SpectrumTable) shapeDifference(e *EH) float64 {
	const n = 16
	var sum, square float64
	for i := range n {
		k := 0.01 * fmath.Pow(30, float64(i)/(n-1))
		d := fmath.Log(t.P(k) / e.P(k))
		sum, square = sum+d, square+float64(d*d)
	}
	return math.Sqrt(float64(square/n) - float64((sum/n)*(sum/n)))
}

// Normalised returns the spectrum times the factor that makes Sigma(·, 8) equal
// to sigma8. The error names the range if the table does not cover k from .005 to
// 1 h/Mpc; what lies outside the table counts as nothing, which takes up to .1 %.
func (t *SpectrumTable) Normalised(sigma8 float64) (*SpectrumTable, error) {
	if first, last := t.Range(); first > sigma8From || last < sigma8To {
		return nil, fmt.Errorf("cosmology: to be normalised to sigma8 the spectrum must cover k from %v to %v h/Mpc, got %.4g to %.4g", sigma8From, float64(sigma8To), first, last)
	}
	f := sigma8 / Sigma(covered{t}, 8)
	n := &SpectrumTable{k: t.k, p: append([]float64(nil), t.p...), units: t.units}
	for i := range n.p {
		n.p[i] *= float64(f * f)
	}
	n.prepare()
	return n, nil
}

// Sigma8 returns Sigma(t, 8), with nothing outside the table.
func (t *SpectrumTable) Sigma8() float64 { return Sigma(covered{t}, 8) }

// Range returns the first and last k of the table, h/Mpc.
func (t *SpectrumTable) Range() (first, last float64) { return t.k[0], t.k[len(t.k)-1] }

// Units returns the units in which the table was written.
func (t *SpectrumTable) Units() string { return t.units }

// Digest identifies the table's numbers, as they stand in h/Mpc and (Mpc/h)³.
func (t *SpectrumTable) Digest() string { return t.digest }

// P implements Spectrum; it is NaN outside Range.
func (t *SpectrumTable) P(k float64) float64 {
	first, last := t.Range()
	switch {
	case !(k > 0):
		return 0
	case !(k >= first*(1-tableSlack) && k <= last*(1+tableSlack)):
		return math.NaN()
	case k <= first:
		return t.p[0]
	case k >= last:
		return t.p[len(t.p)-1]
	}
	i := sort.SearchFloat64s(t.k, k) - 1 // k[i] < k <= k[i+1]
	h := t.x[i+1] - t.x[i]
	return fmath.Exp(hermite(t.y[i], t.y[i+1], float64(h*t.m[i]), float64(h*t.m[i+1]), (fmath.Log(k)-t.x[i])/h))
}

// Covered returns the table with nothing outside it, for integrals such as Sigma.
func (t *SpectrumTable) Covered() Spectrum { return covered{t} }

// CoversSigma tells whether the table holds what matters of σ in spheres of
// radius r Mpc/h, as Normalised wants it of 8 Mpc/h: all but .1 % or so.
func (t *SpectrumTable) CoversSigma(r float64) bool {
	first, last := t.Range()
	return last*r >= 8*sigma8To && (first <= sigma8From || first*r <= 8*sigma8From)
}

// covered is a table that is 0 where it is not known.
type covered struct{ t *SpectrumTable }

func (c covered) P(k float64) float64 {
	if first, last := c.t.Range(); k < first || k > last {
		return 0
	}
	return c.t.P(k)
}

// readTwoColumns reads k and P and the comments between them.
func readTwoColumns(r io.Reader) (k, p []float64, comments []string, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	n := 0
	bad := func(format string, args ...any) error {
		return fmt.Errorf("cosmology: line %d of the spectrum %s", n, fmt.Sprintf(format, args...))
	}
	for lines.Scan() {
		n++
		text, comment, found := strings.Cut(lines.Text(), "#")
		if found {
			comments = append(comments, comment)
		}
		words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == '\r' })
		if len(words) == 0 {
			continue
		}
		if len(words) != 2 {
			return nil, nil, nil, bad("must hold two numbers, k and P, got %d", len(words))
		}
		var x [2]float64
		for i, w := range words {
			v, err := strconv.ParseFloat(w, 64)
			if err != nil || !(v > 0 && finite(v)) {
				return nil, nil, nil, bad("must hold positive numbers, got %q", w)
			}
			x[i] = v
		}
		if len(k) > 0 && !(x[0] > k[len(k)-1]*(1+1e-12)) {
			return nil, nil, nil, bad("must have a larger k than the line before, got %v after %v", x[0], k[len(k)-1])
		}
		if len(k) == maxSpectrumPoints {
			return nil, nil, nil, bad("is one too many, the limit is %d", maxSpectrumPoints)
		}
		k, p = append(k, x[0]), append(p, x[1])
	}
	if err := lines.Err(); err != nil {
		return nil, nil, nil, fmt.Errorf("cosmology: read the spectrum: %w", err)
	}
	if len(k) < 4 {
		return nil, nil, nil, fmt.Errorf("cosmology: the spectrum must have at least 4 lines of k and P, got %d", len(k))
	}
	return k, p, comments, nil
}

var (
	withH      = regexp.MustCompile(`h/mpc|k/h|mpc/h|hmpc\^?\{?-1|h\^?\{?-[13]\}?mpc|h\^?\{?3\}?p`)
	withoutH   = regexp.MustCompile(`1/mpc|mpc\^?\{?-1|mpc\^?\{?3|mpc³|mpc\*\*3`)
	ofRedshift = regexp.MustCompile(`\bz\s*=\s*([-+0-9.eE]*[0-9])`)
)

// commentUnits returns the units that comments name, or "". The error is that
// they name both.
func commentUnits(comments []string) (string, error) {
	text := strings.ToLower(strings.Join(strings.Fields(strings.Join(comments, "\n")), ""))
	h := withH.MatchString(text)
	mpc := withoutH.MatchString(withH.ReplaceAllString(text, " "))
	switch {
	case h && mpc:
		return "", fmt.Errorf("cosmology: the units of the spectrum are not clear: its comments name some with h and some without")
	case h:
		return UnitsH, nil
	case mpc:
		return UnitsMpc, nil
	}
	return "", nil
}

// commentRedshift returns the redshift that comments name, if they do.
func commentRedshift(comments []string) (float64, bool) {
	for _, c := range comments {
		if m := ofRedshift.FindStringSubmatch(c); m != nil {
			z, err := strconv.ParseFloat(m[1], 64)
			return z, err == nil
		}
	}
	return 0, false
}
