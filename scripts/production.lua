-- How much does a fifth force of strength beta change the size of cosmic voids?
--
-- The production size: 128^3 particles in a box of 512 Mpc/h, eight values of
-- beta beside LCDM, five realizations each. Safe to interrupt: run the same
-- command again and it continues.
--
-- It prints and writes what scripts/quick.lua does. FastPM with 40 steps by
-- default; --stepper quinn --steps 500 is the leapfrog without its factors.
local calibration = require "lib.calibration"

calibration.run {
  box = 512,
  particles = 128,
  mesh = 256,
  steps = 40,
  betas = { -0.2, -0.15, -0.1, -0.05, 0.05, 0.1, 0.2, 0.3 },
  realizations = 5,
  largest = 800,
}
