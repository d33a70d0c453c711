// Package kernel is what every discrete-event simulation of stint stands on, and knows no city: a
// queue of events, random draws that are named instead of taken in turn, and an index of things on
// a plane that finds the nearest.
//
// Units: times are whole milliseconds since a start, places whole centimetres. Nothing here reads a
// clock, ranges over a map or allocates once it has grown to its working size, so that a run
// depends on its inputs alone.
package kernel
