package core

import (
	"context"
	"errors"

	"tring/engine"
	"tring/engine/internal/call"
	"tring/engine/internal/device"
	"tring/engine/internal/video"
)

// screenFPS is enough for text and slides, and leaves the bits to sharpness.
const screenFPS = 15

// Screens implements engine.Engine.
func (c *Core) Screens(ctx context.Context) ([]engine.Screen, error) { return device.Screens(ctx) }

// ShareScreen implements engine.Engine.
func (c *Core) ShareScreen(id engine.CallID, screen string) error {
	return c.ask(func() error {
		e, err := c.find(id)
		if err != nil {
			return err
		}
		if screen == "" {
			c.unshare(e)
			return nil
		}
		if !e.st.Phase.Established() {
			return wrongState(e.st)
		}
		if e.screen == nil {
			e.cameraBefore = e.st.Want.Video
			hub := video.NewHub(c.log)
			hub.OnProblem(func(err error) { c.post(func() { c.screenProblem(e, hub, err) }) })
			e.screen = hub
		}
		e.screen.SetOpener(func(ctx context.Context) (video.Source, error) {
			return device.OpenScreen(ctx, screen, screenFPS, c.pool, c.log)
		})
		c.useHub(e)
		c.step(e, call.SetVideo{On: true})
		return nil
	})
}

// unshare goes back to what was sent before the screen.
func (c *Core) unshare(e *entry) {
	hub := e.screen
	if hub == nil {
		return
	}
	e.screen = nil
	c.useHub(e)
	c.job(func(context.Context) { hub.Close() })
	if !e.st.Phase.Final() {
		c.step(e, call.SetVideo{On: e.cameraBefore})
	}
}

// hubOf is where the call's pictures come from.
func (c *Core) hubOf(e *entry) *video.Hub {
	if e.screen != nil {
		return e.screen
	}
	return c.hub
}

// useHub points the sender and the self-views at the call's present source.
func (c *Core) useHub(e *entry) {
	if m := e.media; m != nil && !m.closed {
		m.cool()
		if m.sender != nil {
			m.sender.SetHub(c.hubOf(e))
			m.sender.SetMaxHeight(c.sentHeight(e))
		}
	}
	c.updateLocalSinks(e)
	c.dirty = true
}

// screenProblem ends sharing: a window that was closed does not come back.
func (c *Core) screenProblem(e *entry, hub *video.Hub, err error) {
	if e.screen != hub || errors.Is(err, context.Canceled) {
		return
	}
	p := problemOf(err, "The screen can no longer be shared.", "Choose another one.")
	c.unshare(e)
	e.problem = p
	c.emit(engine.Event{Name: engine.EventCallError, CallID: e.id, Problem: p})
}
