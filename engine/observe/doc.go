// Package observe keeps what stands where, and says what it may mean. It is arithmetic: it reads no
// clock, file or network; its callers hand it batches and the time.
//
//	CSV -> Batch -> Street.Apply -> Occupancy, Health, Findings
//
// Words: a Sighting is one vehicle as one feed told of it; a Batch is one delivery of one
// operator's feed of one sector, either its whole fleet (a snapshot) or what happened to single
// vehicles (events); the picture of a feed is its last known fleet.
//
// Of two words about a vehicle the later one holds, of two of the same time the greater; a snapshot
// replaces whatever is not newer than itself. So the order of arrival doesn't matter, and what
// arrives twice changes nothing.
//
// Times are Unix milliseconds, UTC. Places are WGS-84. Vehicle IDs are salted hashes from the door
// on (Hasher): no name that an operator gave enters, and no field about a rider has a place here.
//
// A picture that is too old, or that nobody has delivered, is unknown. It is never an empty street.
package observe
