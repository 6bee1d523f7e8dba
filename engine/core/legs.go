package core

import (
	"slices"
	"time"

	"tring/engine"
	"tring/engine/internal/call"
	"tring/engine/internal/checkup"
	"tring/engine/internal/signaling"
)

// incoming enters an invitation.
func (c *Core) incoming(ev signaling.Incoming) {
	if _, known := c.legs[ev.Leg]; known || c.closing {
		return
	}
	video, problem := offersVideo(ev.Offer)
	c.stopCheck(checkup.StoppedByCall)
	e := c.newEntry(engine.Incoming)
	e.leg, e.remote, e.remoteName, e.offeredVideo = ev.Leg, ev.From, ev.DisplayName, video
	c.legs[ev.Leg] = e
	c.emit(engine.Event{Name: engine.EventCallReceive, CallID: e.id, Remote: ev.From, RemoteName: ev.DisplayName, Video: video})
	c.step(e, call.Received{Offer: ev.Offer})
	if problem != nil { // nothing in it that could ever be answered
		c.step(e, call.Unusable{Problem: problem})
	}
}

// legEvent gives an event of a leg to its call. The reply that names a new leg
// and the first event about it come by two goroutines: while an invitation is
// under way, events about unknown legs wait for it.
func (c *Core) legEvent(ev signaling.Event) {
	leg, in := legInput(ev)
	e, ok := c.legs[leg]
	if !ok {
		if c.inviting > 0 && len(c.early) < 64 {
			c.early = append(c.early, ev)
		}
		return
	}
	if _, ok := in.(call.Accepted); ok && e.answeredAt.IsZero() {
		e.answeredAt = time.Now()
	}
	c.step(e, in)
}

func legInput(ev signaling.Event) (signaling.LegID, call.Input) {
	switch ev := ev.(type) {
	case signaling.RemoteRinging:
		return ev.Leg, call.RemoteRinging{}
	case signaling.Accepted:
		return ev.Leg, call.Accepted{Answer: ev.Answer}
	case signaling.Offered:
		return ev.Leg, call.Offered{Offer: ev.Offer}
	case signaling.Answered:
		return ev.Leg, call.Answered{Answer: ev.Answer}
	case signaling.Finished:
		return ev.Leg, call.Finished{Cancelled: ev.Cancelled, End: ev.End}
	}
	return "", call.RetryDue{}
}

// forget takes a call that is over out of the Snapshot.
func (c *Core) forget(e *entry) {
	delete(c.calls, e.id)
	if c.legs[e.leg] == e {
		delete(c.legs, e.leg)
	}
	c.order = slices.DeleteFunc(c.order, func(id engine.CallID) bool { return id == e.id })
	c.dirty = true
}
