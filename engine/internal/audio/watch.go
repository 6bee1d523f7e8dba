package audio

import (
	"math"
	"sync"
)

// Levels is how loud a microphone or the speaker is. Both values are 0 to 1.
type Levels struct {
	Peak float64 // rises at once, falls by half in 100 ms
	RMS  float64 // averaged over about 300 ms
}

// MicrophoneEvent is something a person should be told about their microphone.
type MicrophoneEvent int

// The events.
const (
	// MutedSpeech: somebody speaks, and it is sent to nobody because all calls
	// are muted. It comes again only after half a minute, or a mute undone.
	MutedSpeech MicrophoneEvent = iota
	// NoSignal: the microphone gives digital silence: it is switched off, or
	// muted outside this program.
	NoSignal
	// SignalBack: there is sound again after NoSignal.
	SignalBack
)

// MicrophoneState is the microphone at this moment. It is zero while the
// microphone is closed.
type MicrophoneState struct {
	Levels          // before processing
	Speaking   bool // somebody speaks into it
	NoSignal   bool // see the event
	Processing bool // echo cancellation and so on are really at work
}

const (
	noSignalAfter = 3 * sampleRate  // of digital silence
	tellAgain     = 30 * sampleRate // between two MutedSpeech
	stillPeak     = 1e-5            // less than a step of 16-bit sound: nothing, or a constant
)

// watch looks at the microphone and the speaker for a person's sake. observe
// belongs to the capture loop, play to the mixer.
type watch struct {
	mu      sync.Mutex
	on      func(MicrophoneEvent)
	state   MicrophoneState
	speaker Levels

	voice      voiceDetector
	microphone levelMeter
	played     levelMeter
	still      int // samples of digital silence so far
	quietFor   int // samples until MutedSpeech may be told again
	wasMuted   bool
}

// Microphone is the state of the microphone now.
func (d *Desk) Microphone() MicrophoneState {
	d.watch.mu.Lock()
	defer d.watch.mu.Unlock()
	return d.watch.state
}

// Speaker is how loud it is at the speaker now, calls and tones together.
func (d *Desk) Speaker() Levels {
	d.watch.mu.Lock()
	defer d.watch.mu.Unlock()
	return d.watch.speaker
}

// OnMicrophone sets who is told of events. f is called from the desk's capture
// goroutine and must not block.
func (d *Desk) OnMicrophone(f func(MicrophoneEvent)) {
	d.watch.mu.Lock()
	defer d.watch.mu.Unlock()
	d.watch.on = f
}

// observe takes 10 ms as captured and as sent, which are processed or not, and
// tells of what has changed.
func (w *watch) observe(raw, sent []float32, processed bool, to []*Outbound) {
	muted := allMuted(to)
	var events [2]MicrophoneEvent
	n := 0
	w.mu.Lock()
	w.state.Levels, w.state.Processing = w.microphone.measure(raw), processed
	if changed, lost := w.observeSignal(raw); changed {
		events[n] = SignalBack
		if lost {
			events[n] = NoSignal
		}
		n++
	}
	if w.observeVoice(sent, muted) {
		events[n] = MutedSpeech
		n++
	}
	on := w.on
	w.mu.Unlock()
	if on == nil {
		return
	}
	for _, e := range events[:n] {
		on(e)
	}
}

// observeVoice says whether it is time to tell that somebody speaks while
// muted.
func (w *watch) observeVoice(sent []float32, muted bool) bool {
	if muted != w.wasMuted {
		w.wasMuted, w.quietFor = muted, 0
		w.voice.forget() // what was said before does not count
	}
	w.state.Speaking = w.voice.hear(sent)
	w.quietFor = max(0, w.quietFor-len(sent))
	if !muted || !w.state.Speaking || w.quietFor > 0 {
		return false
	}
	w.quietFor = tellAgain
	return true
}

// observeSignal counts digital silence and says when it becomes too long, or
// ends.
func (w *watch) observeSignal(raw []float32) (changed, lost bool) {
	least, most := raw[0], raw[0]
	for _, v := range raw {
		least, most = min(least, v), max(most, v)
	}
	if most-least >= stillPeak {
		changed = w.state.NoSignal
		w.still, w.state.NoSignal = 0, false
		return changed, false
	}
	w.still = min(w.still+len(raw), noSignalAfter)
	if w.still < noSignalAfter || w.state.NoSignal {
		return false, false
	}
	w.state.NoSignal = true
	return true, true
}

// restart begins with another device, or with none.
func (w *watch) restart() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state, w.speaker = MicrophoneState{}, Levels{}
	w.microphone, w.played, w.voice = levelMeter{}, levelMeter{}, voiceDetector{}
	w.still, w.quietFor = 0, 0
}

// play takes a piece of what goes to the speaker.
func (w *watch) play(pcm []float32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.speaker = w.played.measure(pcm)
}

// allMuted says whether the microphone goes to somebody and is muted for all of
// them. Calls on hold do not count.
func allMuted(to []*Outbound) bool {
	muted := false
	for _, out := range to {
		if out.paused.Load() {
			continue
		}
		if !out.muted.Load() {
			return false
		}
		muted = true
	}
	return muted
}

// levelMeter measures what is shown as a moving bar.
type levelMeter struct{ peak, power float64 }

const powerTime = 300 * millisecond // of the mean

func (m *levelMeter) measure(pcm []float32) Levels {
	var sum float64
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	m.power += (sum/float64(max(len(pcm), 1)) - m.power) * float64(len(pcm)) / powerTime
	m.peak = max(float64(peakOf(pcm)), m.peak*meterDecay(len(pcm)))
	if m.peak < 1e-5 {
		m.peak = 0
	}
	return Levels{Peak: m.peak, RMS: math.Sqrt(m.power)}
}
