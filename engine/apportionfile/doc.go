// Package apportionfile reads questions to quota/apportion from files, has them solved and
// certified, and writes the answers: `stint apportion`.
//
// A question is a matrix with row and column totals, or one row with one total. ReadJSON reads it
// from one JSON object, ReadCSV from a file of entries and two of totals, line by line, for
// matrices of millions of entries. engine/strict reads what people write; what programs write may
// be a hundred megabytes, which a tree of YAML nodes can't hold, so the reader here takes JSON
// token by token. It is as strict: unknown and repeated keys, wrong types, ragged rows, totals that
// don't meet and numbers out of range are a *strict.Fault with line and column.
//
// Flow: ReadJSON or ReadCSV, Question.Set for the flags, Solve, then Answer.WriteJSON or WriteCSV;
// Shortage for what is infeasible.
package apportionfile
