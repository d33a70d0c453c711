package rdb

import "github.com/stint-city/stint/engine"

// The keys of the bureau's log and documents, of pools and of what a scope keeps beside its ledger.
// The tag between the braces keeps on one slot what one script touches.

// cityKey returns a key of a city: "log", the list of its entries; "doc:<name>", a document.
func cityKey(city, name string) string { return "stint:{" + city + "}:" + name }

// poolKey returns a key of a pool: "pool", the hash of cap, drawn, replid and each scope's part;
// "transfers", the hash of every transfer.
func poolKey(pool, name string) string { return "stint:{pool:" + pool + "}:" + name }

// ledgerKey returns a key of a scope's ledger: "plan", "rec", "taken", "drawn", "ev" and so on.
func ledgerKey(s engine.Scope, name string) string { return "stint:{" + s.String() + "}:" + name }

// sideKey returns a key of a scope beside its ledger: "drawn", the hash of what each pool's level
// has drawn; "xfer:<pool>", the transfers of a pool that were carried out here; "archiver", who
// archives now.
func sideKey(s engine.Scope, name string) string { return "stint:{" + s.String() + "}:" + name }

// vehicleKey returns a key of the vehicles of a scope: "word:<operator>", "count:<operator>",
// "fleets", "floor"; tell.lua says what they are. They lie on another slot than the ledger, so that
// in a Cluster what vehicles tell need not wait for what is decided.
func vehicleKey(s engine.Scope, name string) string {
	return "stint:{" + s.String() + ":vehicles}:" + name
}
