package device

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/driver/availability"
	mdcamera "github.com/pion/mediadevices/pkg/driver/camera" // registers the system's cameras

	"tring/engine"
	"tring/engine/internal/i420"
)

// hardware is the system's cameras.
var hardware = newCameras(rescanCameras)

// cameras finds and opens cameras through mediadevices' registry of drivers.
type cameras struct {
	searching chan struct{} // one search at a time: it empties the registry first
	rescan    func()        // registers what is connected now
}

func newCameras(rescan func()) *cameras {
	return &cameras{searching: make(chan struct{}, 1), rescan: rescan}
}

// rescanCameras looks again which cameras there are. Drivers in use stay in
// use: they only leave the registry.
func rescanCameras() {
	manager := driver.GetManager()
	// Only Linux' Initialize removes what it registered before.
	for _, d := range manager.Query(driver.FilterDeviceType(driver.Camera)) {
		manager.Delete(d.ID())
	}
	mdcamera.Initialize() // panics on macOS if it fails; callers are guarded
}

// found is one camera of the system.
type found struct {
	device engine.Device
	alias  string // other name of the node, "video0"; may be empty
	driver driver.Driver
	err    error // why it cannot be used; nil if it seems that it can
}

// find lists the cameras, the best for "auto" first.
func (c *cameras) find(ctx context.Context) ([]found, error) {
	if err := take(ctx, c.searching); err != nil {
		return nil, err
	}
	return limited(ctx, listLimit, func() ([]found, error) {
		defer func() { <-c.searching }()
		c.rescan()
		var list []found
		for _, d := range driver.GetManager().Query(driver.FilterDeviceType(driver.Camera)) {
			if f, ok := describe(d); ok {
				list = append(list, f)
			}
		}
		slices.SortFunc(list, func(a, b found) int {
			return cmp.Or(
				cmp.Compare(boolInt(a.err != nil), boolInt(b.err != nil)),
				cmp.Compare(b.driver.Info().Priority, a.driver.Info().Priority),
				cmp.Compare(a.device.ID, b.device.ID))
		})
		for i := range list {
			list[i].device.Default = i == 0
		}
		return list, nil
	}, nil)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// describe reads a driver's labels. mediadevices numbers drivers at random, so
// that its id is worth nothing after a restart; the label is stable: the path
// under /dev/v4l/by-id on Linux, the unique id on macOS, the name on Windows.
// It reports false for what is no camera, e.g. the metadata node that Linux
// gives every webcam beside the real one.
func describe(d driver.Driver) (found, bool) {
	info := d.Info()
	id, alias, _ := strings.Cut(info.Label, mdcamera.LabelSeparator)
	name, _, _ := strings.Cut(info.Name, mdcamera.LabelSeparator)
	name = strings.TrimSpace(strings.ToValidUTF8(name, "?"))
	f := found{driver: d, alias: alias, device: engine.Device{Kind: engine.Camera, ID: id, Name: name}}
	if name == "" { // Windows has no name; Linux has none for what cannot be opened
		f.device.Name = id
		if runtime.GOOS == "linux" {
			_, f.err = driver.IsAvailable(d)
			return f, isBusy(f.err) || isForbidden(f.err)
		}
	}
	return f, id != ""
}

// matches reports whether choice names the camera.
func (f found) matches(choice string) bool {
	return choice == f.device.ID || strings.EqualFold(choice, f.device.Name) ||
		f.alias != "" && (choice == f.alias || choice == "/dev/"+f.alias)
}

// open opens the camera that choice names, or for "auto" the first that works.
func (c *cameras) open(ctx context.Context, choice string, want CameraFormat, pool *i420.Pool, log *slog.Logger) (Camera, error) {
	list, err := c.find(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, broken(engine.Camera, choice, err)
	}
	var first error
	for _, f := range list {
		if choice != engine.DeviceAuto && !f.matches(choice) {
			continue
		}
		camera, err := startCamera(ctx, f, want, pool, log)
		if err == nil {
			return camera, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		log.Warn("camera cannot be opened", "camera", f.device.Name, "error", errors.Unwrap(err))
		first = cmp.Or(first, err)
	}
	if first != nil {
		return nil, first
	}
	return nil, missing(engine.Camera, choice)
}

// cameraProblem says what a driver's error means for a person.
func cameraProblem(f found, err error) error {
	switch {
	case isBusy(err):
		return busy(engine.Camera, f.device.Name, err)
	case isForbidden(err):
		return forbidden(engine.Camera, f.device.Name, err)
	case errors.Is(err, syscall.ENODEV), errors.Is(err, syscall.ENOENT), errors.Is(err, syscall.ENXIO):
		return missing(engine.Camera, f.device.Name)
	default:
		return broken(engine.Camera, f.device.Name, err)
	}
}

// The V4L2 binding repeats some system errors as text alone, hence the second
// look at the words.
func isBusy(err error) bool {
	return err != nil && (errors.Is(err, syscall.EBUSY) || errors.Is(err, availability.ErrBusy) ||
		strings.Contains(err.Error(), syscall.EBUSY.Error()))
}

func isForbidden(err error) bool {
	return err != nil && (errors.Is(err, fs.ErrPermission) ||
		strings.Contains(err.Error(), syscall.EACCES.Error()) || strings.Contains(err.Error(), syscall.EPERM.Error()))
}
