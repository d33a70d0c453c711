// Package ingest takes in where vehicles are, fast: the door for pings by the hundred thousand.
//
//	CSV or JSON -> blocks of whole rows -> Door's table -> words -> engine.Whereabouts
//
// Words: a row is what a text tells of one vehicle; the table is where this server last knew every
// vehicle; a word is what it tells the store; a feed is one operator's fleet in one sector.
//
// # What is counted
//
// The store keeps each vehicle's latest word and counts vehicles by operator, cell and state. A row
// that changes neither cell nor state costs no call of the store. A row that does marks the
// vehicle; Flush tells the store of all marked ones in batches, each merged and counted in one
// step, so that retries, crashes between two batches and several servers never count a vehicle
// twice.
//
// A server doesn't hear what others tell. So what is newer here than what the store was told, and
// changed no count, is told after Config.Refresh all the same: until then a late row at another
// server can hold a place that this server knows to be older. The counts are always those of the
// words that the store has.
//
// # Units and rules
//
// Times are Unix milliseconds, places WGS-84 kept to 1e-7 degrees (1 cm), and a cell is that of the
// place as kept. State and place are each as last told, and at one time the greater word holds: the
// order of rows doesn't matter, and a row told twice changes nothing. Vehicles go by salted hashes
// from the door on. Only mapped columns are read: what is about riders is skipped, never kept.
//
// A CSV row is one line. A bad row is refused and named, and the others are taken.
package ingest
