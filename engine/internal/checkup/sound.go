package checkup

import (
	"math"
	"slices"
	"time"

	"tring/engine"
)

// Sound collects what a microphone hears. The zero value is ready.
type Sound struct {
	levels      []float64 // mean square of each block of 10 ms
	peak        float64
	clipped     int // blocks that touch full scale
	least, most float32
}

// mostBlocks bounds what is kept: a minute.
const mostBlocks = 6000

// Add takes a block of 10 ms.
func (s *Sound) Add(pcm []float32) {
	if len(pcm) == 0 || len(s.levels) >= mostBlocks {
		return
	}
	if len(s.levels) == 0 {
		s.least, s.most = pcm[0], pcm[0]
	}
	var sum float64
	loudest := float32(0)
	for _, v := range pcm {
		sum += float64(v) * float64(v)
		s.least, s.most = min(s.least, v), max(s.most, v)
		loudest = max(loudest, v, -v)
	}
	s.levels = append(s.levels, sum/float64(len(pcm)))
	s.peak = max(s.peak, float64(loudest))
	if loudest >= fullScale {
		s.clipped++
	}
}

// Silent says that nothing at all came: no block, or only one value, which no
// real microphone gives.
func (s *Sound) Silent() bool { return len(s.levels) == 0 || s.most-s.least < stillPeak }

const (
	fullScale = 0.99
	stillPeak = 1e-5 // less than a step of 16-bit sound

	mostClipped = 0.01 // share of the blocks
	loudNoise   = -42  // dBFS; speech is at -30 to -15 as a rule
	quietVoice  = -45
	voiceOver   = 12  // dB by which speech stands out of the noise
	leastVoice  = -60 // dBFS; below it nobody is heard speaking
)

// noise and voice are the RMS of the quiet and of the loud parts.
func (s *Sound) noise() float64 { return s.quantile(0.15) }
func (s *Sound) voice() float64 { return s.quantile(0.95) }

func (s *Sound) quantile(q float64) float64 {
	if len(s.levels) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s.levels))
	return math.Sqrt(sorted[int(q*float64(len(sorted)-1))])
}

// Microphone is what is known of a microphone.
type Microphone struct {
	None    bool  // none is chosen
	Made    bool  // its sound is made or read from a file: no room is heard
	Problem error // why it may not be open
	Sound   *Sound
	Woken   bool // it was silent until the test tone: some give nothing between words
}

// Hears says that it hears the room.
func (m Microphone) Hears() bool {
	return !m.None && !m.Made && (m.Woken || !m.Sound.Silent())
}

// Judge says how good the microphone is.
func (m Microphone) Judge() engine.CheckResult {
	switch {
	case m.None:
		return result(engine.CheckSkipped, "No microphone is chosen.", "Choose one in the settings to be heard.")
	case m.Woken:
		return unknownLevel()
	case m.Sound.Silent() && m.Problem != nil:
		return failed(m.Problem, "The sound device could not be used.", "Choose another one in the settings.")
	case m.Sound.Silent():
		return result(engine.CheckFailed, "No sound at all comes from the microphone.",
			"Check its switch and the system's sound settings, or choose another microphone.")
	}
	r := m.level()
	var f figures
	if m.spoken() {
		f.decibels(engine.FigureLevel, m.Sound.voice())
	}
	f.decibels(engine.FigureNoise, m.Sound.noise())
	f.decibels(engine.FigurePeak, m.Sound.peak)
	r.Figures = f
	return r
}

func (m Microphone) spoken() bool {
	voice := decibels(m.Sound.voice())
	return voice >= leastVoice && voice-decibels(m.Sound.noise()) >= voiceOver
}

func (m Microphone) level() engine.CheckResult {
	s := m.Sound
	switch {
	case float64(s.clipped) > mostClipped*float64(len(s.levels)):
		return result(engine.CheckWarn, "The microphone is too loud, which distorts.",
			"Turn it down in the system's sound settings, or keep a little away from it.")
	case !m.Made && decibels(s.noise()) > loudNoise:
		return result(engine.CheckWarn, "It is loud around the microphone.",
			"Find a quieter place, or use a headset.")
	case !m.spoken():
		return unknownLevel()
	case decibels(s.voice()) < quietVoice:
		return result(engine.CheckWarn, "You are hard to hear.",
			"Come closer to the microphone, or turn it up in the system's sound settings.")
	}
	return result(engine.CheckOK, "The microphone hears you well.", "")
}

func unknownLevel() engine.CheckResult {
	return result(engine.CheckOK, "The microphone works. Nobody spoke, so it is not known how loud you are.",
		"Check again and speak meanwhile.")
}

// Speaker is what is known of a speaker.
type Speaker struct {
	None       bool // none is chosen
	File       bool // it is a file, which nobody hears
	Problem    error
	Microphone Microphone

	Heard bool          // the microphone has heard the test tone
	Level float64       // of it there, RMS
	Delay time.Duration // from the program to its ear
}

// Judge says whether the speaker is heard.
func (s Speaker) Judge() engine.CheckResult {
	switch {
	case s.None:
		return result(engine.CheckSkipped, "No speaker is chosen.", "Choose one in the settings to hear others.")
	case s.Problem != nil:
		return failed(s.Problem, "The sound device could not be used.", "Choose another one in the settings.")
	case s.File:
		return result(engine.CheckSkipped, "The speaker is a file, which no microphone hears.", "")
	case !s.Microphone.Hears():
		return result(engine.CheckSkipped, "The test tone was played, and there is no microphone to hear it.", "Check again and listen for it.")
	case !s.Heard:
		return result(engine.CheckWarn, "The microphone does not hear the speaker.",
			"With headphones that is as it should be. Otherwise turn the speaker up, or choose another one.")
	}
	r := result(engine.CheckOK, "The microphone hears the speaker.", "")
	var f figures
	f.decibels(engine.FigureHeard, s.Level)
	f.time(engine.FigureDelay, s.Delay)
	r.Figures = f
	return r
}
