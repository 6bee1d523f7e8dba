package audio

import "slices"

// listen hands the microphone on to every Outbound, a block at a time, until
// the desk closes.
func (d *Desk) listen() {
	var block [blockSamples]float32
	var from *session
	var to []*Outbound
	var gain float32 // 0 before the first block of a session: it fades in
	for {
		select {
		case <-d.done:
			return
		case <-d.wakeCapture:
		}
		s := d.current.Load()
		if s == nil {
			continue
		}
		if s != from { // what it captured before it was used is old
			from, gain = s, 0
			s.captured.skip(ringSamples)
		}
		d.mu.Lock()
		to = append(to[:0], d.outbound...)
		d.mu.Unlock()
		for s.captured.len() >= len(block) {
			s.captured.take(block[:])
			sanitise(block[:])
			fade(block[:], gain, 1)
			gain = 1
			for _, out := range to {
				out.feed(block[:])
			}
		}
	}
}

func (d *Desk) removeOutbound(out *Outbound) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := slices.Index(d.outbound, out); i >= 0 {
		d.outbound = slices.Delete(d.outbound, i, i+1)
		wake(d.wakeManager)
	}
}
