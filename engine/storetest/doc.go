// Package storetest judges an engine.Store: one suite for memory, Redis and Cluster alike.
//
// Run passes three judgements. The cases hold each rule to an answer worked by hand. Random
// sequences of operations are answered by the store and by engine.Ledger side by side, and every
// answer and at the end every counter, record and event must be the same. And under concurrency the
// answers must be those of some order of the calls, with no tier beyond its cap in any.
package storetest
