// Package poll asks addresses of others for what is new: often enough, never more often than they
// want, and without being hurt by what they answer.
//
//	Address.Due -> Client.Get -> Answer -> (whoever asked judges the body) -> Address.Done
//
// A body is bounded in bytes, also when it is packed; an exchange is bounded in time, so that a
// server which sends a byte now and then holds nobody; redirects are bounded in number. Addresses
// of private networks are refused unless they are allowed, as a feed names its own addresses.
//
// After an answer the next question waits for its ttl; after a failure twice as long as after the
// failure before, with chance in it, so that many pollers don't come back at once. Time and chance
// are arguments. Times are ms since 1970.
//
// Sources: RFC 9110 (ETag, Retry-After); Brooker, Exponential Backoff And Jitter (2015).
package poll
