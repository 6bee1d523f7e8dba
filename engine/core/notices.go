package core

import (
	"slices"

	"tring/engine"
)

// part is what a notice is about.
type part int

// The parts of the machine.
const (
	cameraPart part = iota
	soundPart
	microphonePart
	ringerPart
	parts // how many there are
)

// notice is a problem of the machine.
type notice struct {
	engine.Problem
	part part
}

// maxNotices bounds what failing hardware can pile up.
const maxNotices = 16

// notice tells a problem of the machine, each sentence once.
func (c *Core) notice(about part, p engine.Problem) {
	c.trouble[about] = true
	for _, old := range c.notices {
		if old.Cause == p.Cause {
			return
		}
	}
	if len(c.notices) >= maxNotices {
		c.notices = slices.Delete(c.notices, 0, 1)
	}
	c.notices = append(c.notices, notice{p, about})
	c.dirty = true
	c.emit(engine.Event{Name: engine.EventNotice, Problem: &p})
}

// mended takes back what was told about a part: it works, or it is tried anew
// with other devices.
func (c *Core) mended(about part) {
	if !c.trouble[about] {
		return
	}
	c.trouble[about] = false
	c.notices = slices.DeleteFunc(c.notices, func(n notice) bool { return n.part == about })
	if about == cameraPart {
		for _, e := range c.calls {
			e.cameraProblem = nil
		}
	}
	c.dirty = true
}
