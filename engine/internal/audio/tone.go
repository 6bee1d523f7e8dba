package audio

import "strings"

// Tone is a sound the desk makes itself.
type Tone int

// The tones. DTMF has those of the keypad.
const (
	Silence     Tone = iota
	Ring             // an incoming call; swells
	Ringback         // the far end rings
	CallWaiting      // a second call comes in: a soft beep now and then
	Busy             // the far end is busy
	Failed           // the call cannot go through
	Ended            // the call is over; ends by itself
	Check            // half a second to hear a device by, once it runs
	Probe            // half a second that FindProbe finds again, once a device runs

	firstDigit
)

const dtmfDigits = "123A456B789C*0#D" // by row (ITU-T Q.23)

// DTMF is the tone of a key: 0-9, *, #, A-D. Others are Silence.
func DTMF(digit rune) Tone {
	if i := strings.IndexRune(dtmfDigits, digit); i >= 0 {
		return firstDigit + Tone(i)
	}
	return Silence
}

// note is one sound of a score. Times are in samples.
type note struct {
	at, length int
	low, high  float64 // frequencies in Hz; high 0 for none
	lowLevel   float64
	highLevel  float64
	struck     bool // dies away like a bell, instead of going on until its end
}

// score says how a tone sounds.
type score struct {
	notes  []note
	period int  // after which it begins again; 0: it is played once
	swell  int  // time in which it rises from a third to its full level
	least  int  // sounds so long even if it is stopped at once
	rings  bool // as loud as the ringer is set
	waits  int  // for a device to play, so long at most: the internal clock is not to use it up
}

const second = sampleRate

// scoreOf writes a tone down. No tone is louder than 0.5 in all.
func scoreOf(t Tone) score {
	switch t {
	case Ring:
		return score{notes: chimes(0, 587.33, 739.99, 880, 739.99), period: 3 * second, swell: 9 * second, rings: true}
	case Ringback: // North American, ITU-T E.180
		return score{notes: []note{pair(0, 2*second, 440, 480, 0.08)}, period: 6 * second}
	case CallWaiting:
		return score{notes: []note{pair(0, second*3/10, 440, 0, 0.08)}, period: 10 * second}
	case Busy:
		return score{notes: []note{pair(0, second/2, 480, 620, 0.08)}, period: second}
	case Failed:
		return score{notes: []note{pair(0, second/4, 480, 620, 0.08)}, period: second / 2}
	case Ended:
		return score{notes: []note{
			pair(0, second*12/100, 587.33, 0, 0.12), pair(second*16/100, second*2/10, 440, 0, 0.12),
		}}
	}
	if t == Check {
		return score{waits: 3 * second, notes: []note{
			{length: second / 4, low: 587.33, high: 1174.66, lowLevel: 0.2, highLevel: 0.05},
			{at: second / 4, length: second / 4, low: 880, high: 1760, lowLevel: 0.2, highLevel: 0.05},
		}}
	}
	if t == Probe {
		return probeScore()
	}
	if i := int(t - firstDigit); i >= 0 && i < len(dtmfDigits) {
		return score{notes: []note{dtmfNote(i)}, period: dtmfPeriod, least: second / 10}
	}
	return score{}
}

// dtmfPeriod is whole cycles of all eight DTMF frequencies, so that a key held
// down sounds without a seam.
const dtmfPeriod = second

func dtmfNote(i int) note {
	rows, columns := [...]float64{697, 770, 852, 941}, [...]float64{1209, 1336, 1477, 1633}
	return pair(0, dtmfPeriod, rows[i/4], columns[i%4], 0.1)
}

func pair(at, length int, low, high, level float64) note {
	n := note{at: at, length: length, low: low, high: high, lowLevel: level}
	if high > 0 {
		n.highLevel = level
	}
	return n
}

// chimes is a phrase of bells, struck twice.
func chimes(at int, pitches ...float64) (notes []note) {
	const apart = second * 18 / 100
	for again := range 2 {
		for i, pitch := range pitches {
			notes = append(notes, note{
				at: at + again*second + i*apart, length: second * 8 / 10,
				low: pitch, high: 2 * pitch, lowLevel: 0.16, highLevel: 0.04, struck: true,
			})
		}
	}
	return notes
}
