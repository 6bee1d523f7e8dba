package device

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine"
	"tring/engine/internal/i420"
)

// makeY4M gives a file of n pictures; picture i is filled with the value i.
func makeY4M(header string, width, height, n int) []byte {
	var b bytes.Buffer
	b.WriteString(header + "\n")
	size := width*height + 2*((width+1)/2)*((height+1)/2)
	for i := range n {
		b.WriteString("FRAME\n")
		b.Write(bytes.Repeat([]byte{byte(i)}, size))
	}
	return b.Bytes()
}

func open(data []byte) (*y4mFile, error) {
	return openY4M(context.Background(), bytes.NewReader(data), int64(len(data)))
}

func TestY4MAccepts(t *testing.T) {
	tests := []struct {
		name, header  string
		width, height int
		num, den      int64
	}{
		{"plain", "YUV4MPEG2 W4 H2 F25:1", 4, 2, 25, 1},
		{"all fields", "YUV4MPEG2 W6 H4 F30000:1001 Ip A1:1 C420jpeg XYSCSS=420JPEG", 6, 4, 30000, 1001},
		{"mpeg2", "YUV4MPEG2 C420mpeg2 W4 H2 F50:1", 4, 2, 50, 1},
		{"paldv", "YUV4MPEG2 C420paldv W4 H2 F50:1", 4, 2, 50, 1},
		{"420", "YUV4MPEG2 C420 W4 H2 F15:2", 4, 2, 15, 2},
		{"odd", "YUV4MPEG2 W5 H3 F24:1", 5, 3, 24, 1},
		{"one pixel", "YUV4MPEG2 W1 H1 F24:1", 1, 1, 24, 1},
		{"no rate", "YUV4MPEG2 W4 H2", 4, 2, 30, 1},
		{"unknown rate", "YUV4MPEG2 W4 H2 F0:0", 4, 2, 30, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			y, err := open(makeY4M(test.header, test.width, test.height, 3))
			if err != nil {
				t.Fatal(err)
			}
			if y.width != test.width || y.height != test.height || y.num != test.num || y.den != test.den || len(y.offsets) != 3 {
				t.Fatalf("got %dx%d at %d:%d, %d pictures", y.width, y.height, y.num, y.den, len(y.offsets))
			}
			for i := range 3 {
				p, err := y.read(i, new(i420.Pool))
				if err != nil {
					t.Fatal(err)
				}
				if p.Y[0] != byte(i) || p.Cb[len(p.Cb)-1] != byte(i) || p.Cr[len(p.Cr)-1] != byte(i) {
					t.Errorf("picture %d has another one's content", i)
				}
			}
		})
	}
}

func TestY4MFrameParameters(t *testing.T) {
	data := bytes.ReplaceAll(makeY4M("YUV4MPEG2 W4 H2 F25:1", 4, 2, 2), []byte("FRAME\n"), []byte("FRAME Ippp XA=some-long-comment\n"))
	y, err := open(data)
	if err != nil || len(y.offsets) != 2 {
		t.Fatalf("got %v, %v", y, err)
	}
}

func TestY4MRefuses(t *testing.T) {
	good := makeY4M("YUV4MPEG2 W4 H2 F25:1", 4, 2, 2)
	tests := []struct {
		name string
		data []byte
		says string
	}{
		{"empty", nil, "no YUV4MPEG2 header"},
		{"another kind", []byte("RIFF....WAVE\n"), "no YUV4MPEG2 header"},
		{"endless header", append([]byte("YUV4MPEG2 W4 H2 X"), bytes.Repeat([]byte("x"), 1<<20)...), "no YUV4MPEG2 header"},
		{"no width", makeY4M("YUV4MPEG2 H2", 4, 2, 1), "width"},
		{"no height", makeY4M("YUV4MPEG2 W4", 4, 2, 1), "height"},
		{"negative", makeY4M("YUV4MPEG2 W-4 H2", 4, 2, 1), "width"},
		{"not a number", makeY4M("YUV4MPEG2 Wfour H2", 4, 2, 1), "width"},
		{"wide", makeY4M("YUV4MPEG2 W70000 H1", 4, 2, 1), "16384"},
		{"large", makeY4M("YUV4MPEG2 W8192 H4320", 4, 2, 1), "8 megapixels"},
		{"10 bits", makeY4M("YUV4MPEG2 W4 H2 C420p10", 4, 2, 1), "more than 8 bits"},
		{"4:2:2", makeY4M("YUV4MPEG2 W4 H2 C422", 4, 2, 1), "not 4:2:0"},
		{"grey", makeY4M("YUV4MPEG2 W4 H2 Cmono", 4, 2, 1), "not 4:2:0"},
		{"rate 0", makeY4M("YUV4MPEG2 W4 H2 F0:1", 4, 2, 1), "rate"},
		{"rate by 0", makeY4M("YUV4MPEG2 W4 H2 F1:0", 4, 2, 1), "rate"},
		{"rate too high", makeY4M("YUV4MPEG2 W4 H2 F1000:1", 4, 2, 1), "rate"},
		{"rate is no fraction", makeY4M("YUV4MPEG2 W4 H2 F25", 4, 2, 1), "rate"},
		{"no pictures", []byte("YUV4MPEG2 W4 H2 F25:1\n"), "no picture"},
		{"cut off", good[:len(good)-3], "cut off in picture 2: 9 of 12 bytes"},
		{"damaged", bytes.Replace(good, []byte("FRAME"), []byte("FRUME"), 1), "damaged at byte 22, where picture 1"},
		{"picture header without end", append(bytes.Clone(good), bytes.Repeat([]byte("FRAME "), 100)...), "where picture 3"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := OpenCamera(deadline(t), writeFile(t, "clip.y4m", test.data), CameraFormat{}, nil, nil)
			p := wantProblem(t, err, engine.ErrBadMediaFile)
			if !strings.Contains(p.Cause, test.says) {
				t.Errorf("cause %q does not say %q", p.Cause, test.says)
			}
		})
	}
}

func TestY4MOtherFiles(t *testing.T) {
	_, err := OpenCamera(deadline(t), "/nowhere/clip.y4m", CameraFormat{}, nil, nil)
	wantProblem(t, err, engine.ErrDeviceMissing)
	_, err = OpenCamera(deadline(t), t.TempDir()+"/", CameraFormat{}, nil, nil)
	wantProblem(t, err, engine.ErrBadMediaFile)
	_, err = OpenCamera(deadline(t), writeFile(t, "clip.mp4", []byte("....ftyp")), CameraFormat{}, nil, nil)
	wantProblem(t, err, engine.ErrBadMediaFile)
}

// TestFileCameraPace plays two loops and checks each picture's time.
func TestFileCameraPace(t *testing.T) {
	path := writeFile(t, "clip.y4m", makeY4M("YUV4MPEG2 W4 H2 F30000:1001", 4, 2, 7))
	synctest.Test(t, func(t *testing.T) {
		c, err := OpenCamera(t.Context(), path, CameraFormat{}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		start := time.Now()
		const n = 30000 // 1001 s
		for i := range n {
			p, err := c.Read()
			if err != nil {
				t.Fatal(err)
			}
			if p.Y[0] != byte(i%7) {
				t.Fatalf("picture %d shows %d", i, p.Y[0])
			}
			want := time.Duration(i) * 1001 * time.Second / 30000
			if got := p.CapturedAt.Sub(start); got < want-1 || got > want+1 {
				t.Fatalf("picture %d at %v, want %v", i, got, want)
			}
			p.Release()
		}
	})
}

// TestFileCameraSlowReader checks that a late reader misses pictures and then
// is in step again.
func TestFileCameraSlowReader(t *testing.T) {
	path := writeFile(t, "clip.y4m", makeY4M("YUV4MPEG2 W4 H2 F10:1", 4, 2, 100))
	synctest.Test(t, func(t *testing.T) {
		c, err := OpenCamera(t.Context(), path, CameraFormat{}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		read := func() (byte, time.Duration) {
			p, err := c.Read()
			if err != nil {
				t.Fatal(err)
			}
			return p.Y[0], time.Duration(p.CapturedAt.UnixNano() % int64(time.Second))
		}
		if v, _ := read(); v != 0 {
			t.Fatalf("first picture is %d", v)
		}
		<-time.After(2350 * time.Millisecond)
		if v, at := read(); v != 23 || at != 350*time.Millisecond {
			t.Fatalf("after 2.35 s: picture %d at %v", v, at)
		}
		if v, at := read(); v != 24 || at != 400*time.Millisecond {
			t.Fatalf("next: picture %d at %v", v, at)
		}
	})
}

func TestFileCameraClose(t *testing.T) {
	path := writeFile(t, "clip.y4m", makeY4M("YUV4MPEG2 W4 H2 F1:10", 4, 2, 1))
	synctest.Test(t, func(t *testing.T) {
		c, err := OpenCamera(t.Context(), path, CameraFormat{}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		closeUnblocks(t, c)
	})
}

// closeUnblocks checks Close while a Read waits, and Close again.
func closeUnblocks(t *testing.T, c Camera) {
	t.Helper()
	if c.Name() == "" {
		t.Error("no name")
	}
	p, err := c.Read() // the first comes at once
	if err != nil {
		t.Fatal(err)
	}
	p.Release()
	ended := make(chan error)
	go func() {
		_, err := c.Read()
		ended <- err
	}()
	synctest.Wait()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, engine.ErrClosed) {
		t.Errorf("a waiting Read ended with %v", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if _, err := c.Read(); !errors.Is(err, engine.ErrClosed) {
		t.Errorf("a Read after Close ended with %v", err)
	}
}

func FuzzY4M(f *testing.F) {
	f.Add(makeY4M("YUV4MPEG2 W4 H2 F25:1 C420jpeg", 4, 2, 2))
	f.Add(makeY4M("YUV4MPEG2 W5 H3", 5, 3, 1))
	f.Add([]byte("YUV4MPEG2 W16384 H512 F2147483647:2147483647\nFRAME\n"))
	f.Add([]byte("YUV4MPEG2  W4 H2\nFRAME x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		y, err := open(data)
		if err != nil {
			return
		}
		p, err := y.read(rand.IntN(len(y.offsets)), new(i420.Pool))
		if err != nil {
			t.Fatal(err)
		}
		pace := pacer{num: y.num, den: y.den, start: time.Now()}
		if a, b := pace.due(1<<20), pace.due(1<<20+1); !b.After(a) {
			t.Fatal(fmt.Sprint("time stands still at ", y.num, ":", y.den))
		}
		p.Release()
	})
}
