package checkup

import (
	"errors"
	"fmt"
	"time"

	"tring/engine"
)

// Why the echo contact is not called.
var (
	// ErrNoContact: nobody is known who sends back what they get.
	ErrNoContact = errors.New("no echo contact is known")
	// ErrNotSignedIn: nobody can be called.
	ErrNotSignedIn = errors.New("not signed in")
	// ErrNoPath: it answered, and no media came through.
	ErrNoPath = errors.New("no media path")
)

// Echo is what came back from the echo contact.
type Echo struct {
	Err   error        // why there was no call; nil if there was
	Stats engine.Stats // at its end
	Loud  bool         // sound was sent
	Video bool         // pictures were sent
}

// Bounds of a good call.
const (
	muchLoss  = 0.05
	longWay   = 400 * time.Millisecond // ITU-T G.114 has 400 ms one way as the very most
	leastBack = 5.0                    // pictures a second

	leastEnergy = 1e-5 // of sound that is no silence: the test digit alone has 100 times as much
)

// Sound says whether our sound came back.
func (e Echo) Sound() engine.CheckResult {
	if e.Err != nil {
		return e.none()
	}
	var in engine.AudioInbound
	if e.Stats.Audio != nil {
		in = e.Stats.Audio.Inbound
	}
	loss := lossOf(in.InboundStats, e.reported())
	var f figures
	f.time(engine.FigureRoundTrip, e.Stats.RoundTrip)
	f.add(engine.FigureLoss, 100*loss, "%")
	var r engine.CheckResult
	switch {
	case in.Packets == 0:
		return result(engine.CheckFailed, "Your sound does not come back.", "Try another network, or ask whoever runs the server.")
	case e.Loud && in.Energy < leastEnergy:
		r = result(engine.CheckWarn, "Only silence comes back.", "Ask whoever runs the server whether the echo contact works.")
	case loss >= muchLoss:
		r = lossy(loss)
	case e.Stats.RoundTrip >= longWay:
		r = result(engine.CheckWarn, fmt.Sprintf("The way to the other side and back takes %d ms.", e.Stats.RoundTrip.Milliseconds()), "Expect pauses in talking. Another network may be faster.")
	default:
		r = result(engine.CheckOK, "Your sound comes back.", "")
	}
	r.Figures = f
	return r
}

// Picture says whether our picture came back.
func (e Echo) Picture() engine.CheckResult {
	if e.Err != nil {
		r := e.none()
		if r.State == engine.CheckFailed { // it is said once, of the sound
			r.State, r.Next = engine.CheckSkipped, ""
		}
		return r
	}
	if !e.Video {
		return result(engine.CheckSkipped, "There is no picture to send.", "")
	}
	var in engine.VideoInbound
	if e.Stats.Video != nil {
		in = e.Stats.Video.Inbound
	}
	if in.FramesDecoded == 0 {
		return result(engine.CheckFailed, "Your picture does not come back.", "Try another network, or ask whoever runs the server.")
	}
	loss := lossOf(in.InboundStats, e.Stats.Video.Outbound.LossReported)
	var r engine.CheckResult
	switch {
	case loss >= muchLoss:
		r = lossy(loss)
	case in.FPS < leastBack:
		r = result(engine.CheckWarn, "Your picture comes back, but jerks.", "Close other programs that use the network or the processor.")
	default:
		r = result(engine.CheckOK, fmt.Sprintf("Your picture comes back with %d × %d.", in.Width, in.Height), "")
	}
	var f figures
	f.add(engine.FigureWidth, float64(in.Width), "px")
	f.add(engine.FigureHeight, float64(in.Height), "px")
	f.add(engine.FigureRate, in.FPS, "/s")
	f.add(engine.FigureLoss, 100*loss, "%")
	r.Figures = f
	return r
}

func (e Echo) none() engine.CheckResult {
	switch {
	case errors.Is(e.Err, ErrNoContact):
		return result(engine.CheckSkipped, "No echo contact is known.", "Give its address to hear and see yourself as others do.")
	case errors.Is(e.Err, ErrNotSignedIn):
		return result(engine.CheckSkipped, "You are not signed in.", "Sign in first.")
	case errors.Is(e.Err, ErrNoPath):
		return result(engine.CheckFailed, "The echo contact answers, and no sound or picture gets through.",
			"This network may block calls: try another one, or ask whoever runs the server for a relay.")
	}
	return failed(e.Err, "The echo contact does not answer.", "Check its address.")
}

func lossy(loss float64) engine.CheckResult {
	return result(engine.CheckWarn, fmt.Sprintf("%s %% is lost on the way there and back.", whole(100*loss)),
		"Come closer to the Wi-Fi, or use a cable.")
}

// reported is how much of our sound got lost on the way there.
func (e Echo) reported() float64 {
	if e.Stats.Audio == nil {
		return 0
	}
	return e.Stats.Audio.Outbound.LossReported
}

// lossOf is the share that got lost on both ways, 0 to 1.
func lossOf(in engine.InboundStats, there float64) float64 {
	back := 0.0
	if lost := float64(max(in.PacketsLost, 0)); lost > 0 {
		back = lost / (lost + float64(in.Packets))
	}
	return 1 - (1-back)*(1-min(max(there, 0), 1))
}
