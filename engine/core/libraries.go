package core

import (
	"runtime"
	"runtime/debug"
	"slices"

	"tring/engine"
	"tring/engine/internal/audio"
	"tring/engine/internal/codec"
	"tring/engine/internal/i420"
)

// Libraries implements engine.Engine.
func (c *Core) Libraries() []engine.Library {
	vpx, opus := codec.Versions()
	yuv := engine.Library{Name: "libyuv", Version: i420.Version()}
	if yuv.Version == "" {
		yuv.Note = "pictures are converted by slower code"
	}
	processing := engine.Library{Name: "WebRTC audio processing", Version: audio.ProcessingLibrary()}
	if processing.Version == "" {
		processing.Note = "no echo cancellation"
	}
	list := []engine.Library{
		{Name: "libvpx", Version: vpx, Note: "VP8: " + c.cfg.VP8},
		{Name: "Opus", Version: opus},
		yuv, processing,
		{Name: "Go", Version: runtime.Version()},
	}
	return append(list, modules()...)
}

// modules are the parts of the program in Go that matter for media.
func modules() (list []engine.Library) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	wanted := []string{"github.com/pion/webrtc/v4", "github.com/pion/mediadevices", "github.com/gen2brain/malgo"}
	for _, m := range info.Deps {
		if slices.Contains(wanted, m.Path) {
			list = append(list, engine.Library{Name: m.Path, Version: m.Version})
		}
	}
	return list
}
