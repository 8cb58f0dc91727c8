package direct

// A Precision is that of the forces. Positions, velocities, diagnostics and
// the sums over all particles are in double precision always.
type Precision string

const (
	Double Precision = "double"
	Single Precision = "single" // some 1e-6 of a force, several times faster; see the package's doc
)

// Precisions are the names, the default first.
var Precisions = []string{string(Double), string(Single)}
