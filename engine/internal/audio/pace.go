package audio

import (
	"math"
	"sync/atomic"
	"time"
)

// pace measures how a stream of callbacks runs against the machine's clock. It
// belongs to the thread that calls back; mark may be read by another one.
//
// A callback can come late but hardly early. So the one that came earliest, for
// what was counted by then, tells the true time; a window of some callbacks
// yields one such. They may be of any length.
type pace struct {
	count  int64        // samples so far
	least  int64        // smallest offset in this window, in ns
	from   int64        // samples when this window began
	window int64        // how long it is, in samples; 0 before the first
	latest atomic.Int64 // the last window's offset in ns<<paceBits | number of the window
}

const (
	paceFirst  = 50 * millisecond  // the first windows are short
	paceWindow = 250 * millisecond // later
	paceBits   = 16
)

// tick notes that count samples have gone by at now.
func (p *pace) tick(count int64, now time.Duration) {
	p.count = count
	offset := now.Nanoseconds() - count*125000/6 // 48000 a second
	if p.window == 0 {
		p.window, p.from, p.least = paceFirst, count, offset
	}
	p.least = min(p.least, offset)
	if count-p.from < p.window {
		return
	}
	number := p.latest.Load() & (1<<paceBits - 1)
	if number == 1<<paceBits-1 {
		number = 0
	}
	p.latest.Store(p.least<<paceBits | (number + 1))
	p.from, p.least, p.window = count, math.MaxInt64, min(p.window+paceFirst, paceWindow)
}

// mark is the last window's offset, when sample 0 would have been, in ns, and
// its number; 0 before the first.
func (p *pace) mark() (offset, number int64) {
	v := p.latest.Load()
	return v >> paceBits, v & (1<<paceBits - 1)
}
