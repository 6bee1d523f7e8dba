package audio

import (
	"math"
	"slices"
	"time"
)

// The probe is a short rising chord. A microphone that hears the speaker has its
// notes one after the other, which neither speech nor music has in this order and
// at this pace.
const (
	probeNote  = 70 * millisecond
	probeLevel = 0.25
	probeSkip  = 15 * millisecond // of each note: edges, and the echo of the one before
	probeStep  = 5 * millisecond  // between the delays that are tried

	// ProbeLength is how long the Probe tone sounds.
	ProbeLength = time.Duration(len(probeChord)) * probeNote * time.Second / sampleRate
	// ProbeHeard is the Share from which on a microphone has heard the probe. A
	// noise as loud as it is has a half, and no sound of another kind was seen to
	// have a fiftieth.
	ProbeHeard = 0.1
)

// probeChord is C major from 523 to 2093 Hz: what the speakers of small computers
// can play. The notes are apart by more than a window of 55 ms confuses.
var probeChord = [...]float64{523.25, 659.26, 783.99, 1046.5, 1318.51, 1567.98, 2093}

func probeScore() score {
	s := score{waits: 3 * second}
	for i, pitch := range probeChord {
		s.notes = append(s.notes, note{at: i * probeNote, length: probeNote, low: pitch, lowLevel: probeLevel})
	}
	return s
}

// Probed is what a microphone has heard of a Probe.
type Probed struct {
	Share float64       // of the sound in its time that is the probe, 0 to 1
	Level float64       // of it, RMS
	Delay time.Duration // from the beginning of the sound that was searched
}

// FindProbe looks for a Probe in what a microphone has heard.
func FindProbe(pcm []float32) (best Probed) {
	pcm = withoutHum(pcm)
	for at := 0; at+len(probeChord)*probeNote <= len(pcm); at += probeStep {
		share, level := probeAt(pcm, at)
		if share > best.Share {
			best = Probed{share, level, time.Duration(at) * time.Second / sampleRate}
		}
	}
	return best
}

// withoutHum takes what is below the chord away, in a copy.
func withoutHum(pcm []float32) []float32 {
	const corner = 2 * math.Pi * 300 / sampleRate
	clean := make([]float32, len(pcm))
	var low float32
	for i, v := range pcm {
		low += (v - low) * corner
		clean[i] = v - low
	}
	return clean
}

// probeAt says how much of pcm is a probe that begins there. What sounded before a
// note, at its pitch, does not count. Two notes may be missing: a room can swallow
// a pitch, and a steady sound can have one.
func probeAt(pcm []float32, at int) (share, level float64) {
	var shares [len(probeChord)]float64
	var power float64
	for i, pitch := range probeChord {
		note := window(pcm, at+i*probeNote)
		of, all := powerAt(note, pitch), meanSquare(note)
		power += of / float64(len(probeChord))
		if before := window(pcm, at+(i-1)*probeNote); before != nil {
			of = max(0, of-powerAt(before, pitch))
		}
		if all > 1e-12 {
			shares[i] = min(of/all, 1)
		}
	}
	slices.Sort(shares[:])
	return shares[2], math.Sqrt(power)
}

// window is the middle of a note that begins at from; nil before the sound does.
func window(pcm []float32, from int) []float32 {
	if from < 0 {
		return nil
	}
	return pcm[from+probeSkip : from+probeNote]
}

func meanSquare(pcm []float32) (sum float64) {
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	return sum / float64(len(pcm))
}

// powerAt is the mean square of one frequency in pcm, by Goertzel's algorithm.
func powerAt(pcm []float32, hz float64) float64 {
	turn := 2 * math.Cos(2*math.Pi*hz/sampleRate)
	var s1, s2 float64
	for _, v := range pcm {
		s1, s2 = float64(v)+turn*s1-s2, s1
	}
	n := float64(len(pcm))
	return max(0, 2*(s1*s1+s2*s2-turn*s1*s2)/(n*n))
}
