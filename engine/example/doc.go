// Package example makes a city to try stint on: a folder with everything a plan reads, drawn from a
// seed. Nothing in it was observed: the city lies in the open sea, and every file that can carry a
// label says so.
//
// # The city
//
// Lumen is six districts with shared borders, one with a lagoon and one with an island. Its history
// is a small simulation, so that the files agree with each other: riders ask for a vehicle block by
// block, a ride happens where one stands, and a vehicle stands parked between its rides. Where none
// stands the rider is lost, which is what stint's correction for stock-outs has to find again.
//
// It is made to give a plan with something to explain: parking, turnover, service, a ban and a
// district's cap each limit some cells; an underserved area has a floor; one operator scores near
// the pass line, one has no quota yet, and one indicator value is missing on purpose.
//
// # Units and determinism
//
// Places are whole centimetres east and north of the centre, written as degrees of WGS-84 with six
// decimals; times are local and without a zone. The same Options give the same bytes on every
// machine (gzipped files: with the same release of Go): random numbers come from seeded PCG
// streams, one a purpose; geometry is in integers; of math only the exactly rounded functions are
// used, and no product is added to without a conversion, so that no compiler may fuse the two.
package example
