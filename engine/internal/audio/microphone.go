package audio

import (
	"log/slog"

	"tring/engine/internal/audio/apm"
	"tring/engine/internal/audio/echo"
)

// Processing says what is done to the microphone's sound. All of it is on at
// first.
type Processing = apm.Settings

// ProcessingAvailable says whether this program was built with the library
// that does it. Without, SetProcessing has no effect and echo is not cancelled.
func ProcessingAvailable() bool { return apm.Available() }

// ProcessingLibrary names the library, for logs and tables; "" without.
func ProcessingLibrary() string { return apm.Library() }

// SetProcessing changes what is done to the microphone's sound, at once.
func (d *Desk) SetProcessing(p Processing) { d.processing.Store(&p) }

// Processing is what was set last. It is what is wished: see
// ProcessingAvailable.
func (d *Desk) Processing() Processing { return *d.processing.Load() }

// microphone is the sound of one session's microphone on its way to the
// Outbounds. It belongs to the capture loop.
//
//	session.captured ───────────────────────┬→ echo.Filter → apm.Near → Outbounds
//	session.heard → follower (clock drift) ─┴──────────────→ apm.Far
type microphone struct {
	session  *session
	follower follower
	apm      *apm.Processor // nil where nothing is to be done, or can be
	settings Processing
	filter   *echo.Filter // nil before it is needed
	rest     float32      // gain of the end of the last block

	held    [32][blockSamples]float32 // the last of the far end, newest at heldAt
	heldAt  int
	hold    int // blocks by which the library gets it later
	holdNew int // blocks since that should be another number

	failed bool // the library refused once: not asked again
	gain   float32
	log    *slog.Logger
	block  [blockSamples]float32
	far    [blockSamples]float32
}

// newMicrophone begins with a session. What it captured before is old and
// forgotten.
func newMicrophone(s *session, log *slog.Logger) *microphone {
	m := &microphone{session: s, log: log}
	s.captured.skip(ringSamples)
	m.follower.block = int64(s.captured.head.Load())
	return m
}

// next is the next 10 ms, to be used until the next call; nil if they are not
// there yet. raw, of the same length, is the sound as it was captured.
func (m *microphone) next(settings Processing, raw []float32) (block []float32) {
	s := m.session
	if s.captured.len() < blockSamples {
		return nil
	}
	block = m.block[:]
	s.captured.take(block)
	sanitise(block)
	copy(raw, block)
	if s.heard != nil {
		m.follower.played(s.heard)
		m.follower.next(m.far[:], s.lead)
		if s.synthetic.Load() {
			settings = Processing{}
		}
		m.process(block, settings)
	}
	fade(block, m.gain, 1) // a new microphone fades in
	m.gain = 1
	return block
}

// process cancels echo and so on, in place. What fails leaves the sound as it
// is.
func (m *microphone) process(block []float32, settings Processing) {
	if m.failed || !m.prepare(settings) {
		return
	}
	front := settings.EchoCancellation && apm.NeedsFilter()
	var err error
	if front {
		err = m.filterEcho(block)
	}
	if err == nil {
		err = m.apm.Far(m.later())
	}
	if err == nil {
		err = m.apm.Near(block, echoDelayMS)
	}
	if err != nil {
		m.give(err)
	}
	if front {
		m.turnDown(block)
	}
	sanitise(block)
}

// filterEcho takes the linear part of the echo out, and lets the library be
// gentle where this end talks.
func (m *microphone) filterEcho(block []float32) error {
	if m.filter == nil {
		m.filter, m.rest = echo.New(), 1
	}
	m.filter.Process(m.far[:], block)
	level := apm.SuppressEcho
	switch {
	case m.filter.Talking():
		level = apm.SpareSpeech
	case m.filter.Proven():
		level = apm.Balanced
	}
	return m.apm.Suppress(level)
}

// later is the far end as the library should get it: held back by as much as
// its echo takes, less two blocks. What it has to learn is then short, and the
// same with every device.
func (m *microphone) later() []float32 {
	m.heldAt = (m.heldAt + 1) % len(m.held)
	m.held[m.heldAt] = m.far
	if m.filter == nil {
		return m.far[:]
	}
	want := 0
	if d := m.filter.Delay(); d > 0 {
		want = max(0, d/blockSamples-2)
	}
	if d := want - m.hold; d >= -1 && d <= 1 {
		m.holdNew = 0
	} else if m.holdNew++; m.holdNew >= holdPatience {
		m.hold, m.holdNew = want, 0
	}
	return m.held[(m.heldAt+len(m.held)-m.hold)%len(m.held)][:]
}

// turnDown takes off what is left of an echo where it comes alone. It opens at
// once and closes within 50 ms. Where both ends talk, the library takes 2 to 4.6
// dB off the speech with the echo; a decibel of that is given back.
func (m *microphone) turnDown(block []float32) {
	const (
		closing  = 0.7
		giveBack = 1.122
	)
	from, to := m.rest, m.filter.Gain()
	if m.filter.Talking() {
		to = giveBack
	}
	m.rest = max(to, from*closing)
	fade(block, from, m.rest)
}

// holdPatience is how many blocks in a row must say that the echo takes another
// time now.
const holdPatience = 30

// echoDelayMS is a usual time from play-out to its echo; the canceller finds
// the true one.
const echoDelayMS = 20

// prepare brings the library to the settings and reports whether it is needed.
func (m *microphone) prepare(settings Processing) bool {
	switch {
	case settings == (Processing{}):
		m.close()
		return false
	case m.apm == nil:
		p, err := apm.New(settings)
		if err != nil {
			m.give(err)
			return false
		}
		m.apm, m.settings = p, settings
	case settings != m.settings:
		m.settings = settings
		if err := m.apm.Set(settings); err != nil {
			m.give(err)
			return false
		}
	}
	return true
}

// give gives the library up.
func (m *microphone) give(err error) {
	m.failed = true
	m.close()
	if apm.Available() {
		m.log.Warn("the microphone's sound is not processed", "err", err)
	}
}

func (m *microphone) close() {
	if m.apm != nil {
		m.apm.Close()
		m.apm = nil
	}
}
