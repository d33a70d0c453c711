// Package demand estimates who would like to ride from the rides that were made.
//
//	Counts (rides by cell and hour, usable vehicles) -> Fit -> Table: riders an hour of the week
//
// Rides are what demand and supply let happen: a cell without a vehicle shows none. Three models:
//
//   - weekday-hour: the mean of each cell and hour of the week, as it was counted. It takes rides
//     for demand, and is the reference that others are judged by.
//   - censored-poisson: riders come by a Poisson law; where a cell has no usable vehicle some of
//     them walk to the ring around it and the rest are lost. The rates are those that make the
//     counts most likely, with a little evidence borrowed from the ring, found by expectation and
//     maximisation.
//   - pooled: a cell's level of late times a shape shared with the city (package forecast).
//
// It is arithmetic: no files, no clock, no chance.
//
// Source of the algorithm: Shepp and Vardi, Maximum likelihood reconstruction for emission
// tomography (1982), with riders for photons; of the model, demand for dockless micromobility from
// censored data (arXiv 2303.09971).
package demand
