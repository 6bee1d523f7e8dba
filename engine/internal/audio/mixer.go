package audio

import "slices"

// mix keeps the current session's ring filled until the desk closes. It is the
// only goroutine that plays streams and tones.
func (d *Desk) mix() {
	limiter := newLimiter()
	var block [mixSamples]float32
	for {
		select {
		case <-d.done:
			return
		case <-d.wakePlay:
		}
		s := d.current.Load()
		for s != nil && s.played.len() < s.ahead() {
			d.mixBlock(block[:], int64(s.played.len())+mixSamples, s.longest(), !s.internal)
			limiter.apply(block[:])
			d.watch.play(block[:])
			s.played.put(block[:])
		}
	}
}

// mixBlock makes the next 5 ms, whose end is heard after ahead samples. A callback
// takes as many as taken at a time; device says that it is a device's.
func (d *Desk) mixBlock(block []float32, ahead, taken int64, device bool) {
	clear(block)
	var one [mixSamples]float32
	var firsts []*Inbound
	d.mu.Lock()
	if d.hasTail {
		copy(block, d.tail[:])
		d.hasTail = false
	}
	now := d.now()
	for _, in := range d.inbound {
		if in.pull(one[:], now, ahead, taken) {
			firsts = append(firsts, in)
		}
		mixInto(block, one[:])
	}
	before := len(d.voices)
	d.voices = slices.DeleteFunc(d.voices, func(v *voice) bool {
		return !v.waiting(device, len(block)) && !v.render(block)
	})
	ended := len(d.voices) < before
	d.mu.Unlock()

	for _, in := range firsts {
		if in.config.OnFirstSound != nil {
			in.config.OnFirstSound()
		}
	}
	if ended {
		wake(d.wakeManager)
	}
}

// removeInbound takes a stream off play-out; its last 5 ms fade in the next
// block. After it, the mixer does not touch the stream.
func (d *Desk) removeInbound(in *Inbound) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.Index(d.inbound, in)
	if i < 0 {
		return
	}
	d.inbound = slices.Delete(d.inbound, i, i+1)
	var last [mixSamples]float32
	in.pull(last[:], d.now(), mixSamples, mixSamples)
	fade(last[:], 1, 0)
	if !d.hasTail {
		clear(d.tail[:])
		d.hasTail = true
	}
	mixInto(d.tail[:], last[:])
	wake(d.wakeManager)
}

// adopt makes s, which may be nil, the session that is played to and captured
// from.
func (d *Desk) adopt(s *session) {
	d.mu.Lock()
	d.hasTail = d.hasTail && s != nil && d.current.Load() != nil // else it is from another time
	d.current.Store(s)
	d.mu.Unlock()
	d.watch.restart()
	wake(d.wakePlay)
}
