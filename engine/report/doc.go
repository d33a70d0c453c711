// Package report is a plan as people get it: a folder of files, a page, a table on the terminal,
// an account of one number. It reads an engine.Plan and nothing else, so that every file can be
// made again from plan.json.
//
// # The folder
//
//	plan.json       the plan; every other file is made from it
//	quotas.csv      sector, cell, operator, quota, reason; quotas above 0
//	cells.csv       a row for each sector and cell with every figure; an empty field is unknown
//	cells.geojson   the same figures as properties of the H3 outlines, WGS-84
//	scorecards.json scores with their items
//	scorecards.csv  a row for each operator and indicator
//	report.html     the page: one file, no network, Chinese or English, made for A4 too
//	manifest.json   the SHA-256 and the size of every other file
//
// Write puts the folder in place in one step, or leaves nothing. Read takes it back, and Check
// holds the files against plan.json number by number, then against the manifest. The manifest
// guards against accidents: who can rewrite a file can rewrite the manifest too. The plan's ID,
// the hash of all its numbers, is what a public notice should print.
//
// # Words and units
//
// Those of engine: vehicles are int, areas m², demand trips a day unless the sector counts
// vehicles, scores 0-100, shares 0-1. Codes (limits, reasons, bounds) stand in the files; their
// texts come from engine/lang when a page, a table or an account is rendered. Unknown is an
// empty field, null, or the catalogue's word for it, never 0.
//
// The same plan and language give the same bytes.
package report
