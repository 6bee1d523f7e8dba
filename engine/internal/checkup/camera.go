package checkup

import (
	"fmt"
	"math"
	"time"

	"tring/engine"
)

// Pictures collects what a camera gives. The zero value is ready.
type Pictures struct {
	count         int
	first, last   time.Time
	width, height int
	bright        float64 // sum of means
	spread        float64 // sum of deviations
}

// Add takes a picture: when it was captured, its size, and the mean and standard
// deviation of its brightness, both 0 to 1.
func (p *Pictures) Add(at time.Time, width, height int, mean, deviation float64) {
	if p.count == 0 {
		p.first = at
	}
	p.count++
	p.last, p.width, p.height = at, width, height
	p.bright += mean
	p.spread += deviation
}

// Empty says that no picture came.
func (p *Pictures) Empty() bool { return p.count == 0 }

// rate is in pictures a second; NaN before there are two.
func (p *Pictures) rate() float64 {
	span := p.last.Sub(p.first).Seconds()
	if p.count < 2 || span <= 0 {
		return math.NaN()
	}
	return float64(p.count-1) / span
}

func (p *Pictures) brightness() float64 { return p.bright / float64(max(p.count, 1)) }
func (p *Pictures) contrast() float64   { return p.spread / float64(max(p.count, 1)) }

// Bounds of a good picture.
const (
	blackBelow   = 0.06 // of brightness, where there is next to no contrast
	flatBelow    = 0.04
	darkBelow    = 0.16
	leastRate    = 14.0 // a second: below it movements are seen to jerk
	leastOfFiles = 1.0  // files have the rate that they were made with
)

// Camera is what is known of a camera.
type Camera struct {
	None     bool  // none is chosen
	Made     bool  // it is a file or the test pattern
	Problem  error // why it gives no picture
	StandIn  error // why another one gives it
	Pictures *Pictures
}

// Works says that there is a picture to send.
func (c Camera) Works() bool { return !c.None && !c.Pictures.Empty() }

// Judge says how good the camera is.
func (c Camera) Judge() engine.CheckResult {
	switch {
	case c.None:
		return result(engine.CheckSkipped, "No camera is chosen.", "Choose one in the settings to be seen.")
	case c.Pictures.Empty():
		return failed(c.Problem, "The camera gives no picture.", "Unplug it and plug it in again, or choose another one.")
	}
	p := c.Pictures
	r := c.picture()
	var f figures
	f.add(engine.FigureWidth, float64(p.width), "px")
	f.add(engine.FigureHeight, float64(p.height), "px")
	f.add(engine.FigureRate, p.rate(), "/s")
	f.add(engine.FigureBrightness, 100*p.brightness(), "%")
	r.Figures = f
	return r
}

func (c Camera) picture() engine.CheckResult {
	p := c.Pictures
	least := leastRate
	if c.Made {
		least = leastOfFiles
	}
	switch {
	case c.StandIn != nil:
		r := failed(c.StandIn, "The camera gives no picture.", "Choose another one in the settings.")
		r.State = engine.CheckWarn
		return r
	case p.brightness() < blackBelow && p.contrast() < flatBelow:
		return result(engine.CheckWarn, "The picture of the camera is black.", "Open its cover, or turn on a light.")
	case p.brightness() < darkBelow:
		return result(engine.CheckWarn, "Your picture is dark.", "Turn on a light in front of you.")
	case p.count < 2, p.rate() < least:
		return result(engine.CheckWarn, fmt.Sprintf("The camera gives only %s pictures a second.", rateWords(p)),
			"More light may help; so may another camera.")
	}
	return result(engine.CheckOK, fmt.Sprintf("The camera gives %s pictures a second of %d × %d.", whole(p.rate()), p.width, p.height), "")
}

func rateWords(p *Pictures) string {
	if p.count < 2 {
		return "0"
	}
	return whole(p.rate())
}
