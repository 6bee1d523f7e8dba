package audio

import (
	"log/slog"

	"tring/engine/internal/audio/apm"
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
//	session.captured ─────────────────────────────┐ Near
//	session.heard → follower (clock drift) → Far ─┴→ apm → Outbounds
type microphone struct {
	session  *session
	follower follower
	apm      *apm.Processor // nil where nothing is to be done, or can be
	settings Processing
	failed   bool // the library refused once: not asked again
	gain     float32
	log      *slog.Logger
	block    [blockSamples]float32
	far      [blockSamples]float32
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
		m.follower.next(m.far[:], float64(s.lead.Load()))
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
	err := m.apm.Far(m.far[:])
	if err == nil {
		err = m.apm.Near(block, echoDelayMS)
	}
	if err != nil {
		m.give(err)
	}
	sanitise(block)
}

// echoDelayMS is a usual time from play-out to its echo; the canceller finds
// the true one.
const echoDelayMS = 40

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
