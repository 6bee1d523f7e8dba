package audio

import "time"

// clock stands in for a device: every 10 ms it takes what is mixed and captures
// silence, so that streams are decoded, measured and sent without any device.
type clock struct {
	session *session
	stop    chan struct{}
	done    chan struct{}
}

const clockPeriod = 10 * time.Millisecond

func startClock(d *Desk) *clock {
	c := &clock{session: newSession(d, func() {}, false), stop: make(chan struct{}), done: make(chan struct{})}
	c.session.internal = true
	go c.run() // close waits
	return c
}

func (c *clock) run() {
	defer close(c.done)
	ticker := time.NewTicker(clockPeriod)
	defer ticker.Stop()
	var played, silence [blockSamples]float32
	due := time.Now().Add(clockPeriod)
	for {
		select {
		case <-c.stop:
			return
		case now := <-ticker.C:
			if now.Sub(due) > time.Second { // the machine slept
				due = now
			}
			for ; !due.After(now); due = due.Add(clockPeriod) {
				c.session.playout(played[:])
				c.session.capture(silence[:])
			}
		}
	}
}

func (c *clock) close() {
	close(c.stop)
	<-c.done
}
