// Package city turns a city file and the layers it names into an engine.Snapshot. It is the one
// door through which a city's files enter stint: what passes it is checked, converted to WGS-84,
// counted and hashed; what does not is refused with its file, line, column and cure.
//
//	city.yaml -> Parse -> File -> Read{ districts -> grid -> ground -> rides, occupancy -> lint ->
//	             sheets -> tree } -> engine.Snapshot
//
// Words: a Layer is a body of data of one kind with its format, columns and CRS; a row is one
// record of a table or one shape; a reject is a row that was refused, kept as a note with its
// reason; a pull is one occupancy snapshot of a fleet.
//
// Nothing is guessed: a layer's CRS is declared and then tested against the other layers, a value
// that the data can't support is unknown with a reason, and what is assumed becomes a note of kind
// "assumption". Nothing is dropped silently: every refused row is counted.
//
// Memory is bounded: tables and shapes are streamed row by row and hashed on the way; only the
// grid, the counts by cell, the shapes of districts, fences and zones, and samples of fixed size
// are held.
//
// Every fault of the input is a *Fault, and errors.Is(err, ErrInput) holds for it.
package city
