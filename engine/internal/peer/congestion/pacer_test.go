package congestion

import (
	"testing"
	"time"
)

// leave runs a pacer until it is empty and gives what left when.
func leave(p *Pacer[int], now time.Time) (order []int, when []time.Duration) {
	for p.Queued() > 0 {
		if free := p.Free(); free.After(now) {
			now = free
		}
		v, _, ok := p.Pop(now)
		if !ok {
			return order, when
		}
		order, when = append(order, v), append(when, now.Sub(start))
	}
	return order, when
}

func TestPacerBegins(t *testing.T) {
	var p Pacer[int]
	p.SetRate(100_000)
	for i := range 20 {
		p.Push(i, 1460, Media, start)
	}
	left := 0
	for {
		if _, _, ok := p.Pop(start); !ok {
			break
		}
		left++
	}
	if left != 11 { // the window, and the first that is paced
		t.Errorf("%d packets left at once", left)
	}
}

func TestPacerSpreads(t *testing.T) {
	p := Pacer[int]{left: initialWindow}
	p.SetRate(1_000_000)
	for i := range 10 {
		p.Push(i, 1250, Media, start) // 10 ms each
	}
	order, when := leave(&p, start)
	for i := range 10 {
		if order[i] != i || when[i] != time.Duration(i)*10*time.Millisecond {
			t.Errorf("%d left at %v", order[i], when[i])
		}
	}
	// An idle pacer lets the next one leave at once, and saves nothing up.
	now := start.Add(time.Hour)
	p.Push(1, 1250, Media, now)
	p.Push(2, 1250, Media, now)
	if _, _, ok := p.Pop(now); !ok {
		t.Error("the first one waits")
	}
	if _, _, ok := p.Pop(now); ok {
		t.Error("the second one does not wait")
	}
}

func TestPacerMakesUpForLateTimers(t *testing.T) {
	p := Pacer[int]{left: initialWindow}
	p.SetRate(10_000_000) // 1 ms a packet
	for i := range 20 {
		p.Push(i, 1250, Media, start)
	}
	left := 0
	for now := start; now.Before(start.Add(16 * time.Millisecond)); now = now.Add(5 * time.Millisecond) {
		for {
			if _, _, ok := p.Pop(now); !ok {
				break
			}
			left++
		}
	}
	if left != 18 { // 15, the first, and two that may leave early
		t.Errorf("%d packets left within 15 ms", left)
	}
}

func TestPacerPutsRetransmissionsFirst(t *testing.T) {
	var p Pacer[int]
	p.SetRate(1_000_000)
	p.Push(1, 1000, Media, start)
	p.Push(2, 1000, Media, start)
	p.Push(3, 1000, Again, start)
	if order, _ := leave(&p, start); order[0] != 3 || order[1] != 1 || order[2] != 2 {
		t.Errorf("order %v", order)
	}
}

func TestPacerIsBounded(t *testing.T) {
	var p Pacer[int]
	p.SetRate(50_000)
	taken := 0
	for i := range 2 * maxQueued {
		if p.Push(i, 1000, Media, start) {
			taken++
		}
	}
	if taken != maxQueued || p.Bytes() != 1000*maxQueued {
		t.Errorf("%d packets, %d bytes", taken, p.Bytes())
	}
	if p.Delay() > maxWait {
		t.Errorf("the last one waits %v", p.Delay())
	}
	order, _ := leave(&p, start)
	if len(order) != maxQueued || p.Bytes() != 0 || p.Delay() != 0 {
		t.Errorf("%d left, %d bytes stay", len(order), p.Bytes())
	}
}

func TestPacerDoesNotAllocate(t *testing.T) {
	var p Pacer[int]
	p.SetRate(1_000_000_000)
	now := start
	turn := func() {
		for i := range 10 {
			p.Push(i, 1000, Media, now)
		}
		for p.Queued() > 0 {
			now = now.Add(time.Millisecond)
			p.Pop(now)
		}
	}
	turn()
	if n := testing.AllocsPerRun(100, turn); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestPacerStops(t *testing.T) {
	var p Pacer[int]
	p.SetRate(0)
	for i := range 3 {
		p.Push(i, 1000, Media, start)
	}
	p.Push(3, 1000, Again, start)
	if _, _, ok := p.Pop(start.Add(time.Hour)); ok || !p.Stopped() {
		t.Error("a packet left")
	}
	p.Clear()
	p.SetRate(1_000_000)
	if p.Stopped() || p.Queued() != 0 || p.Bytes() != 0 {
		t.Errorf("%d packets of %d bytes stay", p.Queued(), p.Bytes())
	}
	p.Push(4, 1000, Media, start)
	if v, _, ok := p.Pop(start); !ok || v != 4 {
		t.Errorf("%d leaves first: %v", v, ok)
	}
}
