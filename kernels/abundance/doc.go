// Package abundance is what counts of objects by size have in common, be they
// voids by radius or groups by mass: edges of bins, samples of objects with the
// volume they were found in, and the error of any estimate from samples by
// leaving one of them out at a time.
//
// # Samples
//
// A sample is one realization, or one of the 27 sub-boxes of a third of a box a
// side into which a single realization is divided. With θ_i the estimate from
// all g samples but the i-th and θ̄ the mean of these (Efron & Stein 1981, Ann.
// Stat. 9, 586),
//
//	err² = (g-1)/g Σ_i (θ_i - θ̄)²                                      (1)
//
// Of samples of one volume the estimate of a number density is the mean over
// samples, and (1) its standard error. Sub-boxes see that objects are not thrown
// at random, but not what fluctuates on the scale of the box.
package abundance
