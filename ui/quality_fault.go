package ui

import (
	"time"

	"tring/engine"
)

// fault is what can be wrong with a call that goes on, the first to be told
// first where several are equally bad.
type fault int

const (
	faultNone      fault = iota
	faultNoCamera        // it is on and gives nothing
	faultNoPicture       // the far end's was promised and never came
	faultStill           // the far end's came and comes no more
	faultLossBoth        // much is lost in both directions
	faultLossOut         // much of what is sent is lost
	faultComputer        // encoding takes too long
	faultLossIn          // much of what the far end sends is lost
	faultSlow            // the path carries too little for the picture
	faultTrip            // there and back takes long
	faultUneven          // sound comes too late to be played
	faultFrozen          // pictures come in fits and starts
	faultCamera          // it gives few pictures, as many do in the dark
	faultCount
)

// From what on something is fair or poor in a call. Loss is a little above that
// of the receipt (words_history.go), since what is repaired in time is no fault
// to be told of.
const (
	nowFairLoss, nowPoorLoss           = 0.03, 0.10
	nowFairTrip, nowPoorTrip           = 400 * time.Millisecond, 900 * time.Millisecond
	nowFairConcealed, nowPoorConcealed = 0.05, 0.15
	nowFairFrozen, nowPoorFrozen       = 0.08, 0.25

	slowCamera   = 12.0 // pictures a second of a camera that is too few
	slowSending  = 13.0 // pictures a second sent that a busy computer is blamed for
	stillCamera  = 0.5  // pictures a second that are none
	minorityLoss = 0.5  // of the loss one way, what is lost the other way is no matter below
)

// grade is how bad a fault is: 0 not there, 1 fair, 2 poor. Limits count
// factor-fold.
func (m moment) grade(f fault, factor float64) int {
	over := func(value, fair, poor float64) int {
		switch {
		case value >= poor*factor:
			return 2
		case value >= fair*factor:
			return 1
		}
		return 0
	}
	is := func(holds bool, grade int) int {
		if holds {
			return grade
		}
		return 0
	}
	in, out := over(m.lossIn, nowFairLoss, nowPoorLoss), over(m.lossOut, nowFairLoss, nowPoorLoss)
	both := min(m.lossIn, m.lossOut) >= minorityLoss*max(m.lossIn, m.lossOut)
	switch f {
	case faultNoCamera:
		return is(m.sending && m.cameras < stillCamera, 2)
	case faultNoPicture:
		return is(m.wanted && !m.sawOne && m.decoded == 0, 1)
	case faultStill:
		return is(m.wanted && m.sawOne && m.decoded == 0, 2)
	case faultLossBoth:
		return is(both, max(in, out))
	case faultLossOut:
		return is(!both && m.lossOut > m.lossIn, out)
	case faultLossIn:
		return is(!both && m.lossIn > m.lossOut, in)
	case faultComputer:
		few := m.sent*factor < slowSending && m.cameras > 1.5*m.sent
		if few {
			return is(m.sending && m.limited == engine.LimitedByComputer, 2)
		}
		return is(m.sending && m.limited == engine.LimitedByComputer, 1)
	case faultSlow:
		return is(m.sending && m.limited == engine.LimitedByConnection, 1)
	case faultTrip:
		return over(m.trip.Seconds(), nowFairTrip.Seconds(), nowPoorTrip.Seconds())
	case faultUneven:
		return is(in == 0, over(m.concealed, nowFairConcealed, nowPoorConcealed))
	case faultFrozen:
		return is(in == 0, over(m.frozen, nowFairFrozen, nowPoorFrozen))
	case faultCamera:
		return is(m.sending && m.cameras >= stillCamera && m.cameras*factor < slowCamera, 1)
	}
	return 0
}
