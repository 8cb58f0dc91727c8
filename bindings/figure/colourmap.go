package figure

import (
	"image/color"
	"sort"
)

// A colourMap is a list of colours at equal distances from 0 to 1, joined by a
// smooth curve (Catmull and Rom) in each of red, green and blue.
type colourMap []uint32

// colourMaps holds ten colours of each map. inferno, magma and viridis are
// those of van der Walt and Smith (2015, CC0), whose lightness grows evenly:
// they keep the order of values in grey and for any colour vision. blue_red is
// RdBu of ColorBrewer (Brewer 2003), for values about a middle.
var colourMaps = map[string]colourMap{
	"inferno":  {0x000004, 0x1b0c41, 0x4a0c6b, 0x781c6d, 0xa52c60, 0xcf4446, 0xed6925, 0xfb9b06, 0xf7d13d, 0xfcffa4},
	"magma":    {0x000004, 0x180f3d, 0x440f76, 0x721f81, 0x9e2f7f, 0xcd4071, 0xf1605d, 0xfd9668, 0xfeca8d, 0xfcfdbf},
	"viridis":  {0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725},
	"blue_red": {0x053061, 0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7, 0xfddbc7, 0xf4a582, 0xd6604d, 0xb2182b, 0x67001f},
	"grey":     {0x000000, 0xffffff},
}

// ColourMaps lists the names of the colour maps, sorted.
func ColourMaps() []string {
	names := make([]string, 0, len(colourMaps))
	for name := range colourMaps {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// at is the colour at t, from 0 to 1; beyond, that of the end.
func (m colourMap) at(t float64) color.RGBA {
	last := len(m) - 1
	u := max(0, min(1, t)) * float64(last)
	i := min(int(u), last-1)
	u -= float64(i)
	channel := func(shift uint) uint8 {
		value := func(k int) float64 { return float64(m[max(0, min(last, k))] >> shift & 0xff) }
		p0, p1, p2, p3 := value(i-1), value(i), value(i+1), value(i+2)
		if i == 0 {
			p0 = 2*p1 - p2
		}
		if i == last-1 {
			p3 = 2*p2 - p1
		}
		a := float64(-p0+float64(3*p1)-float64(3*p2)+p3) / 2
		b := float64(float64(2*p0)-float64(5*p1)+float64(4*p2)-p3) / 2
		c := (p2 - p0) / 2
		v := float64(float64(float64(a*u)+b)*u) + c
		return uint8(max(0, min(255, float64(v*u)+p1)) + 0.5)
	}
	return color.RGBA{channel(16), channel(8), channel(0), 0xff}
}
