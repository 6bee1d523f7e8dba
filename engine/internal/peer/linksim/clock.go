package linksim

import (
	"container/heap"
	"time"
)

// Clock runs events in virtual time, in order; those of one time in the order
// in which they were asked for. The zero value starts in 2001.
type Clock struct {
	now    time.Time
	events events
	count  int
}

// Now is the virtual time.
func (c *Clock) Now() time.Time {
	if c.now.IsZero() {
		c.now = time.Unix(1_000_000_000, 0)
	}
	return c.now
}

// At runs f at a time; at once, in its turn, if that is over.
func (c *Clock) At(at time.Time, f func()) {
	if now := c.Now(); at.Before(now) {
		at = now
	}
	c.count++
	heap.Push(&c.events, event{at, c.count, f})
}

// After runs f later.
func (c *Clock) After(d time.Duration, f func()) { c.At(c.Now().Add(d), f) }

// Run runs what happens within a time.
func (c *Clock) Run(d time.Duration) {
	end := c.Now().Add(d)
	for len(c.events) > 0 && !c.events[0].at.After(end) {
		e := heap.Pop(&c.events).(event) //nolint:forcetypeassert // Push is called above only
		c.now = e.at
		e.f()
	}
	c.now = end
}

type event struct {
	at    time.Time
	order int
	f     func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at.Before(e[j].at) || e[i].at.Equal(e[j].at) && e[i].order < e[j].order
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) } //nolint:forcetypeassert // called by heap alone
func (e *events) Pop() any {
	last := len(*e) - 1
	x := (*e)[last]
	(*e)[last] = event{}
	*e = (*e)[:last]
	return x
}
