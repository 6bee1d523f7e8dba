package video

import "time"

// keyInterval is the least time between key frames that the far end asks for:
// requests that come while one is on its way would only make it arrive later.
const keyInterval = 300 * time.Millisecond

// keyGate spaces out key frames. It goes by capture times.
type keyGate struct{ last time.Time }

// due reports whether a key frame that was asked for may be made of the picture
// taken at the time.
func (k *keyGate) due(at time.Time) bool {
	since := at.Sub(k.last)
	return k.last.IsZero() || since < 0 || since >= keyInterval
}

// sent notes a key frame, asked for or not.
func (k *keyGate) sent(at time.Time) { k.last = at }

// Loss at which frames begin and cease to be made for loss. Such frames take
// their probabilities from the last key frame alone, which costs some bits, so
// the odd lost packet does not count.
const (
	shieldLoss = 0.03
	shieldCalm = 0.01
	shieldWait = 10 * time.Second // of calm
)

// shield decides whether frames are made for loss. It goes by capture times.
type shield struct {
	on   bool
	calm time.Time // since when there is hardly any loss; zero if there is
}

func (s *shield) up(at time.Time, loss float64) bool {
	switch {
	case loss >= shieldLoss:
		s.on, s.calm = true, time.Time{}
	case loss > shieldCalm:
		s.calm = time.Time{}
	case s.calm.IsZero():
		s.calm = at
	case at.Sub(s.calm) >= shieldWait || at.Before(s.calm):
		s.on = false
	}
	return s.on
}
