package x11

import (
	"bytes"
	"encoding/binary"
	"image"
	"testing"
)

func TestParseDisplay(t *testing.T) {
	for in, want := range map[string]display{
		":0": {}, ":0.1": {screen: 1}, "unix:7": {number: 7}, "localhost:10.0": {host: "localhost", number: 10},
		"tcp/[::1]:3": {host: "[::1]", number: 3}, ":59535": {number: 59535},
	} {
		if got, err := parseDisplay(in); err != nil || got != want {
			t.Errorf("%q: %+v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "0", ":", ":x", ":-1", ":0.x", ":0.-1", ":59536", "host", ":1:"} {
		if got, err := parseDisplay(in); err == nil {
			t.Errorf("%q: %+v", in, got)
		}
	}
}

// entry is one of an authority file.
func entry(family uint16, fields ...string) []byte {
	out := binary.BigEndian.AppendUint16(nil, family)
	for _, f := range fields {
		out = binary.BigEndian.AppendUint16(out, uint16(len(f)))
		out = append(out, f...)
	}
	return out
}

func authority() []byte {
	return bytes.Join([][]byte{
		entry(0, "\x7f\x00\x00\x01", "0", cookieName, "by address"),
		entry(familyLocal, "here", "0", "XDM-AUTHORIZATION-1", "another way"),
		entry(familyLocal, "there", "0", cookieName, "another machine"),
		entry(familyLocal, "here", "0", cookieName, "here 0"),
		entry(familyLocal, "here", "1", cookieName, "here 1"),
		entry(familyWild, "", "", cookieName, "any"),
	}, nil)
}

func TestFindCookie(t *testing.T) {
	file := authority()
	for _, c := range []struct{ host, number, want string }{
		{"here", "0", "here 0"}, {"here", "1", "here 1"}, {"there", "0", "another machine"}, {"elsewhere", "5", "any"},
	} {
		if got := findCookie(file, c.host, c.number); string(got) != c.want {
			t.Errorf("%s:%s: %q, want %q", c.host, c.number, got, c.want)
		}
	}
	// The machine was given another name since.
	if got := findCookie(entry(familyLocal, "old", "0", cookieName, "x"), "new", "0"); string(got) != "x" {
		t.Errorf("renamed machine: %q", got)
	}
}

func FuzzFindCookie(f *testing.F) {
	f.Add(authority(), "here", "1")
	f.Add([]byte{1, 0, 0, 9}, "", "")
	f.Fuzz(func(_ *testing.T, file []byte, host, number string) { findCookie(file, host, number) })
}

func FuzzParseDisplay(f *testing.F) {
	f.Add("localhost:10.0")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := parseDisplay(s); err == nil && (d.number < 0 || d.number+basePort > 0xffff || d.screen < 0) {
			t.Errorf("%q: %+v", s, d)
		}
	})
}

// greeting is what a small server says of itself, after the first eight bytes.
func greeting() []byte {
	le := binary.LittleEndian
	b := make([]byte, 32)
	le.PutUint32(b[4:], 0x400000)
	le.PutUint32(b[8:], 0x1fffff)
	le.PutUint16(b[16:], 3) // vendor
	b[20], b[21] = 1, 1     // screens, formats
	b = append(b, "abc\x00"...)
	b = append(b, 24, 32, 32, 0, 0, 0, 0, 0)
	screen := make([]byte, 40)
	le.PutUint32(screen, 0x50d)
	le.PutUint16(screen[20:], 800)
	le.PutUint16(screen[22:], 600)
	le.PutUint32(screen[32:], 0x21)
	screen[38], screen[39] = 24, 1
	b = append(b, screen...)
	b = append(b, 24, 0, 1, 0, 0, 0, 0, 0)
	visual := make([]byte, 24)
	le.PutUint32(visual, 0x21)
	le.PutUint32(visual[8:], 0xff0000)
	le.PutUint32(visual[12:], 0xff00)
	le.PutUint32(visual[16:], 0xff)
	return append(b, visual...)
}

func TestParseSetup(t *testing.T) {
	whole := greeting()
	s, err := parseSetup(whole)
	if err != nil {
		t.Fatal(err)
	}
	want := Screen{Root: 0x50d, Width: 800, Height: 600, Visual: 0x21, Depth: 24}
	if len(s.screens) != 1 || s.screens[0] != want || !s.lsbFirst {
		t.Errorf("%+v", s)
	}
	c := &Conn{setup: s}
	if !c.Readable(0x21) || c.Readable(0x22) {
		t.Error("the wrong visuals are readable")
	}
	if a, b := c.NewID(), c.NewID(); a != 0x400001 || b != 0x400002 {
		t.Errorf("ids %#x, %#x", a, b)
	}
	for n := range whole {
		if _, err := parseSetup(whole[:n]); err == nil {
			t.Errorf("the first %d bytes are enough", n)
		}
	}
}

func FuzzParseSetup(f *testing.F) {
	f.Add(greeting())
	f.Fuzz(func(_ *testing.T, body []byte) { _, _ = parseSetup(body) })
}

func TestParseMonitors(t *testing.T) {
	r := make([]byte, 32+28+24)
	binary.LittleEndian.PutUint32(r[12:], 2)
	for i, m := range []struct{ at, outputs, x, w int }{{32, 1, 0, 1920}, {60, 0, -1280, 1280}} {
		b := r[m.at:]
		b[0], b[4], b[6] = byte(70+i), byte(1-i), byte(m.outputs)
		binary.LittleEndian.PutUint16(b[8:], uint16(int16(m.x)))
		binary.LittleEndian.PutUint16(b[12:], uint16(m.w))
		binary.LittleEndian.PutUint16(b[14:], 1000)
	}
	got, err := parseMonitors(r)
	if err != nil || len(got) != 2 || got[0] != (Monitor{70, true, image.Rect(0, 0, 1920, 1000)}) || got[1] != (Monitor{71, false, image.Rect(-1280, 0, 0, 1000)}) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := parseMonitors(r[:len(r)-1]); err == nil {
		t.Error("a list cut short is taken")
	}
}

// FuzzReplies: a property is what any program made it, the rest what a server
// says.
func FuzzReplies(f *testing.F) {
	f.Add(make([]byte, 32))
	f.Add(bytes.Repeat([]byte{0xff}, 64))
	f.Add(append([]byte{1, 32, 0, 0, 1, 0, 0, 0, 33, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0}, make([]byte, 16)...))
	f.Fuzz(func(t *testing.T, r []byte) {
		if len(r) < 32 { // as wait guarantees
			return
		}
		p := parseProperty(r)
		if len(p.Words()) > len(r)/4 || len(p.Data) > len(r)-32 {
			t.Errorf("property of %d bytes out of %d", len(p.Data), len(r))
		}
		if m, err := parseMonitors(r); err == nil && len(m) > maxMonitors {
			t.Errorf("%d monitors", len(m))
		}
		if c, err := parseCursor(r); err == nil && len(c.Pixels) != 4*c.Rect.Dx()*c.Rect.Dy() {
			t.Errorf("%d bytes for a cursor %v", len(c.Pixels), c.Rect)
		}
	})
}
