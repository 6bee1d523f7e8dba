package linksim

import (
	"testing"
	"time"
)

func TestLinkLosesDelaysAndQueues(t *testing.T) {
	now := time.Unix(0, 0)
	l := NewLink(Profile{Delay: 20 * time.Millisecond, Jitter: 10 * time.Millisecond, Loss: 0.1}, 1)
	lost, last := 0, time.Time{}
	for range 10_000 {
		now = now.Add(time.Millisecond)
		arrival, ok := l.Send(100, now)
		if !ok {
			lost++
			continue
		}
		if late := arrival.Sub(now); late < 20*time.Millisecond || late > 30*time.Millisecond || arrival.Before(last) {
			t.Fatalf("%v late", late)
		}
		last = arrival
	}
	if lost < 900 || lost > 1100 || l.Dropped != lost || l.Bytes != 10_000*128 {
		t.Errorf("%d lost, %d counted, %d bytes", lost, l.Dropped, l.Bytes)
	}

	l = NewLink(Profile{RateBPS: 1_024_000, Queue: 10 * time.Millisecond}, 1)
	passed := 0
	for range 100 { // 1 ms each
		if arrival, ok := l.Send(100, now); ok {
			passed++
			if got := arrival.Sub(now); got != time.Duration(passed)*time.Millisecond {
				t.Errorf("packet %d after %v", passed, got)
			}
		}
	}
	if passed != 10 {
		t.Errorf("%d packets in a queue of 10", passed)
	}
}

func TestLinkReorders(t *testing.T) {
	l := NewLink(Profile{Jitter: 20 * time.Millisecond, Reorder: true}, 1)
	now := time.Unix(0, 0)
	swapped, last := 0, time.Time{}
	for range 100 {
		now = now.Add(time.Millisecond)
		arrival, _ := l.Send(100, now)
		if arrival.Before(last) {
			swapped++
		}
		last = arrival
	}
	if swapped == 0 {
		t.Error("nothing overtakes")
	}
}

func TestSameSeedSameCall(t *testing.T) {
	run := func() int {
		c := call(lossy(0.05, true), lossy(0.05, true), 3, maxBPS)
		c.Clock.Run(5 * second)
		return c.There.Bytes
	}
	if a, b := run(), run(); a != b {
		t.Errorf("%d and %d bytes", a, b)
	}
}

func TestClockKeepsOrder(t *testing.T) {
	var c Clock
	var got []int
	c.After(2*time.Second, func() { got = append(got, 3) })
	c.After(time.Second, func() {
		got = append(got, 1)
		c.After(-time.Hour, func() { got = append(got, 2) })
	})
	c.After(2*time.Second, func() { got = append(got, 4) })
	c.After(time.Hour, func() { t.Error("too early") })
	c.Run(time.Minute)
	for i, n := range got {
		if n != i+1 {
			t.Errorf("order %v", got)
		}
	}
	if len(got) != 4 {
		t.Errorf("%v happened", got)
	}
}

func TestShaper(t *testing.T) {
	s := NewShaper(Profile{}, 1)
	got := make(chan byte, 100)
	for n := range byte(100) {
		packet := []byte{n}
		s.Send(packet, func(b []byte) { got <- b[0] })
		packet[0] = 255 // the caller uses its memory again
	}
	for n := range byte(100) {
		if b := <-got; b != n {
			t.Fatalf("packet %d came as number %d", b, n)
		}
	}
	s.Change(Profile{Loss: 1})
	s.Send([]byte{1}, func([]byte) { t.Error("a lost packet came") })
	if sent, dropped, _ := s.Counts(); sent != 101 || dropped != 1 {
		t.Errorf("%d sent, %d dropped", sent, dropped)
	}
	s.Close()
	s.Close()
	s.Send([]byte{1}, func([]byte) { t.Error("a packet came after the end") })
}
