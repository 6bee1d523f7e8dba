package video

import (
	"time"

	"tring/engine/internal/codec"
	"tring/engine/internal/i420"
)

// run is the decode loop: packets in, pictures out.
func (r *Receiver) run() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	defer r.closeDecoder()
	defer r.gallery.clear()
	for {
		select {
		case <-r.closed:
			return
		case p, ok := <-r.inbox:
			if !ok {
				return
			}
			if p != nil {
				r.order.push(p, beginsKeyFrame(p), time.Now())
			}
		case <-timer.C:
		}
		r.advance(time.Now())
		r.show()
		timer.Reset(r.nextCheck(time.Now()))
	}
}

// advance decodes what is complete and asks for a key frame if one is needed.
func (r *Receiver) advance(now time.Time) {
	r.order.wait = time.Duration(r.wait.Load())
	for {
		if r.assembly.needKey {
			// Nothing before a key frame is of use: don't wait for it.
			r.order.skip()
		}
		p, lost := r.order.pop(now)
		if p == nil {
			break
		}
		r.assembly.add(p, lost, r.emit)
	}
	r.mu.Lock()
	r.stats.FramesDropped = r.assembly.dropped
	r.mu.Unlock()
	if !r.assembly.needKey {
		r.requests.answered()
	} else if r.lacksKey() && r.requests.due(now) {
		r.config.RequestKeyFrame()
	}
}

// lacksKey reports whether a key frame is needed and none is on its way in.
func (r *Receiver) lacksKey() bool {
	return r.order.begun && r.assembly.needKey && !r.assembly.open
}

// nextCheck is how long to sleep if no packet comes.
func (r *Receiver) nextCheck(now time.Time) time.Duration {
	sleep := time.Hour
	if at := r.order.deadline(); !at.IsZero() {
		sleep = min(sleep, at.Sub(now))
	}
	if r.lacksKey() {
		sleep = min(sleep, r.requests.next.Sub(now))
	}
	if len(r.gallery.waiting) > 0 {
		sleep = min(sleep, r.gallery.at().Sub(now))
	}
	return max(sleep, 0)
}

// decode decodes a complete frame, at once whenever its picture is to be shown:
// the next frame needs it, and the sooner a fault is found the better.
func (r *Receiver) decode(frame []byte, _ bool) {
	rtp, arrived := r.assembly.time, time.Now()
	p, err := r.decodeFrame(frame)
	if err != nil {
		r.log.Debug("video frame not decoded", "error", err)
		r.assembly.dropped++
		r.assembly.needKey = true
		return
	}
	if p == nil {
		return // not meant to be shown
	}
	p.CapturedAt = arrived
	sound := r.heard(rtp)
	due := r.playout.place(rtp, arrived, sound)
	r.gallery.add(placed{p, rtp, due})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stats.FramesDecoded++
	r.rate.add(arrived)
	r.stats.PlayoutDelay = max(due.Sub(arrived), 0)
	r.stats.Synced = !sound.IsZero()
	r.stats.Skew = 0
	if r.stats.Synced {
		r.stats.Skew = arrived.Add(r.stats.PlayoutDelay).Sub(sound)
	}
}

// heard is when the sound is heard that was captured together with the picture
// of an RTP time; zero if that is not known.
func (r *Receiver) heard(rtp uint32) time.Time {
	clock, delay := r.clock.Load(), r.audioDelay.Load()
	if clock == nil || *clock == nil || delay == nil {
		return time.Time{}
	}
	captured, ok := (*clock)(rtp)
	if !ok {
		return time.Time{}
	}
	return captured.Add(*delay)
}

// show hands the pictures whose time has come to everybody.
func (r *Receiver) show() {
	for {
		now := time.Now()
		p := r.gallery.next(now)
		if p == nil {
			return
		}
		first := r.keep(p, now)
		r.out.put(p)
		if first && r.config.OnFirstFrame != nil {
			r.config.OnFirstFrame(p.Width(), p.Height())
		}
		p.Release()
	}
}

// decodeFrame makes the decoder when the first frame is there: a track that
// never carries any costs nothing.
func (r *Receiver) decodeFrame(frame []byte) (*i420.Picture, error) {
	if r.decoder == nil {
		d, err := codec.NewVP8Decoder(&r.pool)
		if err != nil {
			return nil, err
		}
		r.decoder = d
	}
	return r.decoder.Decode(frame)
}

func (r *Receiver) closeDecoder() {
	if r.decoder != nil {
		_ = r.decoder.Close() // it never fails
	}
}

// keep notes the picture as the last one, and reports whether it is the first.
func (r *Receiver) keep(p *i420.Picture, now time.Time) (first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	first = r.last == nil
	r.stats.Width, r.stats.Height = p.Width(), p.Height()
	r.stats.FramesSkipped = r.gallery.skipped
	r.freeze.add(now)
	if clock := r.clock.Load(); clock != nil && *clock != nil {
		if captured, ok := (*clock)(r.gallery.shownTime); ok {
			r.ages.add(now.Sub(captured))
		}
	}
	if r.last != nil {
		r.last.Release()
	}
	r.last = p.Retain()
	return first
}

// requests spaces out key-frame requests: at once, then after a round trip or
// so, then more and more seldom; after an answer at once again, but never two
// within firstRequest.
type requests struct {
	next time.Time // zero before the first
	last time.Time // zero before the first
	gap  time.Duration
}

func (q *requests) due(now time.Time) bool {
	if now.Before(q.next) {
		return false
	}
	q.gap = min(max(2*q.gap, firstRequest), lastRequest)
	q.next, q.last = now.Add(q.gap), now
	return true
}

// answered notes that no key frame is needed any more.
func (q *requests) answered() {
	if q.gap != 0 {
		q.gap, q.next = 0, q.last.Add(firstRequest)
	}
}
