package core

import (
	"sync"

	"tring/engine"
	"tring/engine/internal/i420"
	"tring/engine/internal/video"
)

// attachment is a face's sink for one picture.
type attachment struct {
	source   engine.VideoSource
	renderer *video.Renderer
	cancel   func() // ends the subscription; nil while there is nothing to show
	from     any    // what it is subscribed to
}

func (a *attachment) subscribe(from any, subscribe func(func(*i420.Picture)) func()) {
	if a.from == from {
		return
	}
	a.unsubscribe()
	a.from, a.cancel = from, subscribe(a.renderer.Show)
}

func (a *attachment) unsubscribe() {
	if a.cancel != nil {
		a.cancel()
	}
	a.cancel, a.from = nil, nil
}

// AttachVideo implements engine.Engine.
func (c *Core) AttachVideo(id engine.CallID, source engine.VideoSource, sink engine.VideoSink) func() {
	a := &attachment{source: source, renderer: video.NewRenderer(sink, false)}
	err := c.ask(func() error {
		if id == "" && source == engine.LocalVideo {
			c.previews[a] = struct{}{}
			a.subscribe(c.hub, c.hub.Subscribe)
			return nil
		}
		e, err := c.find(id)
		if err != nil {
			return err
		}
		e.sinks[a] = struct{}{}
		c.updateLocalSinks(e)
		c.updateRemoteSinks(e)
		return nil
	})
	if err != nil {
		c.log.Debug("nothing to show", "call", id, "error", err)
	}
	var once sync.Once
	return func() {
		once.Do(func() {
			done := make(chan struct{})
			if c.box.post(func() {
				a.unsubscribe()
				delete(c.previews, a)
				if e, ok := c.calls[id]; ok {
					delete(e.sinks, a)
				}
				close(done)
			}) {
				<-done
			}
			_ = a.renderer.Close()
		})
	}
}

// updateLocalSinks shows our picture while it is sent, or about to be: the
// camera's light must not be on for anything else, nor on hold.
func (c *Core) updateLocalSinks(e *entry) {
	for a := range e.sinks {
		if a.source != engine.LocalVideo {
			continue
		}
		if e.st.SendsVideo() && !e.st.LocalHold && !e.st.RemoteHold || ringingHere(e.st) {
			hub := c.hubOf(e)
			a.subscribe(hub, hub.Subscribe)
		} else {
			a.unsubscribe()
		}
	}
}

func (c *Core) updateRemoteSinks(e *entry) {
	if e.media == nil || e.media.receiver == nil || e.media.closed {
		return
	}
	for a := range e.sinks {
		if a.source == engine.RemoteVideo {
			a.subscribe(e.media.receiver, e.media.receiver.Subscribe)
		}
	}
}
