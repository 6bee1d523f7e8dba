package audio

import "slices"

// listen hands the microphone on to every Outbound, a block at a time, until
// the desk closes.
func (d *Desk) listen() {
	var raw [blockSamples]float32
	var mic *microphone
	var to []*Outbound
	var taps []*tap
	defer func() {
		if mic != nil {
			mic.close()
		}
	}()
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
		if mic == nil || s != mic.session {
			if mic != nil {
				mic.close()
			}
			mic = newMicrophone(s, d.log)
		}
		d.mu.Lock()
		to = append(to[:0], d.outbound...)
		taps = append(taps[:0], d.taps...)
		d.mu.Unlock()
		for {
			block := mic.next(*d.processing.Load(), raw[:])
			if block == nil {
				break
			}
			if s.heard != nil { // the internal clock's silence is no microphone's
				d.watch.observe(raw[:], block, mic.apm != nil, to)
				for _, t := range taps {
					t.feed(raw[:])
				}
			}
			nobody := s.heard == nil || s.synthetic.Load()
			for _, out := range to {
				out.cadence.nobody.Store(nobody)
				out.feed(block)
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
