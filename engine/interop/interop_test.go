package interop

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// scenario is a story with one page and one Tring or more.
type scenario struct {
	name string
	play func(s *scene)
	args []string // of Tring, beside the usual
	how  conditions
	// short: also in the set that continuous integration plays, which has every
	// kind of scenario at least once, with the first build that can play it;
	// again: with every build.
	short, again bool
	// needs is what the page must be able to do; "" for nothing special.
	needs ability
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

// TestInterop plays every scenario with every build and prints the tables.
func TestInterop(t *testing.T) {
	if os.Getenv("TRING_INTEROP") != "1" {
		t.Skip("make test-interop sets TRING_INTEROP=1: it starts a browser and asks npm")
	}
	browser := startChromium(t)
	short := os.Getenv("TRING_INTEROP_SET") == "short"
	all := builds(t)
	results := &table{title: "Tring and pages in " + browser.version}
	if all[0].script == nil {
		results.title += "\n" + noSDK
	}
	defer results.print(t)
	for i, b := range all {
		t.Run(b.title(), func(t *testing.T) {
			for _, sc := range scenarios() {
				if short && (!sc.short || i > 0 && !sc.again && slices.ContainsFunc(all[:i], func(b build) bool { return b.can(sc.needs) })) {
					continue
				}
				t.Run(strings.ReplaceAll(sc.name, " ", "-"), func(t *testing.T) { play(t, browser, b, sc, results) })
			}
		})
	}
	t.Run("set-up", func(t *testing.T) { measureSetUps(t, browser, all, results) })
}

// scenarios are all stories, the simplest first.
func scenarios() []scenario {
	return slices.Concat(basic(), midcall(), glares(), transfers(), paths())
}

// play plays one scenario: alice is the page, bob is Tring.
func play(t *testing.T, browser *chromium, b build, sc scenario, results *table) {
	s := &scene{t: t, browser: browser, build: b, row: results.begin(b.name, sc.name)}
	defer func() { s.row.ok = !t.Failed() }()
	if !b.can(sc.needs) {
		s.row.unable = "the page has no " + string(sc.needs)
		t.Skip(s.row.unable)
	}
	s.x = startExchange(t, browser.folder, b, sc.how)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the switchboard:\n%s", s.x.trace)
		}
	})
	s.tring = startTring(t, s.x, "bob", slices.Concat(b.args, sc.args)...)
	s.page = openPage(t, browser, s.x, "alice")
	sc.play(s)
	if s.x.middle != nil {
		s.remark(s.x.middle.String())
	}
}

// remark adds words to the row.
func (s *scene) remark(text string) {
	if s.row.remark != "" {
		s.row.remark += "; "
	}
	s.row.remark += text
}
