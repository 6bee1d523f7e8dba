package screen

import (
	"bytes"
	"image"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestTitle(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                          "plain",
		"  two\n lines\t":                "two lines",
		"Grüße 世界":                       "Grüße 世界",
		"caf\xe9":                        "café",
		"zero\x00":                       "zero",
		"turned\u202e around":            "turned around",
		"\u200d\U0001F469":               "\u200d\U0001F469",
		"\x1b]0;x\x07":                   "]0;x",
		"":                               "",
		strings.Repeat("é", 150):         strings.Repeat("é", 99) + "…",
		strings.Repeat("世", 100):         strings.Repeat("世", 100),
		"a" + strings.Repeat("🎉", 10000): "a" + strings.Repeat("🎉", 98) + "…",
	} {
		if got := title([]byte(in)); got != want {
			t.Errorf("%.30q: %q, want %q", in, got, want)
		}
	}
}

func FuzzTitle(f *testing.F) {
	for _, s := range []string{"x", "\xff\xfe", "\u202e", strings.Repeat("\xf0\x9f\x8e\x89", 200), "\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := title(data)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxTitle {
			t.Errorf("%q", got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Errorf("%q has %U", got, r)
			}
		}
	})
}

func TestFit(t *testing.T) {
	for _, c := range [][4]int{
		{1920, 1080, 1920, 1080},
		{3840, 2160, 1920, 1080},
		{5120, 1440, 1920, 540},
		{1080, 1920, 674, 1200},
		{401, 203, 400, 202},
		{1921, 1200, 1920, 1198},
		{16, 16, 16, 16},
		{17, 16, 16, 16},
		{30000, 20, 1920, 16},
	} {
		if w, h := fit(c[0], c[1]); w != c[2] || h != c[3] {
			t.Errorf("%dx%d: %dx%d, want %dx%d", c[0], c[1], w, h, c[2], c[3])
		}
	}
}

func TestOver(t *testing.T) {
	c := canvas{bytes.Repeat([]byte{100}, 4*4*4), 4, 4}
	half := canvas{[]byte{50, 0, 50, 128, 255, 255, 255, 255, 0, 0, 0, 0, 9, 9, 9, 255}, 2, 2}
	for _, at := range []image.Point{{-1, -1}, {3, 3}, {9, 9}, {-9, 0}, {1, 1}} {
		c.over(half, at)
	}
	at := func(x, y int) []byte { return c.pix[4*(4*y+x):][:3] }
	for _, want := range []struct {
		x, y int
		bgr  []byte
	}{{0, 0, []byte{9, 9, 9}}, {3, 3, []byte{100, 50, 100}}, {1, 1, []byte{100, 50, 100}}, {2, 1, []byte{255, 255, 255}}, {1, 2, []byte{100, 100, 100}}, {0, 3, []byte{100, 100, 100}}} {
		if !bytes.Equal(at(want.x, want.y), want.bgr) {
			t.Errorf("%d,%d: %v, want %v", want.x, want.y, at(want.x, want.y), want.bgr)
		}
	}
	c.grey(image.Rect(-5, 3, 99, 99))
	if at(0, 3)[0] != 0x80 || at(0, 2)[0] != 100 {
		t.Error("grey is not where it belongs")
	}
}

func FuzzPaint(f *testing.F) {
	f.Add(3, 4, -1, 2, 9, 9)
	f.Fuzz(func(_ *testing.T, w, h, x, y, x2, y2 int) {
		w, h = w&31, h&31
		c := canvas{make([]byte, 4*16*8), 16, 8}
		c.over(canvas{make([]byte, 4*w*h), w, h}, image.Pt(x%1000, y%1000))
		c.grey(image.Rect(x%1000, y%1000, x2%1000, y2%1000))
	})
}
