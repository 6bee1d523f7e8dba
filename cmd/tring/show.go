package main

import (
	"time"

	"tring/engine"
)

// How long the headless demo talks to the echo contact, and how long it may
// take in all.
const (
	showTime  = 10 * time.Second
	showLimit = 60 * time.Second
)

// show is what the headless demo does: a call to the echo contact, some
// numbers, a picture kept, the end. A nil show does nothing.
type show struct {
	h       *headless
	contact string
	file    string // of the picture

	call  engine.CallID
	clock <-chan time.Time // for next
	last  bool             // when clock has run out, so has the time of the demo
	kept  bool             // the picture was kept; written by a job
}

func newShow(h *headless, contact, file string) *show {
	return &show{h: h, contact: contact, file: file, clock: time.After(showLimit), last: true}
}

// time is when next is to be called; nil for never.
func (s *show) time() <-chan time.Time {
	if s == nil {
		return nil
	}
	return s.clock
}

// follow takes an event, and tells whether the demo is over, and how.
func (s *show) follow(ev engine.Event) (code int, over bool) {
	switch {
	case s == nil:
	case ev.Name == engine.EventSubscriptionChange && len(ev.Subscribed) > 0 && s.call == "":
		var err error
		if s.call, err = s.h.engine.Call(s.contact, engine.CallOptions{Video: true}); err != nil {
			s.h.out.problem("command:error", "", err)
			return exitFailure, true
		}
	case ev.Name != engine.EventCallStateChange || ev.CallID != s.call:
	case ev.State == engine.Connected && s.last:
		s.clock, s.last = time.After(showTime), false
	case ev.State.Final():
		s.h.jobs.Wait()
		if !s.kept {
			s.h.out.problem("call:error", s.call, &engine.Problem{
				Cause: "The demo's call ended before a picture of it was kept.", Next: "Try again with --log-level debug.",
			})
			return exitFailure, true
		}
		return exitOK, true
	}
	return 0, false
}

// next keeps the returned picture and hangs up. If the call never came so far,
// or does not end, the demo is over.
func (s *show) next() (code int, over bool) {
	if s.last {
		s.h.out.problem("call:error", s.call, &engine.Problem{
			Cause: "The demo did not come to its end in time.", Next: "Try again with --log-level debug.",
		})
		return exitFailure, true
	}
	s.clock, s.last = time.After(showLimit), true
	h, id := s.h, s.call
	h.command("stats call=" + string(id))
	h.jobs.Go(func() {
		if err := savePicture(h.engine, id, engine.RemoteVideo, s.file); err != nil {
			h.out.problem("call:error", id, err)
		} else {
			s.kept = true
			h.out.line(time.Now(), "call:snapshot", field{"callId", id}, field{"file", s.file})
		}
		_ = h.engine.Hangup(id)
	})
	return 0, false
}
