// Package mds speaks the Mobility Data Specification 2.0, micromobility: it reads what operators
// publish (Provider), takes in what they push (Agency), and hands both to a picture of the street.
//
//	body -> Read… -> Event, Telemetry, Trip, Vehicle, Status, Report -> batches of engine/observe
//	Client: pages of an operator's Provider API -> the same
//	Agency: POST and PUT of an operator -> Room, and the bulk answer of the standard
//
// It decodes leniently and reports strictly: what deviates is counted with its first place, and
// what can be understood is taken. An item that lacks what it is about, or has it in a form that
// can't be understood, is a failure; the others of its body are taken.
//
// No field about a rider, a price or a way is read. IDs become salted hashes at once. An event
// without a place, but with the geographies it happened in, is as good as any.
//
// Times are Unix milliseconds.
//
// Sources: openmobilityfoundation/mobility-data-specification 2.0.2 (agency, provider, data-types,
// general-information, modes/micromobility.md); mds-openapi v2.0 fae69cb.
package mds
