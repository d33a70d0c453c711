// Package live keeps a running picture of the street: what operators push and what is fetched from
// them, in a folder of its own, so that a restart knows what was known.
//
//	batch -> Room.Observe -> journal -> observe.Street -> Occupancy, Health
//	clock -> Room.Forget  -> picture -> old parts of the journal are gone
//
// A delivery is in the journal, on disk, before it is in the picture and before anybody is told
// that it was taken. The journal has a folder for each kind of data (observe.Data) and in it a file
// for each hour of arrival; a file goes when its whole hour is older than the kind's retention.
// What is the last word about a vehicle outlives its file: it is the picture and no history.
//
// One process at a time may use a folder. Vehicles are salted hashes; no field about a rider has a
// place here.
package live
