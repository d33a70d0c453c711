// Package queue spreads a study over machines that share a Redis: one process asks, workers answer.
//
//	Run: study -> inputs and tasks in Redis -> waits for shares, block by block -> Result
//	Worker: task -> the study's inputs -> Maker.Share -> a compressed share in Redis
//
// A task is one block of replications of one policy, named by the job's hash, the policy and the
// block, so that the same work is in the queue once whoever asks for it. What a share holds depends
// on its name alone: a task that is made twice gives the same bytes, and nothing has to be undone.
//
// # When a worker is lost
//
// A worker that makes a share says so every second under a key that ends by itself. Where a task is
// being worked on and nobody has said so for some seconds, Run puts a copy of it into the queue.
// The queue's own lease does the same later, after a minute or two, should Run be gone as well; a
// worker that finds the share there has nothing to do.
//
// # What is kept
//
// Inputs and shares expire after a day. Run deletes what it used once it has its result; one that
// was interrupted leaves it, and the same study asked for again goes on from there.
//
// It is the only package that knows asynq.
package queue
