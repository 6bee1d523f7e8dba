package core

import (
	"context"
	"math"
	"sync"
	"time"

	"tring/engine"
	"tring/engine/internal/checkup"
	"tring/engine/internal/i420"
)

const (
	cameraOpens  = 5 * time.Second        // a camera may take so long to its first picture
	cameraSettle = 500 * time.Millisecond // its first pictures are late and dark
	cameraLook   = 2 * time.Second
)

// eye keeps what the camera sees.
type eye struct {
	mu       sync.Mutex
	first    time.Time
	pictures checkup.Pictures
	before   checkup.Pictures // those of the time in which it settles
}

// see is for video.Hub.Subscribe.
func (e *eye) see(p *i420.Picture) {
	now := p.CapturedAt
	if now.IsZero() {
		now = time.Now()
	}
	mean, deviation := brightness(p)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.first.IsZero() {
		e.first = now
	}
	to := &e.pictures
	if now.Sub(e.first) < cameraSettle {
		to = &e.before
	}
	to.Add(now, p.Width(), p.Height(), mean, deviation)
}

func (e *eye) isOpen() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return !e.first.IsZero()
}

// known is a copy of what was measured; a slow camera has nothing but its first
// pictures.
func (e *eye) known() *checkup.Pictures {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.pictures
	if p.Empty() {
		p = e.before
	}
	return &p
}

// camera looks through the camera for a while.
func (k *check) camera(ctx context.Context) checkup.Camera {
	k.begin(engine.CheckCamera)
	var choice string
	_ = k.core.ask(func() error { choice = k.core.inUse(engine.Camera); return nil })
	found := checkup.Camera{None: choice == engine.DeviceNone, Made: isMade(choice, ".y4m"), Pictures: new(checkup.Pictures)}
	if found.None {
		k.end(engine.CheckCamera, found.Judge())
		return found
	}
	trouble := func() error {
		return orNil(k.trouble(cameraPart, func(*engine.Problem) bool { return true }))
	}
	eye := new(eye)
	defer k.core.hub.Subscribe(eye.see)()
	if !comes(ctx, checkSlack*cameraOpens, func() bool { return eye.isOpen() || trouble() != nil && !k.core.cfg.TestPatternForMissingCamera }) {
		return found
	}
	if eye.isOpen() && !rest(ctx, cameraSettle+cameraLook) {
		return found
	}
	found.Pictures = eye.known()
	if found.Pictures.Empty() {
		found.Problem = trouble()
	} else {
		found.StandIn = trouble() // pictures come, and yet something is told: they are another's
	}
	k.end(engine.CheckCamera, found.Judge())
	return found
}

// brightness is the mean and the standard deviation of a picture's luma, 0 to 1,
// from a grid of points.
func brightness(p *i420.Picture) (mean, deviation float64) {
	const across, down = 64, 36
	const black, white = 16, 235 // ITU-R BT.601
	w, h := p.Width(), p.Height()
	if w == 0 || h == 0 {
		return 0, 0
	}
	var sum, squares float64
	for y := range down {
		row := p.Y[(y*h/down)*p.YStride:]
		for x := range across {
			v := min(max((float64(row[x*w/across])-black)/(white-black), 0), 1)
			sum += v
			squares += v * v
		}
	}
	mean = sum / (across * down)
	return mean, math.Sqrt(max(0, squares/(across*down)-mean*mean))
}
