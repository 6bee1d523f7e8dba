package device

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// How long drivers may take. They are generous: a USB camera that wakes up
// needs a second or two, and only a hung one meets them.
const (
	openLimit  = 6 * time.Second
	listLimit  = 3 * time.Second
	closeLimit = time.Second
)

// errHung says that a driver did not come back in time.
var errHung = errors.New("the driver does not answer")

// limited runs f, which calls into a driver, and waits for it no longer than
// limit or ctx. A panic of the driver becomes an error.
//
// A call that hangs cannot be ended from outside. Its goroutine stays until
// the driver comes back; then late, which may be nil, gets the result nobody
// waits for any more and closes it.
func limited[T any](ctx context.Context, limit time.Duration, f func() (T, error), late func(T)) (T, error) {
	type result struct {
		value T
		err   error
	}
	var zero T
	done := make(chan result)
	abandoned := make(chan struct{})
	go func() {
		var r result
		r.value, r.err = guarded(f)
		select {
		case done <- r:
		case <-abandoned:
			if late != nil && r.err == nil {
				late(r.value)
			}
		}
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		close(abandoned)
		return zero, ctx.Err()
	case <-timer.C:
		close(abandoned)
		return zero, errHung
	}
}

// guarded runs f and turns a panic into an error.
func guarded[T any](f func() (T, error)) (value T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("driver panicked: %v", r)
		}
	}()
	return f()
}

// logger is log, or one that discards.
func logger(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return log
}
