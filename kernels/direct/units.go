package direct

import "math"

// Lengths, masses and times in SI, and in solar masses. The astronomical unit
// is exact (IAU 2012 B2), and so are the parsec (IAU 2015 B2), the Julian year
// and the nominal solar mass parameter (IAU 2015 B3): G is never needed apart
// from a mass.
const (
	metresAU  = 149597870700.0
	metresPc  = metresAU * 648000 / math.Pi
	secondsYr = 365.25 * 86400.0
	gmSun     = 1.3271244e20 // m³/s²
)

// Names of units, in the order in which help lists them.
var (
	Lengths    = []string{"AU", "pc", "kpc", "Mpc"}
	Masses     = []string{"Msun", "1e10 Msun"}
	Times      = []string{"day", "yr", "Myr", "Gyr"}
	Velocities = []string{"km/s"}
)

var (
	metres    = map[string]float64{"AU": metresAU, "pc": metresPc, "kpc": 1e3 * metresPc, "Mpc": 1e6 * metresPc}
	solar     = map[string]float64{"Msun": 1, "1e10 Msun": 1e10}
	seconds   = map[string]float64{"day": 86400, "yr": secondsYr, "Myr": 1e6 * secondsYr, "Gyr": 1e9 * secondsYr}
	perSecond = map[string]float64{"km/s": 1e3}
)

// Units is a consistent system of units.
type Units struct {
	G    float64 // length³ / (mass time²)
	Myr  float64 // one unit of time, Myr
	KmPS float64 // one unit of velocity, km/s
}

// UnitsByTime is the system of a length, a mass and a time. It panics if a name
// is unknown.
func UnitsByTime(length, mass, time string) Units {
	return units(named(metres, length), named(solar, mass), named(seconds, time))
}

// UnitsByVelocity is the system of a length, a mass and a velocity: the time is
// length/velocity. It panics if a name is unknown.
func UnitsByVelocity(length, mass, velocity string) Units {
	l := named(metres, length)
	return units(l, named(solar, mass), l/named(perSecond, velocity))
}

func units(l, m, t float64) Units {
	v := l / t
	return Units{G: gmSun * m / (l * v * v), Myr: t / (1e6 * secondsYr), KmPS: v / 1e3}
}

func named(table map[string]float64, name string) float64 {
	v, ok := table[name]
	if !ok {
		panic("direct: no unit is called " + name)
	}
	return v
}
