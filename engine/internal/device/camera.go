package device

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"

	"tring/engine"
	"tring/engine/internal/i420"
)

// CameraFormat is what is wanted of a camera. Zero fields stand for
// 1280x720 at 30 pictures a second, which a camera comes as near to as it can:
// 4:3 cameras keep their shape. Files have their own format.
type CameraFormat struct {
	Width, Height int
	FPS           float64
}

// maxPixels bounds pictures of files and cameras: a little above 4K (UHD).
const maxPixels = 8 << 20

func (f CameraFormat) orDefault() CameraFormat {
	if f.Width <= 0 || f.Height <= 0 || f.Width > maxSide || f.Height > maxSide || f.Width*f.Height > maxPixels {
		f.Width, f.Height = 1280, 720
	}
	if !(f.FPS > 0 && f.FPS <= maxFPS) {
		f.FPS = 30
	}
	return f
}

const (
	maxSide = 16384 // VP8 has 14 bits for a side
	maxFPS  = 240
)

// Camera gives pictures at the pace at which they are captured.
type Camera interface {
	// Read waits for the next picture and hands over its ownership; CapturedAt
	// is set. A caller that reads too seldom misses pictures and never gets a
	// stale one. After Close it fails with engine.ErrClosed; when the camera is
	// lost, with a Problem, again and again. One goroutine may read at a time.
	Read() (*i420.Picture, error)
	// Close ends a Read that waits and frees the camera. It can be called from
	// any goroutine, more than once, and returns within about a second even if
	// the driver hangs.
	Close() error
	// Name is the camera's readable name.
	Name() string
}

// OpenCamera opens what choice names: engine.DeviceAuto (the first camera that
// works), engine.DeviceTest (a moving pattern), a camera's id or name, or the
// path of a .y4m file. Pictures come from pool; nil stands for one of its own.
//
// For engine.DeviceNone it returns ErrNone. Other failures are *engine.Problem
// that wrap engine.ErrDeviceMissing, engine.ErrDeviceBusy or
// engine.ErrBadMediaFile, or fs.ErrPermission where the system forbids it.
func OpenCamera(ctx context.Context, choice string, want CameraFormat, pool *i420.Pool, log *slog.Logger) (Camera, error) {
	if pool == nil {
		pool = new(i420.Pool)
	}
	if choice == engine.DeviceTest && want.Width <= 0 {
		want.Width, want.Height = testWidth, testHeight
	}
	want = want.orDefault()
	switch {
	case choice == engine.DeviceNone:
		return nil, ErrNone
	case choice == engine.DeviceTest:
		return newTestCamera(want, pool), nil
	case isFile(choice, ".y4m"):
		return openFileCamera(ctx, choice, pool)
	case choice == "":
		choice = engine.DeviceAuto
	}
	return hardware.open(ctx, choice, want, pool, logger(log))
}

// The size of the moving pattern unless another one is wanted: nobody needs it
// any larger.
const testWidth, testHeight = 640, 480

// fileName is what a file is called as a device.
func fileName(path string) string {
	return strings.TrimSpace(filepath.Base(path))
}
