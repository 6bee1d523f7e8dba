package switchboard

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// agenda is the server's one clock: what is to be done later, in order of
// time. Entries are never taken off; what an entry does looks first whether it
// still applies.
type agenda struct {
	mu      sync.Mutex
	entries entryHeap
	count   uint64
	wake    chan struct{} // capacity 1: the first entry may have changed
}

type entry struct {
	at    time.Time
	count uint64 // keeps the order of entries for the same time
	do    func()
}

func newAgenda() *agenda { return &agenda{wake: make(chan struct{}, 1)} }

// after has do run once d has passed, by the goroutine in run.
func (a *agenda) after(d time.Duration, do func()) {
	a.mu.Lock()
	a.count++
	heap.Push(&a.entries, entry{time.Now().Add(d), a.count, do})
	a.mu.Unlock()
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// run works the agenda off until ctx ends; lock is held while an entry runs.
func (a *agenda) run(ctx context.Context, lock sync.Locker) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		due, next := a.due(time.Now())
		for _, do := range due {
			lock.Lock()
			if ctx.Err() == nil {
				do()
			}
			lock.Unlock()
		}
		timer.Reset(next)
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-a.wake:
		}
	}
}

// due takes off what is due and says how long until the next.
func (a *agenda) due(now time.Time) (due []func(), next time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for len(a.entries) > 0 && !a.entries[0].at.After(now) {
		due = append(due, heap.Pop(&a.entries).(entry).do)
	}
	switch {
	case len(due) > 0:
		return due, 0 // look again: time has passed while they ran
	case len(a.entries) == 0:
		return nil, time.Hour
	default:
		return nil, a.entries[0].at.Sub(now)
	}
}

type entryHeap []entry

func (h entryHeap) Len() int { return len(h) }

func (h entryHeap) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].count < h[j].count
	}
	return h[i].at.Before(h[j].at)
}

func (h entryHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *entryHeap) Push(x any)   { *h = append(*h, x.(entry)) }

func (h *entryHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = entry{}
	*h = old[:len(old)-1]
	return last
}
