package device

import (
	"context"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"tring/engine"
)

// Watch calls changed with the devices there are, and again each time they
// are others, until ctx ends. It looks every interval (2 s if that is 0) and
// runs on the goroutine of its caller, as changed does. A part of the system
// that does not answer is left as it was.
func Watch(ctx context.Context, interval time.Duration, changed func([]engine.Device)) {
	if interval <= 0 {
		interval = 2 * time.Second
	}
	w := &watcher{cameras: hardware, sound: new(soundList), nodes: cameraNodes}
	defer func() { _ = w.sound.close(ctx) }()
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for first := true; ctx.Err() == nil; first = false {
		if w.look(ctx) || first {
			changed(slices.Concat(w.found, w.heard))
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// watcher remembers what was there the last time.
type watcher struct {
	cameras *cameras
	sound   *soundList
	nodes   func() string // changes when a camera comes or goes; "" if it cannot tell

	seen  string
	found []engine.Device // cameras
	heard []engine.Device // microphones and speakers
}

// look reports whether anything changed.
func (w *watcher) look(ctx context.Context) bool {
	changed := false
	// Looking at cameras opens each of them: only done when there is a reason.
	if nodes := w.nodes(); nodes == "" || nodes != w.seen {
		if list, err := w.cameras.find(ctx); err == nil {
			w.seen = nodes
			var cameras []engine.Device
			for _, f := range list {
				cameras = append(cameras, f.device)
			}
			changed = !slices.Equal(cameras, w.found)
			w.found = cameras
		}
	}
	if list, err := w.sound.devices(ctx); err == nil {
		changed = changed || !slices.Equal(list, w.heard)
		w.heard = list
	}
	return changed
}

// cameraNodes names the cameras' device files. The links by id are made a
// moment after the nodes: both are looked at.
func cameraNodes() string {
	if runtime.GOOS != "linux" {
		return ""
	}
	nodes, _ := filepath.Glob("/dev/video*")
	links, _ := filepath.Glob("/dev/v4l/by-*/*")
	return "nodes " + strings.Join(append(nodes, links...), " ")
}
