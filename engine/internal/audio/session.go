package audio

import (
	"sync/atomic"
	"time"
)

// session is the rings between one opened device, or the internal clock, and
// the desk. Each device has its own, so that one that hangs while it is closed
// can do no harm to the next: its callbacks find an empty ring.
//
// capture and playout are called by real-time threads. They take no lock and
// allocate nothing; to wake a goroutine they send to a channel with room for
// one, without waiting.
type session struct {
	played   *ring // mixer → playout
	captured *ring // capture → capture loop
	heard    *ring // playout → capture loop, what really was played; nil without a microphone

	wakePlay    chan<- struct{}
	wakeCapture chan<- struct{}
	onStart     func() // the first Playout; called once
	internal    bool   // of the internal clock: nobody hears it

	started   atomic.Bool
	synthetic atomic.Bool   // the microphone is no real one
	calls     atomic.Uint64 // of playout
	period    atomic.Int64  // longest playout of the last seconds, in samples
	wanted    atomic.Int64  // samples that the mixer keeps in played
	underruns atomic.Uint64 // playouts that found too little
	overruns  atomic.Uint64 // captured samples for which there was no room

	now         func() time.Duration // since the beginning
	playoutPace pace
	capturePace pace

	// The mixer's; times are in samples mixed.
	periodBefore  int64 // of the seconds before
	periodEnds    uint64
	reserve       int
	reserveHold   uint64 // how long it is kept
	reserveEnds   uint64
	reserveFell   uint64 // when it became smaller last; 0 for not since the last underrun
	underrunsSeen uint64

	starved bool    // the last playout ended in silence; playout's own
	last    float32 // sample that was played last; playout's own
}

const (
	// periodTime is how long a long callback is remembered, once or twice: the
	// next may be as long.
	periodTime = 10 * sampleRate
	aheadLeast = 7*millisecond + millisecond/2
	// reserveMost bounds what is mixed ahead over what one callback takes:
	// nothing at first, a block after an underrun, twice as much after each
	// other, a block less after each minute without. Where this was too little,
	// the minutes become two, four, …
	reserveMost     = 8 * mixSamples
	reserveTime     = 60 * sampleRate
	reserveTimeMost = 16 * reserveTime
)

func newSession(d *Desk, onStart func(), microphone bool) *session {
	s := &session{
		played: newRing(), captured: newRing(),
		wakePlay: d.wakePlay, wakeCapture: d.wakeCapture, onStart: onStart,
	}
	began := time.Now()
	s.now = func() time.Duration { return time.Since(began) }
	if microphone {
		s.heard = newRing()
	}
	return s
}

// capture takes sound from the device.
func (s *session) capture(pcm []float32) {
	n := s.captured.put(pcm)
	if n < len(pcm) {
		s.overruns.Add(uint64(len(pcm) - n))
	}
	s.capturePace.tick(s.capturePace.count+int64(n), s.now()) // what was dropped is as if it came never
	if s.captured.len() >= blockSamples {                     // less wakes nobody
		wake(s.wakeCapture)
	}
}

// keep notes what goes to the speaker.
func (s *session) keep(pcm []float32) {
	if s.heard == nil {
		return
	}
	before := s.playoutPace.count
	s.playoutPace.tick(before, s.now())
	s.playoutPace.count = before + int64(s.heard.put(pcm))
}

// lead is how far the count of what the speaker plays is ahead of what the
// microphone has heard, in samples, as last measured. mark changes with each
// measurement; 0 is before the first.
func (s *session) lead() (samples float64, mark int64) {
	playout, a := s.playoutPace.mark()
	capture, b := s.capturePace.mark()
	if a == 0 || b == 0 {
		return 0, 0
	}
	return float64(capture-playout) * sampleRate / 1e9, a<<paceBits | b
}

// playout gives sound to the device. Where there is too little, the sound goes
// to silence within a millisecond or so instead of with a click.
func (s *session) playout(pcm []float32) {
	s.calls.Add(1)
	if n := int64(len(pcm)); n > s.period.Load() {
		s.period.Store(n)
	}
	n := s.played.take(pcm)
	if s.starved && n > 0 {
		fade(pcm[:min(n, edgeSamples)], 0, 1)
		s.starved = false
	}
	if n > 0 {
		s.last = pcm[n-1]
	}
	if n < len(pcm) {
		if !s.starved && s.started.Load() {
			s.underruns.Add(1)
		}
		s.starved = true
		s.runOut(pcm[n:])
	}
	s.keep(pcm)
	if s.started.CompareAndSwap(false, true) {
		s.onStart()
	}
	if s.played.len() < int(s.wanted.Load()) {
		wake(s.wakePlay)
	}
}

// runOut leads from the last sample to silence.
func (s *session) runOut(pcm []float32) {
	const decay = 0.95
	for i := range pcm {
		s.last *= decay
		if s.last < 1e-4 && s.last > -1e-4 {
			s.last = 0
		}
		pcm[i] = s.last
	}
}

// ahead is how many samples the mixer should keep in the ring: as many as one
// callback may take, and so many at least that the mixer can be late by as much.
// The mixer alone calls it.
func (s *session) ahead() int {
	now := s.played.tail.Load()
	if now >= s.periodEnds {
		s.periodBefore, s.periodEnds = s.period.Swap(0), now+periodTime
	}
	s.tendReserve(now)
	n := max(int(s.longest()), aheadLeast)
	n = min(n+s.reserve, ringSamples-mixSamples)
	s.wanted.Store(int64(n))
	return n
}

// longest is what one callback took at most in the last seconds.
func (s *session) longest() int64 { return max(s.period.Load(), s.periodBefore) }

// tendReserve makes the reserve larger after underruns and smaller when they
// have stopped.
func (s *session) tendReserve(now uint64) {
	n := s.underruns.Load()
	if n == s.underrunsSeen {
		if s.reserve > 0 && now >= s.reserveEnds {
			s.reserve -= mixSamples
			s.reserveFell, s.reserveEnds = now, now+s.reserveHold
		}
		return
	}
	for ; s.underrunsSeen != n && s.reserve < reserveMost; s.underrunsSeen++ {
		s.reserve = min(max(mixSamples, 2*s.reserve), reserveMost)
	}
	if s.reserveFell > 0 && now-s.reserveFell < s.reserveHold { // it was too early
		s.reserveHold = min(2*s.reserveHold, reserveTimeMost)
	} else if now >= s.reserveEnds {
		s.reserveHold = reserveTime
	}
	s.reserveFell = 0
	s.underrunsSeen, s.reserveEnds = n, now+s.reserveHold
}

// wake tells the goroutine that waits at c, if it was not told yet.
func wake(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
