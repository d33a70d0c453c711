// Package server runs redis-server, or valkey-server, as a child of this process: the durable store
// of a stint that was given none, and what tests need to see a real one killed, paused, failing
// over and started again.
//
// Start finds the program on PATH, gives it a folder for its append-only file and a private socket
// or a free loopback port, and waits until it answers. The child dies with its parent where the
// system can arrange that (Linux).
package server
