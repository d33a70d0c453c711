// Package lenient reads the JSON that others write: feeds of operators, which are dirtier than
// their standards. It is the counterpart of engine/strict, which reads what is written for stint.
//
//	body -> Reader -> values, and a Report of every deviation
//
// It takes what can be understood and counts what deviates: a Problem has a field, a kind, a count
// and the place of its first example. Nothing is guessed: what can't be understood is absent. Only
// a body that is no whole JSON text ends the reading, with ErrBroken.
//
// A Reader walks the text once and reads only the fields it is asked for; what it skips is never
// decoded. So no field about a rider enters. Values of IDs are never quoted in a Report.
package lenient
