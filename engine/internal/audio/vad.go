package audio

import "math"

// voiceDetector tells speech from noise by its energy: speech rises and falls
// over a floor that is nearly steady. It works on blocks of 10 ms.
type voiceDetector struct {
	least  [vadWindows]float64 // smallest level of each window, in dB
	filled int
	blocks int     // in the newest window
	smooth float64 // level, in dB
	active int     // score: how much of the last while was speech
	voiced bool
}

const (
	vadWindows     = 6
	vadWindow      = 30   // blocks: the floor follows in 1.8 s
	vadOver        = 10.0 // dB over the floor
	vadLeast       = -55.0
	vadStart       = 22 // blocks of speech, about, before it counts: no cough, no key
	vadFull        = 40
	vadStop        = 4
	vadUnknown     = -35.0 // until a floor is known, louder than this is speech
	vadSmooth      = 0.5
	vadFloorAtMost = -25.0 // a louder floor is somebody who never breathes
)

// hear takes a block and says whether somebody speaks.
func (v *voiceDetector) hear(pcm []float32) bool {
	var sum float64
	for _, x := range pcm {
		sum += float64(x) * float64(x)
	}
	level := 10 * math.Log10(sum/float64(max(len(pcm), 1))+1e-10)
	if v.blocks == 0 && v.filled == 0 {
		v.smooth = level
	}
	v.smooth += (level - v.smooth) * vadSmooth
	v.learn(v.smooth)
	if v.smooth > vadLeast && v.smooth > v.floor()+vadOver {
		v.active = min(v.active+1, vadFull)
	} else {
		v.active = max(v.active-1, 0)
	}
	switch {
	case v.active >= vadStart:
		v.voiced = true
	case v.active <= vadStop:
		v.voiced = false
	}
	return v.voiced
}

// learn keeps the smallest level of the last windows.
func (v *voiceDetector) learn(level float64) {
	if v.blocks == 0 || v.filled == 0 {
		copy(v.least[1:], v.least[:])
		v.least[0] = level
		v.filled = min(v.filled+1, vadWindows)
	}
	v.least[0] = min(v.least[0], level)
	v.blocks = (v.blocks + 1) % vadWindow
}

// floor is the level of what is always there.
func (v *voiceDetector) floor() float64 {
	floor := v.least[0]
	for _, l := range v.least[1:v.filled] {
		floor = min(floor, l)
	}
	if v.filled < 2 {
		floor = min(floor, vadUnknown-vadOver)
	}
	return min(floor, vadFloorAtMost)
}

// forget lets speech begin anew; the floor stays known.
func (v *voiceDetector) forget() { v.active, v.voiced = 0, false }
