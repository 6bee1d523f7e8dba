package video

import (
	"time"

	"tring/engine/internal/i420"
)

// Bounds of what waits to be shown.
const (
	galleryPixels = 16 << 20               // 24 MB: half a second of 720p, a quarter of 1080p
	galleryLate   = 150 * time.Millisecond // pictures later than this are left out for newer ones
	galleryHurry  = 3                      // late pictures are shown at this multiple of their pace
)

// gallery holds decoded pictures until they are to be shown, in order. Late ones
// follow each other quickly but not all at once, which would be seen as a jump.
// It owns the pictures. It knows no clock: the caller brings the time.
type gallery struct {
	waiting []placed
	pixels  int

	shown     time.Time // when the last picture was shown; zero before the first
	shownTime uint32    // its RTP time
	skipped   uint64    // left out for newer ones
}

// placed is a picture with its time.
type placed struct {
	picture *i420.Picture
	rtp     uint32
	due     time.Time
}

func (p placed) pixels() int { return p.picture.Width() * p.picture.Height() }

// add takes over a picture.
func (g *gallery) add(p placed) {
	g.waiting = append(g.waiting, p)
	g.pixels += p.pixels()
}

// next gives the picture to show now, to be released by the caller; nil if none
// is due.
func (g *gallery) next(now time.Time) *i420.Picture {
	for len(g.waiting) > 1 && now.Sub(g.waiting[1].due) >= galleryLate {
		g.take().picture.Release()
		g.skipped++
	}
	if len(g.waiting) == 0 || now.Before(g.at()) {
		return nil
	}
	p := g.take()
	g.shown, g.shownTime = now, p.rtp
	return p.picture
}

// at is when the first waiting picture is to be shown; zero if none waits.
func (g *gallery) at() time.Time {
	if len(g.waiting) == 0 {
		return time.Time{}
	}
	p := g.waiting[0]
	if g.pixels > galleryPixels && len(g.waiting) > 1 {
		return time.Time{} // no room: now
	}
	if ticks := int32(p.rtp - g.shownTime); !g.shown.IsZero() && ticks > 0 && ticks <= longGap {
		soonest := g.shown.Add(time.Duration(ticks) * time.Second / 90000 / galleryHurry)
		if p.due.Before(soonest) {
			return soonest
		}
	}
	return p.due
}

func (g *gallery) take() placed {
	p := g.waiting[0]
	n := copy(g.waiting, g.waiting[1:])
	g.waiting[n] = placed{}
	g.waiting = g.waiting[:n]
	g.pixels -= p.pixels()
	return p
}

// clear gives up what waits.
func (g *gallery) clear() {
	for len(g.waiting) > 0 {
		g.take().picture.Release()
	}
}
