-- How much does a fifth force of strength beta change the size of cosmic voids?
--
-- The quick size: 64^3 particles in a box of 256 Mpc/h, five values of beta,
-- three realizations each: about a minute on two cores. Safe to interrupt: run
-- the same command again and it continues.
--
-- It prints, for each beta, the mean void radius in units of that of LCDM, and
-- writes every void, the ratios and two pictures below results/ of its run
-- directory. Larger beta, larger voids: expect about 0.90 at -0.2 and 1.10 at 0.2.
local calibration = require "lib.calibration"

calibration.run {
  box = 256,
  particles = 64,
  mesh = 128,
  steps = 25,
  betas = { -0.2, -0.1, 0.1, 0.2 },
  realizations = 3,
  largest = 100,
}
