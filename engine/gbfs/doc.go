// Package gbfs reads the General Bikeshare Feed Specification, 2.1 to 2.3 and 3.0, as operators
// publish it, into batches that engine/observe takes in.
//
//	discovery -> endpoints
//	vehicle_types, stations, vehicles -> Feed.Take -> File (with its problems), Feed.Batches
//
// It decodes leniently and reports strictly: what deviates from the feed's version is counted, with
// the place of the first example, and what can be understood is taken. Only a body that is no whole
// JSON text, or has no data, is unusable: then nothing of it is taken and the picture before it
// grows stale.
//
// Only the fields that stint needs are read and judged; names, links and prices are not. Vehicle
// IDs become salted hashes at once. Vehicles in a rental are absent from GBFS, so a fleet is a
// lower bound; IDs change after each trip, so nothing is said of how long a vehicle stood.
//
// Sources: MobilityData/gbfs, gbfs.md of v2.1, v2.2, v2.3 and v3.0; gbfs-json-schema 2e974fd.
package gbfs
