package core

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"tring/engine"
	"tring/engine/internal/audio"
	"tring/engine/internal/peer"
)

const (
	dialGap  = 70 * time.Millisecond // between digits, as package peer has it
	dialMost = 128                   // digits that may wait
)

// dialer keeps digits in the order in which they were typed.
type dialer struct {
	mu      sync.Mutex
	waiting []rune
	running bool // a job takes them
}

// add queues digits; start says that a job must be begun for them.
func (d *dialer) add(digits string) (start, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.waiting)+len(digits) > dialMost {
		return false, false
	}
	d.waiting = append(d.waiting, []rune(digits)...)
	start = !d.running
	d.running = true
	return start, true
}

// next takes a digit; without one the job ends.
func (d *dialer) next() (rune, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.waiting) == 0 {
		d.running = false
		return 0, false
	}
	digit := d.waiting[0]
	d.waiting = d.waiting[1:]
	return digit, true
}

func (d *dialer) clear() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting = nil
}

// SendDTMF implements engine.Engine.
func (c *Core) SendDTMF(id engine.CallID, digits string) error {
	return c.ask(func() error {
		e, err := c.find(id)
		if err != nil {
			return err
		}
		if !e.st.Phase.Established() || e.media == nil || e.media.closed {
			return wrongState(e.st)
		}
		digits := strings.ToUpper(strings.Join(strings.Fields(digits), ""))
		if bad := strings.Trim(digits, "0123456789*#ABCD,"); bad != "" || digits == "" {
			return &engine.Problem{Cause: "Tones are the digits 0 to 9, *, # and A to D.", Next: "Leave the other characters out.", Err: engine.ErrBadAddress}
		}
		start, ok := e.dialer.add(digits)
		if !ok {
			return &engine.Problem{Cause: "Too many digits wait to be sent.", Next: "Wait until they are out.", Err: engine.ErrWrongState}
		}
		if start {
			m := e.media
			c.job(func(context.Context) { c.dial(e, m) })
		}
		return nil
	})
}

// dial sends what waits in the call's dialer.
func (c *Core) dial(e *entry, m *media) {
	for digit, ok := e.dialer.next(); ok; digit, ok = e.dialer.next() {
		err := c.sendDigit(e.ctx, m, digit)
		if err == nil {
			continue
		}
		e.dialer.clear()
		if e.ctx.Err() == nil {
			p := problemOf(err, "The tones could not be sent.", "Try again.")
			c.post(func() { c.emit(engine.Event{Name: engine.EventCallError, CallID: e.id, Problem: p}) })
		}
	}
}

// sendDigit sends one digit and the gap after it, and lets the user hear it:
// as an event (RFC 4733), or as sound to a far end that takes no events.
func (c *Core) sendDigit(ctx context.Context, m *media, digit rune) error {
	if digit == ',' {
		return m.conn.SendDTMF(ctx, ",") // a pause
	}
	quiet := func() {}
	if m.conn.Sending(peer.Audio) {
		quiet = c.desk.Play(audio.DTMF(digit))
	}
	err := m.conn.SendDTMF(ctx, string(digit))
	if errors.Is(err, engine.ErrNotSupported) {
		err = m.outbound.SendDTMF(ctx, string(digit))
	}
	quiet()
	if err != nil {
		return err
	}
	gap := time.NewTimer(dialGap)
	defer gap.Stop()
	select {
	case <-gap.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
