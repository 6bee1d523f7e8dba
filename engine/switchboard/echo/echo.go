// Package echo is a contact that answers every call and sends back what it
// hears and sees, so that people can try their camera, microphone and network
// alone. It decodes nothing: RTP payloads return as they came.
//
// Contact takes the calls and bounds their number; a dialog is one of them,
// built on engine/internal/peer.
package echo

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"tring/engine/switchboard"
)

// Options of an echo. Zero values mean the defaults.
type Options struct {
	MaxCalls     int           // at once; 64
	Silence      time.Duration // a call without media for this long ends; 60 s
	LoopbackOnly bool          // stay on this machine
	STUN         []string      // servers ("stun:HOST:PORT") that tell the public address, if it is not this machine's own
	Log          *slog.Logger  // nil discards
}

// Contact is an echo. It implements switchboard.Contact.
type Contact struct {
	options Options
	slots   chan struct{} // capacity: calls at once
}

var errFull = errors.New("echo: too many calls at once")

// New makes an echo. It holds nothing until it is called.
func New(options Options) *Contact {
	if options.MaxCalls <= 0 {
		options.MaxCalls = 64
	}
	if options.Silence <= 0 {
		options.Silence = time.Minute
	}
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	return &Contact{options: options, slots: make(chan struct{}, options.MaxCalls)}
}

// Answer takes a call.
func (c *Contact) Answer(ctx context.Context, offer string) (string, switchboard.ContactDialog, error) {
	select {
	case c.slots <- struct{}{}:
	default:
		return "", nil, errFull
	}
	d, err := newDialog(c.options, sync.OnceFunc(func() { <-c.slots }))
	if err != nil {
		<-c.slots
		return "", nil, err
	}
	answer, err := d.Update(ctx, offer)
	if err != nil {
		d.Close()
		return "", nil, err
	}
	return answer, d, nil
}
