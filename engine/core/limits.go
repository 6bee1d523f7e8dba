package core

import (
	"slices"

	"tring/engine"
	"tring/engine/internal/device"
)

// heights are what VideoLimits may be set to, with what a picture of each is worth
// in bits a second: from there on more is hardly seen.
var heights = []struct{ lines, bps int }{
	{360, 1_000_000}, {540, 1_600_000}, {720, DefaultBitrateBPS}, {1080, 4_500_000},
}

const (
	usualHeight = 720
	leastBPS    = 100_000
	mostBPS     = 20_000_000
)

// SetVideoLimits implements engine.Engine.
func (c *Core) SetVideoLimits(l engine.VideoLimits) error {
	known := slices.ContainsFunc(heights, func(h struct{ lines, bps int }) bool { return h.lines == l.MaxHeight })
	if l.MaxHeight != 0 && !known {
		return &engine.Problem{Cause: "A picture has 360, 540, 720 or 1080 lines.", Next: "Choose one of these."}
	}
	if l.MaxBitrateBPS != 0 && (l.MaxBitrateBPS < leastBPS || l.MaxBitrateBPS > mostBPS) {
		return &engine.Problem{Cause: "Video takes between 100 kbit/s and 20 Mbit/s.", Next: "Choose a limit between these."}
	}
	return c.ask(func() error {
		before := c.cameraFormat()
		c.limits, c.dirty = l, true
		if c.cameraFormat() != before {
			c.useCamera()
		}
		for _, e := range c.calls {
			c.limitVideo(e)
		}
		return nil
	})
}

// limitVideo lets the limits hold in a call.
func (c *Core) limitVideo(e *entry) {
	m := e.media
	if m == nil || m.closed {
		return
	}
	m.conn.SetMaxVideoBPS(c.videoLimits().MaxBitrateBPS)
	if m.sender != nil {
		m.sender.SetMaxHeight(c.sentHeight(e))
	}
}

// sentHeight is the most lines that a call sends; 0 for as many as there are. A
// screen is text, which is not to be read in fewer lines.
func (c *Core) sentHeight(e *entry) int {
	if e.screen != nil {
		return 0
	}
	return c.limits.MaxHeight
}

// videoLimits are those that hold.
func (c *Core) videoLimits() engine.VideoLimits {
	l := c.limits
	if l.MaxHeight == 0 {
		l.MaxHeight = usualHeight
		if c.cfg.Height > 0 {
			l.MaxHeight = c.cfg.Height
		}
		if l.MaxBitrateBPS == 0 {
			l.MaxBitrateBPS = c.cfg.BitrateBPS
		}
		return l
	}
	for _, h := range heights {
		if h.lines == l.MaxHeight && l.MaxBitrateBPS == 0 {
			l.MaxBitrateBPS = h.bps
		}
	}
	return l
}

// cameraFormat is what is wanted of a camera.
func (c *Core) cameraFormat() device.CameraFormat {
	want := device.CameraFormat{Width: c.cfg.Width, Height: c.cfg.Height, FPS: c.cfg.FPS}
	if h := c.limits.MaxHeight; h != 0 {
		want.Width, want.Height = h*16/9, h
	}
	return want
}
