package interop

import (
	"os"
	"strings"
	"testing"
)

// scenario is a story with one page and one Tring or more.
type scenario struct {
	name string
	play func(s *scene)
	args []string // of Tring, beside the usual
}

// scene is a scenario that is being played.
type scene struct {
	t       *testing.T
	x       *exchange
	browser *chromium
	build   build
	row     *row
	page    *page
	tring   *tring
}

// small spares the processors where size is not the question.
var small = []string{"--size", "320x240", "--fps", "15"}

// TestInterop plays every scenario with every build and prints the table.
func TestInterop(t *testing.T) {
	if os.Getenv("TRING_INTEROP") != "1" {
		t.Skip("make test-interop sets TRING_INTEROP=1: it starts a browser and asks npm")
	}
	browser := startChromium(t)
	t.Log(browser.version)
	results := &table{}
	defer results.print(t)
	for _, b := range builds(t) {
		t.Run(b.name, func(t *testing.T) {
			for _, sc := range scenarios() {
				t.Run(strings.ReplaceAll(sc.name, " ", "-"), func(t *testing.T) { play(t, browser, b, sc, results) })
			}
		})
	}
}

// scenarios are all stories, the simplest first.
func scenarios() []scenario {
	return append(basic(), midcall()...)
}

// play plays one scenario: alice is the page, bob is Tring.
func play(t *testing.T, browser *chromium, b build, sc scenario, results *table) {
	s := &scene{t: t, browser: browser, build: b, row: results.begin(b.name, sc.name)}
	defer func() { s.row.ok = !t.Failed() }()
	s.x = startExchange(t, b)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the switchboard:\n%s", s.x.trace)
		}
	})
	s.tring = startTring(t, s.x, "bob", sc.args...)
	s.page = openPage(t, browser, s.x, "alice")
	sc.play(s)
}
