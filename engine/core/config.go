package core

import (
	"log/slog"

	"tring/engine"
)

// ICEServer is a STUN or TURN server to be used besides those that the
// signalling server hands out.
type ICEServer struct {
	URLs       []string
	Username   string
	Credential string
}

// Config is what an engine is made of. The zero value works.
type Config struct {
	Devices engine.DeviceChoice // empty names mean auto

	// TestPatternForMissingCamera lets DeviceAuto fall back to the moving
	// pattern, which the demo wants.
	TestPatternForMissingCamera bool

	// Correlator names this installation to the server; it must differ between
	// all devices of a user. "" makes a random one for this run.
	Correlator string

	VP8        string // "tring" (default) or "mediadevices"
	BitrateBPS int    // of our video; 0 for DefaultBitrateBPS
	Width      int    // wanted of the camera; 0 for 1280x720, and for 640x480 of the test pattern
	Height     int
	FPS        float64

	ICEServers []ICEServer
	RelayOnly  bool // use TURN alone
	Unbundled  bool // offer a transport for each kind; a fallback switch

	// WatchDevices keeps Snapshot.Devices up to date, and takes up devices that
	// come after they were missed.
	WatchDevices bool

	DemoContact string // shown in Snapshot
	Log         *slog.Logger
}

// DefaultBitrateBPS is what 1280x720 at 30 frames a second wants to look clean
// (37 dB of a talking person, BenchmarkVP8Sizes of package codec). It is a limit:
// what is sent follows the path.
const DefaultBitrateBPS = 2_500_000

func (c *Config) fill() {
	for _, name := range []*string{&c.Devices.Camera, &c.Devices.Microphone, &c.Devices.Speaker, &c.Devices.Ringer} {
		if *name == "" {
			*name = engine.DeviceAuto
		}
	}
	if c.FPS <= 0 {
		c.FPS = 30
	}
	if c.BitrateBPS <= 0 {
		c.BitrateBPS = DefaultBitrateBPS
	}
	if c.VP8 == "" {
		c.VP8 = "tring"
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
}
