package kandy

import (
	"errors"
	"math/rand/v2"
	"time"
)

// backoff is how long to wait before an attempt: nothing before the first (0),
// then RetryFirst, twice that, … RetryMax, each shortened at random by up to a
// fifth so that a restarted server is not met by everybody at once.
func backoff(t Timers, attempt int) time.Duration {
	if attempt <= 0 {
		return 0
	}
	d := t.RetryMax
	if attempt < 16 {
		d = min(d, t.RetryFirst<<(attempt-1))
	}
	return d - time.Duration(rand.Int64N(int64(d)/5+1))
}

// askedDelay is how long the server asked to be left alone (Retry-After).
func askedDelay(err error) time.Duration {
	var se *statusError
	if errors.As(err, &se) {
		return min(se.retryAfter, 5*time.Minute)
	}
	return 0
}
