package device

import (
	"errors"
	"image"
	"io"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/mediadevices/pkg/driver"
	"github.com/pion/mediadevices/pkg/frame"
	"github.com/pion/mediadevices/pkg/io/video"
	"github.com/pion/mediadevices/pkg/prop"

	"tring/engine"
	"tring/engine/internal/i420"
)

// fakeDriver is a camera for mediadevices' registry.
type fakeDriver struct {
	openErr, recordErr, availableErr error
	formats                          []prop.Media
	frames                           func(n int) (image.Image, error) // n counts from 0
	hang                             chan struct{}                    // not nil: reading waits for it

	asked  prop.Media
	opens  atomic.Int32
	closes atomic.Int32
}

func (f *fakeDriver) Open() error {
	if f.openErr == nil {
		f.opens.Add(1)
	}
	return f.openErr
}
func (f *fakeDriver) Close() error               { f.closes.Add(1); return nil }
func (f *fakeDriver) Properties() []prop.Media   { return f.formats }
func (f *fakeDriver) IsAvailable() (bool, error) { return f.availableErr == nil, f.availableErr }
func (f *fakeDriver) VideoRecord(p prop.Media) (video.Reader, error) {
	f.asked = p
	if f.recordErr != nil {
		return nil, f.recordErr
	}
	n := 0
	return video.ReaderFunc(func() (image.Image, func(), error) {
		if f.hang != nil && n > 0 {
			<-f.hang
			return nil, func() {}, io.EOF
		}
		time.Sleep(time.Second / 30) // in the bubble's time
		img, err := f.frames(n)
		n++
		return img, func() {}, err
	}), nil
}

var registry sync.Mutex

// fakes makes a search that finds these drivers alone.
func fakes(t *testing.T, drivers map[string]*fakeDriver) *cameras {
	registry.Lock()
	clear := func() {
		for _, d := range driver.GetManager().Query(driver.FilterDeviceType(driver.Camera)) {
			driver.GetManager().Delete(d.ID())
		}
	}
	t.Cleanup(func() { clear(); registry.Unlock() })
	return newCameras(func() {
		clear()
		for label, d := range drivers {
			priority := driver.PriorityNormal
			if label == "usb-first;video0" {
				priority = driver.PriorityHigh
			}
			name := "Camera " + label[4:9] + ";usb-0000:00"
			if d.availableErr != nil {
				name = ";"
			}
			driver.GetManager().Register(d, driver.Info{Label: label, Name: name, DeviceType: driver.Camera, Priority: priority})
		}
	})
}

func vga(f frame.Format, fps float32) prop.Media {
	return prop.Media{Video: prop.Video{Width: 640, Height: 480, FrameRate: fps, FrameFormat: f}}
}

// reused gives the same memory over and over, as real drivers do.
func reused(width, height int) func(int) (image.Image, error) {
	img := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio422)
	return func(n int) (image.Image, error) {
		fill(img.Y, byte(n))
		return img, nil
	}
}

func works() *fakeDriver {
	return &fakeDriver{formats: []prop.Media{vga(frame.FormatYUYV, 30)}, frames: reused(640, 480)}
}

func TestCameraOpensWhatIsChosen(t *testing.T) {
	list := map[string]*fakeDriver{"usb-first;video0": works(), "usb-other;video2": works()}
	for choice, want := range map[string]string{
		"auto": "Camera first", "usb-other": "Camera other", "camera OTHER": "Camera other", "Camera first": "Camera first",
		"/dev/video2": "Camera other", "video0": "Camera first",
	} {
		synctest.Test(t, func(t *testing.T) {
			c, err := fakes(t, list).open(t.Context(), choice, CameraFormat{}.orDefault(), new(i420.Pool), logger(nil))
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if c.Name() != want {
				t.Errorf("%s opens %s", choice, c.Name())
			}
		})
	}
	for label, d := range list {
		if d.opens.Load() != 3 || d.closes.Load() != 3 || d.asked.FrameRate != 30 {
			t.Errorf("%s: %d times opened, %d times closed, last asked for %v", label, d.opens.Load(), d.closes.Load(), d.asked)
		}
	}
}

func TestCameraPicturesAreCopies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := fakes(t, map[string]*fakeDriver{"usb-first;video0": works()}).
			open(t.Context(), "auto", CameraFormat{}.orDefault(), new(i420.Pool), logger(nil))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		var kept []*i420.Picture
		for range 5 {
			p, err := c.Read()
			if err != nil {
				t.Fatal(err)
			}
			if p.CapturedAt.IsZero() || p.Width() != 640 || p.Height() != 480 {
				t.Fatalf("%v at %v", p.Rect, p.CapturedAt)
			}
			kept = append(kept, p)
		}
		for i, p := range kept {
			if p.Y[0] != byte(i) || p.Y[len(p.Y)-1] != byte(i) {
				t.Errorf("picture %d was overwritten with %d", i, p.Y[0])
			}
		}
		<-time.After(time.Second) // nobody reads: the newest is kept
		synctest.Wait()
		p, err := c.Read()
		if err != nil || p.Y[0] < 30 {
			t.Errorf("an old picture: %d, %v", p.Y[0], err)
		}
	})
}

func TestCameraErrors(t *testing.T) {
	busyText := errors.New("Failed to start streaming: device or resource busy")
	tests := []struct {
		name   string
		driver *fakeDriver
		choice string
		want   error
	}{
		{"busy when opened", &fakeDriver{openErr: syscall.EBUSY}, "auto", engine.ErrDeviceBusy},
		{"busy when started", &fakeDriver{recordErr: syscall.EBUSY, formats: works().formats}, "auto", engine.ErrDeviceBusy},
		{"busy in words", &fakeDriver{recordErr: busyText, formats: works().formats}, "auto", engine.ErrDeviceBusy},
		{"gone", &fakeDriver{openErr: syscall.ENODEV}, "auto", engine.ErrDeviceMissing},
		{"forbidden", &fakeDriver{availableErr: syscall.EACCES}, "auto", syscall.EACCES},
		{"broken", &fakeDriver{recordErr: errors.New("protocol error"), formats: works().formats}, "auto", engine.ErrDeviceMissing},
		{"no format", &fakeDriver{}, "auto", engine.ErrDeviceMissing},
		{"no known format", &fakeDriver{formats: []prop.Media{vga(frame.FormatZ16, 30)}}, "auto", engine.ErrDeviceMissing},
		{"not there", works(), "Camera other", engine.ErrDeviceMissing},
		{"metadata node", &fakeDriver{availableErr: errors.New("Not a video capture device")}, "auto", engine.ErrDeviceMissing},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			all := fakes(t, map[string]*fakeDriver{"usb-first;video0": test.driver})
			_, err := all.open(deadline(t), test.choice, CameraFormat{}.orDefault(), new(i420.Pool), logger(nil))
			wantProblem(t, err, test.want)
			if o, c := test.driver.opens.Load(), test.driver.closes.Load(); o != c {
				t.Errorf("opened %d times, closed %d times", o, c)
			}
		})
	}
}

func TestCameraAutoFallsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := fakes(t, map[string]*fakeDriver{"usb-first;video0": {openErr: syscall.EBUSY}, "usb-other;video2": works()})
		c, err := all.open(t.Context(), "auto", CameraFormat{}.orDefault(), new(i420.Pool), logger(nil))
		if err != nil || c.Name() != "Camera other" {
			t.Fatalf("got %v, %v", c, err)
		}
		c.Close()
	})
}

func TestCameraSkipsDamagedPictures(t *testing.T) {
	d := works()
	good := d.frames
	d.frames = func(n int) (image.Image, error) {
		switch n % 4 {
		case 1:
			return nil, errors.New("invalid JPEG format: bad RST marker")
		case 2:
			return &image.YCbCr{Rect: image.Rect(0, 0, 640, 480)}, nil // no planes
		case 3:
			return nil, nil
		}
		return good(n)
	}
	synctest.Test(t, func(t *testing.T) {
		c, err := fakes(t, map[string]*fakeDriver{"usb-first;video0": d}).
			open(t.Context(), "auto", CameraFormat{}.orDefault(), new(i420.Pool), logger(nil))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for i := range 10 {
			p, err := c.Read()
			if err != nil || p.Y[0] != byte(4*i) {
				t.Fatalf("read %d: %v", i, err)
			}
			p.Release()
		}
	})
}

func TestCameraLost(t *testing.T) {
	for _, cause := range []error{io.EOF, syscall.ENODEV, errors.New("read timeout")} {
		d := works()
		good := d.frames
		d.frames = func(n int) (image.Image, error) {
			if n > 2 {
				return nil, cause
			}
			return good(n)
		}
		synctest.Test(t, func(t *testing.T) {
			c, err := fakes(t, map[string]*fakeDriver{"usb-first;video0": d}).
				open(t.Context(), "auto", CameraFormat{}.orDefault(), new(i420.Pool), logger(nil))
			if err != nil {
				t.Fatal(err)
			}
			for err == nil {
				_, err = c.Read()
			}
			wantProblem(t, err, engine.ErrDeviceMissing)
			_, err = c.Read()
			wantProblem(t, err, cause)
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
		if d.closes.Load() != 1 {
			t.Errorf("closed %d times", d.closes.Load())
		}
	}
}

func TestCameraCloseWhileDriverHangs(t *testing.T) {
	d := works()
	synctest.Test(t, func(t *testing.T) {
		d.hang = make(chan struct{})
		c, err := fakes(t, map[string]*fakeDriver{"usb-first;video0": d}).
			open(t.Context(), "auto", CameraFormat{}.orDefault(), new(i420.Pool), logger(nil))
		if err != nil {
			t.Fatal(err)
		}
		p, err := c.Read()
		if err != nil {
			t.Fatal(err)
		}
		p.Release()
		start := time.Now()
		if err := c.Close(); !errors.Is(err, errHung) || time.Since(start) > closeLimit {
			t.Errorf("Close: %v after %v", err, time.Since(start))
		}
		if _, err := c.Read(); !errors.Is(err, engine.ErrClosed) {
			t.Errorf("Read after Close: %v", err)
		}
		if err := c.Close(); err != nil {
			t.Errorf("second Close: %v", err)
		}
		close(d.hang)
		<-c.(*hwCamera).ended
	})
	if d.closes.Load() != 1 {
		t.Errorf("closed %d times", d.closes.Load())
	}
}

func TestCameraNone(t *testing.T) {
	if _, err := OpenCamera(deadline(t), engine.DeviceNone, CameraFormat{}, nil, nil); !errors.Is(err, ErrNone) {
		t.Errorf("got %v", err)
	}
}

func TestLimitedHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release, closed := make(chan struct{}), make(chan int, 1)
		_, err := limited(t.Context(), time.Second, func() (int, error) { <-release; return 7, nil }, func(v int) { closed <- v })
		if !errors.Is(err, errHung) {
			t.Errorf("got %v", err)
		}
		close(release)
		if v := <-closed; v != 7 {
			t.Errorf("late result %d", v)
		}
		if _, err := limited(t.Context(), time.Second, func() (int, error) { panic("driver") }, nil); err == nil {
			t.Error("a panic is no error")
		}
	})
}

func TestRankFormats(t *testing.T) {
	m := func(w, h int, fps float32, f frame.Format) prop.Media {
		return prop.Media{Video: prop.Video{Width: w, Height: h, FrameRate: fps, FrameFormat: f}}
	}
	tests := []struct {
		name    string
		want    CameraFormat
		offered []prop.Media
		best    prop.Media
	}{
		{
			"raw before MJPEG at the same rate",
			CameraFormat{640, 480, 30},
			[]prop.Media{m(640, 480, 30, frame.FormatMJPEG), m(640, 480, 30, frame.FormatYUYV)},
			m(640, 480, 30, frame.FormatYUYV),
		},
		{
			"MJPEG where raw is slow",
			CameraFormat{1280, 720, 30},
			[]prop.Media{m(1280, 720, 10, frame.FormatYUYV), m(1280, 720, 30, frame.FormatMJPEG)},
			m(1280, 720, 30, frame.FormatMJPEG),
		},
		{
			"rate nearest above",
			CameraFormat{640, 480, 24},
			[]prop.Media{m(640, 480, 60, frame.FormatYUYV), m(640, 480, 30, frame.FormatYUYV), m(640, 480, 15, frame.FormatYUYV)},
			m(640, 480, 30, frame.FormatYUYV),
		},
		{
			"shape before size",
			CameraFormat{1280, 720, 30},
			[]prop.Media{m(1280, 960, 30, frame.FormatYUYV), m(960, 540, 30, frame.FormatYUYV)},
			m(960, 540, 30, frame.FormatYUYV),
		},
		{
			"fluent in another shape before slow",
			CameraFormat{1280, 720, 30},
			[]prop.Media{m(1280, 720, 10, frame.FormatYUYV), m(640, 480, 30, frame.FormatYUYV)},
			m(640, 480, 30, frame.FormatYUYV),
		},
		{
			"a usual webcam gives 720p by default",
			CameraFormat{}.orDefault(),
			[]prop.Media{
				m(640, 480, 30, frame.FormatYUYV), m(640, 360, 30, frame.FormatYUYV), m(1280, 720, 10, frame.FormatYUYV),
				m(1920, 1080, 30, frame.FormatMJPEG), m(1280, 720, 30, frame.FormatMJPEG), m(640, 480, 30, frame.FormatMJPEG),
			},
			m(1280, 720, 30, frame.FormatMJPEG),
		},
		{
			"1080p by setting",
			CameraFormat{1920, 1080, 30},
			[]prop.Media{m(1280, 720, 30, frame.FormatMJPEG), m(1920, 1080, 30, frame.FormatMJPEG), m(1920, 1080, 5, frame.FormatYUYV)},
			m(1920, 1080, 30, frame.FormatMJPEG),
		},
		{
			"a 4:3 camera stays 4:3",
			CameraFormat{}.orDefault(),
			[]prop.Media{m(640, 480, 30, frame.FormatYUYV), m(320, 240, 30, frame.FormatYUYV)},
			m(640, 480, 30, frame.FormatYUYV),
		},
		{
			"25 is as good as 30",
			CameraFormat{}.orDefault(),
			[]prop.Media{m(1280, 720, 25, frame.FormatNV12), m(640, 480, 30, frame.FormatYUYV)},
			m(1280, 720, 25, frame.FormatNV12),
		},
		{
			"larger before smaller",
			CameraFormat{640, 480, 30},
			[]prop.Media{m(320, 240, 30, frame.FormatYUYV), m(1024, 768, 30, frame.FormatYUYV)},
			m(1024, 768, 30, frame.FormatYUYV),
		},
		{
			"unknown rate is asked for",
			CameraFormat{640, 480, 30},
			[]prop.Media{m(640, 480, 0, frame.FormatYUYV)},
			m(640, 480, 30, frame.FormatYUYV),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := rankFormats(test.offered, test.want)[0]; got != test.best {
				t.Errorf("got %v", got.Video)
			}
		})
	}
	if got := rankFormats([]prop.Media{m(640, 480, 30, frame.FormatZ16), m(0, 480, 30, frame.FormatYUYV), m(16384, 16384, 1, frame.FormatYUYV)}, CameraFormat{640, 480, 30}); len(got) != 0 {
		t.Errorf("unusable formats kept: %v", got)
	}
}
