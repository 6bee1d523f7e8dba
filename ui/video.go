package ui

import (
	"tring/engine"
	"tring/ui/widgets"
)

// videoLink is a view's tie to a picture of the engine: attached while the
// view is to be seen, and only then.
type videoLink struct {
	view   *widgets.VideoView
	call   engine.CallID
	source engine.VideoSource
	detach func()
}

// set attaches to a picture, or to none. Nothing happens if that is so
// already.
func (l *videoLink) set(e engine.Engine, on bool, call engine.CallID, source engine.VideoSource) {
	if on && l.detach != nil && l.call == call && l.source == source {
		return
	}
	l.drop()
	if !on {
		return
	}
	l.call, l.source = call, source
	l.view.SetActive(true)
	l.detach = e.AttachVideo(call, source, l.view)
}

// drop detaches and gives back all frames.
func (l *videoLink) drop() {
	if l.detach == nil {
		return
	}
	l.detach()
	l.detach = nil
	l.view.SetActive(false)
}

// videoLinks are the two of a call.
type videoLinks struct{ remote, self videoLink }

func (l *videoLinks) detachAll() {
	l.remote.drop()
	l.self.drop()
}
