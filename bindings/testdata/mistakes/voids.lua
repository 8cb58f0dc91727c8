voids.size_function { from = 6, to = 30 } --> voids\.size_function: needs radius and volume, or catalogues and box$
---
voids.size_function { radius = { 8 }, from = 6, to = 30 } --> needs radius and volume
---
voids.size_function { radius = { 8 }, volume = 10, box = 3, from = 6, to = 30 } --> box belongs to catalogues\n  hint: give radius and volume, or catalogues and box$
---
voids.size_function { radius = { 8 }, volume = 10, errors = "boxes", from = 6, to = 30 } --> errors must be "poisson" for radius, got "boxes"
---
voids.size_function { catalogues = { { radius = { 8 } } }, from = 6, to = 30 } --> box is required with catalogues
---
voids.size_function { catalogues = {}, box = 64, from = 6, to = 30 } --> catalogues must be a list of at least one catalogue
---
voids.size_function { catalogues = { { radius = { 8 } } }, box = 64, from = 6, to = 30 } --> catalogues\[1\]\.x must be a list of finite numbers, got nil
---
voids.size_function { catalogues = { 8, 9 }, box = 64, from = 6, to = 30 } --> catalogues\[1\] must be a catalogue, got 8
---
voids.size_function { catalogues = { { radius = { 8 } } }, box = 64, errors = "realizations", from = 6, to = 30 } --> errors must be "boxes" or "poisson" for a single catalogue
---
voids.cumulative { catalogues = { { x = { 64 }, y = { 0 }, z = { 0 }, radius = { 8 } } }, box = 64, cuts = { 6 } } --> catalogues\[1\] must have its centres in the box, got \(64, 0, 0\) at \[1\]
---
voids.cumulative { catalogues = { { radius = { 8 } } }, radius = { 8 }, volume = 1, box = 64, cuts = { 6 } } --> takes either radius and volume, or catalogues and box
---
voids.theory { radius = { 10, 0 } } --> voids\.theory: radius must hold radii from 0\.1 to 1000 Mpc/h, got 0 at \[2\]
---
voids.theory { radius = { 10 }, threshold = -1 } --> threshold must be a number from -0\.99 to -0\.01, got -1
---
local sim = nbody.new { box = 64, particles = 8, seed = 1 }
voids.threshold(sim, { smoothing = 17 }) --> voids\.threshold: smoothing must lie from 0 to a quarter of the box \(16 Mpc/h\), got 17
---
local sim = nbody.new { box = 64, particles = 8, seed = 1 }
voids.threshold(sim, { filter = "gausian" }) --> filter must be one of "tophat", "gaussian", got "gausian" \(did you mean "gaussian"\?\)
---
local sim = nbody.new { box = 64, particles = 8, seed = 1 }
local one = { x = { 1, 40 }, y = { 2, 3 }, z = { 3, 4 }, radius = { 5, 11 } }
voids.profile(sim, one, { to = 3 }) --> voids\.profile: to must keep the profile within half the box, got 3 \* 11 Mpc/h > 32 Mpc/h\n  hint: max_radius leaves the largest voids out
---
local sim = nbody.new { box = 64, particles = 8, seed = 1 }
local one = { x = { 1, 40 }, y = { 2, 3 }, z = { 3, 4 }, radius = { 5, 11 } }
voids.profile(sim, one, { max_radius = 10 }) --> a stack needs at least two voids, got 1
---
local sim = nbody.new { box = 64, particles = 8, seed = 1 }
voids.profile(sim, { x = { 1 }, y = { 2, 3 }, z = { 3 }, radius = { 5 } }) --> catalogue must hold arrays of one length
