// Package rdb keeps the ledgers of engine in Redis 7 or Valkey: one server, Sentinel or Cluster.
//
// A scope's keys share one tag, "stint:{city:sector}:…", so that one script decides a placement
// over all its levels in one step and writes one event. What reads, reads a mirror: a ledger in
// this process that follows the event stream. The archive is the same events in hash-chained files,
// written before the stream is trimmed.
//
// A ledger is opened on one server, which it knows by its replication ID. After a restart or a
// promotion that ID is another, and acknowledged events may be missing: the ledger then grants and
// changes nothing until it was compared with what the mirror and the archive know and opened again,
// as a new generation of events, in one step (reconcile.lua). Pools, which several scopes share,
// are settled in the same spirit: what one side remembers, the other carries out.
package rdb
