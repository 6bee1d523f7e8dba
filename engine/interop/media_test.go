package interop

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A media measurement: two Trings, then two pages, hold the same video call
// with the same clip and the same limit over the same path, and are measured
// from outside wherever that can be done.

const (
	mediaBPS = 2_500_000       // limit of the video
	warmUp   = 8 * time.Second // before a steady state is measured
)

// mediaPath is a network that calls are measured on.
type mediaPath struct {
	name string
	how  conditions
	opens
	devices bool // microphones and speakers of a sound server; only Trings can be given them
}

// opens: the path is narrow at first, and opens after a while; or it is the other
// way round.
type opens struct {
	after time.Duration
	to    int64 // bit/s
	goal  int64 // bit/s that are to be reached; 0 for none
}

// rough is a path of 50 ms both ways together, with up to 20 ms more each way.
func rough(loss float64) conditions {
	return conditions{middle: true, loss: loss, delay: 25 * time.Millisecond, jitter: 20 * time.Millisecond}
}

func mediaPaths() []mediaPath {
	return []mediaPath{
		{name: "clean", how: conditions{middle: true}},
		{name: "clean, with sound devices", how: conditions{middle: true}, devices: true},
		{name: "2 % loss", how: rough(0.02)},
		{name: "5 % loss", how: rough(0.05)},
		{name: "10 % loss", how: rough(0.10)},
		{
			name: "500 kbit/s, then 3 Mbit/s", how: conditions{middle: true, delay: 25 * time.Millisecond, rate: 500_000, room: 300 * time.Millisecond},
			opens: opens{after: 20 * time.Second, to: 3_000_000, goal: 2_000_000},
		},
		{
			name: "3 Mbit/s, then 500 kbit/s", how: conditions{middle: true, delay: 25 * time.Millisecond, rate: 3_000_000, room: 300 * time.Millisecond},
			opens: opens{after: 10 * time.Second, to: 500_000},
		},
	}
}

// mediaFigures are what one side has counted since its call began.
type mediaFigures struct {
	Frames   float64   `json:"frames"`   // decoded
	LongGaps float64   `json:"longGaps"` // of more than 150 ms between two pictures
	Longest  float64   `json:"longest"`  // ms
	Ages     []float64 `json:"ages"`     // ms from capture to screen, of each picture (pages)
	AgeP50   float64   `json:"-"`        // the same (Tring, of the last seconds)
	AgeP95   float64   `json:"-"`
	Width    float64   `json:"width"`
	Conceal  float64   `json:"concealed"` // ms
	Sound    float64   `json:"sound"`     // ms
}

// mediaResult is a row of the table.
type mediaResult struct {
	Path       string  `json:"path"`
	Who        string  `json:"who"`
	FPS        float64 `json:"fps"`        // shown or decoded, mean of both sides
	CPU        float64 `json:"cpuMs"`      // of all processes, for each frame that arrived
	P50        float64 `json:"p50Ms"`      // capture to decoded (Tring) or to the screen (pages)
	P95        float64 `json:"p95Ms"`      //
	Gaps       float64 `json:"gaps"`       // over 150 ms, in 10 s of one picture
	LongestGap float64 `json:"longestGap"` // ms
	FirstGap   float64 `json:"firstGapMs"` // the longest before the measurement: where a narrow path is first overrun
	Width      float64 `json:"width"`
	Sent       float64 `json:"sentBPS"`   // on the wire, mean of both directions
	Rise       float64 `json:"riseMs"`    // from the answer, or the opening, until the goal is reached; 0 if it was not
	Concealed  float64 `json:"concealed"` // share of the sound
	First      float64 `json:"firstMs"`   // answer to first picture, median
	PSS        float64 `json:"pssMB"`     // of all processes
	Problem    string  `json:"problem,omitempty"`
}

// TestMedia prints one table, and writes it as JSON to the file that
// TRING_BENCH_JSON names.
func TestMedia(t *testing.T) {
	if os.Getenv("TRING_BENCH_MEDIA") != "1" {
		t.Skip("make bench-media sets TRING_BENCH_MEDIA=1: it takes minutes and both processors")
	}
	folder := t.TempDir()
	clip, speech := filepath.Join(folder, "clip.y4m"), filepath.Join(folder, "speech.wav")
	if err := errors.Join(writeClip(clip), writeSpeech(speech)); err != nil {
		t.Fatal(err)
	}
	var results []*mediaResult
	defer func() { printMedia(t, results) }()
	for _, who := range []string{"Tring", "Chromium"} {
		t.Run(who, func(t *testing.T) {
			var browser *chromium
			if who == "Chromium" {
				if _, err := findChromium(); err != nil {
					t.Skip(err)
				}
				browser = startChromium(t, "--use-file-for-fake-video-capture="+clip, "--use-file-for-fake-audio-capture="+speech)
			} else {
				browser = &chromium{folder: folder}
			}
			for _, path := range mediaPaths() {
				if only := os.Getenv("TRING_BENCH_PATHS"); only != "" && !strings.Contains(path.name, only) {
					continue
				}
				t.Run(strings.ReplaceAll(path.name, " ", "-"), func(t *testing.T) {
					if path.devices {
						if who != "Tring" {
							t.Skip("it takes the system's devices")
						}
						startPulse(t, speech, "alice", "bob")
					}
					r := &mediaResult{Path: path.name, Who: who}
					results = append(results, r)
					measureMedia(t, browser, []string{"--camera", clip, "--microphone", speech, "--size", "1280x720", "--bitrate", strconv.Itoa(mediaBPS)}, who, path, r)
				})
			}
		})
	}
}

func mediaSeconds() time.Duration {
	if n, err := strconv.Atoi(os.Getenv("TRING_BENCH_SECONDS")); err == nil && n > 0 {
		return time.Duration(n) * time.Second
	}
	return 20 * time.Second
}

func measureMedia(t *testing.T, browser *chromium, args []string, who string, path mediaPath, r *mediaResult) {
	x := startExchange(t, browser.folder, build{name: "plain", query: "?size=1280x720"}, path.how)
	var sides [2]*side
	for i, user := range []string{"alice", "bob"} {
		if who == "Chromium" {
			sides[i] = &side{page: openPage(t, browser, x, user), name: user}
			continue
		}
		if path.devices {
			args = append(slices.Clip(args), "--microphone", user+"-mic", "--speaker", user+"-ear")
		}
		sides[i] = &side{tring: startTring(t, x, user, args...), name: user}
	}
	caller, callee := sides[0], sides[1]
	caller.call(callee.name)
	caller.ringing()
	callee.awaitState("Ringing")
	callee.answer()
	answered := time.Now()
	wire := newWireMeter(x.middle.lines[:])
	r.First = max(callee.firstPicture("answered"), caller.firstPicture("accepted"))
	for _, s := range sides {
		if s.page != nil {
			s.page.do("cap(%v, false)", mediaBPS)
			s.page.do("watch()")
			if windowed() { // as large as Tring's window shows it
				s.page.do("document.head.insertAdjacentHTML('beforeend', '<style>#remote-container video { width: 1280px; height: 720px } #local-container video { width: 160px }</style>')")
			}
		}
	}
	if path.to == 0 {
		if path.how.loss == 0 {
			r.Rise = wire.until(answered, mediaBPS*9/10, 15*time.Second)
		}
		wait(t, time.Until(answered.Add(warmUp)))
	} else {
		wait(t, time.Until(answered.Add(path.after)))
	}
	for _, s := range sides {
		r.FirstGap = max(r.FirstGap, s.media(t).Longest) // and forget the pictures so far
	}
	r.measure(t, browser, sides, wire, path)
	caller.hangUp()
	callee.awaitState("Ended")
}

// wait lets a call go on.
func wait(t *testing.T, d time.Duration) {
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}

// measure looks at a call for some seconds.
func (r *mediaResult) measure(t *testing.T, browser *chromium, sides [2]*side, wire *wireMeter, path mediaPath) {
	before := [2]mediaFigures{sides[0].media(t), sides[1].media(t)}
	cost0, bytes0, began := r.cost(browser, sides), wire.total(), time.Now()
	length := mediaSeconds()
	if path.to > 0 {
		for _, l := range wire.lines {
			l.rate.Store(path.to)
		}
		if path.goal > 0 {
			r.Rise = wire.until(began, path.goal, 30*time.Second)
		}
		length = max(length, time.Since(began))
	}
	wait(t, time.Until(began.Add(length)))
	seconds := time.Since(began).Seconds()
	cost1, bytes1 := r.cost(browser, sides), wire.total()
	frames := 0.0
	var ages []float64
	for i, s := range sides {
		now := s.media(t)
		frames += now.Frames - before[i].Frames
		r.Gaps += (now.LongGaps - before[i].LongGaps) / seconds * 10 / 2
		if now.Longest > before[i].Longest || now.LongGaps > before[i].LongGaps {
			r.LongestGap = max(r.LongestGap, now.Longest)
		}
		if sound := now.Sound - before[i].Sound; sound > 0 {
			r.Concealed += (now.Conceal - before[i].Conceal) / sound / 2
		}
		ages = append(ages, now.Ages...)
		r.P50, r.P95 = max(r.P50, now.AgeP50), max(r.P95, now.AgeP95)
		r.Width = now.Width
	}
	if len(ages) > 0 {
		slices.Sort(ages)
		r.P50, r.P95 = ages[len(ages)/2], ages[len(ages)*95/100]
	}
	r.FPS = frames / seconds / 2
	if frames > 0 {
		r.CPU = float64((cost1.cpu - cost0.cpu).Microseconds()) / 1000 / frames
	}
	r.Sent = float64(bytes1-bytes0) * 8 / seconds / 2
	r.PSS = float64(cost1.pss) / (1 << 20)
}

func (r *mediaResult) cost(browser *chromium, sides [2]*side) (sum cost) {
	if browser.keeper != nil {
		return costOf(browser.keeper.Process.Pid)
	}
	for _, s := range sides {
		c := costOf(s.tring.cmd.Process.Pid)
		sum.cpu, sum.pss = sum.cpu+c.cpu, sum.pss+c.pss
	}
	return sum
}

// media asks a side what it has counted.
func (s *side) media(t *testing.T) (f mediaFigures) {
	t.Helper()
	if s.page != nil {
		if err := s.page.eval("media()", &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	s.tring.say("stats")
	line := s.tring.await("call:stats")
	in := []string{"video", "inbound"}
	get := func(path ...string) float64 { return number(line, path...) }
	return mediaFigures{
		Frames: get(append(in, "framesDecoded")...), LongGaps: get(append(in, "longGaps")...), Longest: get(append(in, "longestGapMs")...),
		AgeP50: get(append(in, "delayP50Ms")...), AgeP95: get(append(in, "delayP95Ms")...), Width: get(append(in, "width")...),
		Conceal: get("audio", "inbound", "concealedMs"), Sound: float64(time.Now().UnixMilli()),
	}
}

// wireMeter looks at what is put on the lines of a path.
type wireMeter struct{ lines []*line }

func newWireMeter(lines []*line) *wireMeter { return &wireMeter{lines} }

func (w *wireMeter) total() (bytes int64) {
	for _, l := range w.lines {
		bytes += l.bytes.Load()
	}
	return bytes
}

// until waits until every line has carried that many bit/s over half a second,
// and gives the ms since from; 0 if it does not happen within limit.
func (w *wireMeter) until(from time.Time, goal int64, limit time.Duration) float64 {
	const step, window = 50 * time.Millisecond, 10
	past := make([][]int64, len(w.lines))
	reached := make([]bool, len(w.lines))
	for end := from.Add(limit); time.Now().Before(end); <-time.After(step) {
		all := true
		for i, l := range w.lines {
			past[i] = append(past[i], l.bytes.Load())
			if n := len(past[i]); n > window {
				bps := (past[i][n-1] - past[i][n-1-window]) * 8 * int64(time.Second/(step*window))
				reached[i] = reached[i] || bps >= goal
			}
			all = all && reached[i]
		}
		if all {
			return float64(time.Since(from).Milliseconds())
		}
	}
	return 0
}

func printMedia(t *testing.T, results []*mediaResult) {
	var b strings.Builder
	const form = "%-27s %-9s %5s %8s %12s %9s %9s %9s %6s %9s %8s %10s %8s %7s\n"
	fmt.Fprintf(&b, "Two sides on this machine, 1280x720 at 30, VP8, at most %.1f Mbit/s, the same clip; %v measured after the first %v.\n", mediaBPS/1e6, mediaSeconds(), warmUp)
	fmt.Fprintf(&b, "cpu: ms of all processes for each picture that arrived; age: from capture until it was decoded (Tring), shown (Chromium), p50/p95;\n")
	fmt.Fprintf(&b, "gaps: over 150 ms in 10 s; at first: the longest in the seconds before; rise: until 90 %% of the limit, or 2 Mbit/s after the opening; sent: on the wire, each way.\n")
	fmt.Fprintf(&b, form, "path", "", "fps", "cpu ms", "age ms", "gaps", "longest", "at first", "width", "sent Mb/s", "rise ms", "concealed", "first ms", "PSS MB")
	for _, r := range results {
		fmt.Fprintf(&b, form, r.Path, r.Who, fmt.Sprintf("%.1f", r.FPS), fmt.Sprintf("%.1f", r.CPU), fmt.Sprintf("%.0f/%.0f", r.P50, r.P95),
			fmt.Sprintf("%.1f", r.Gaps), nonzero("%.0f ms", r.LongestGap), nonzero("%.0f ms", r.FirstGap), nonzero("%.0f", r.Width), fmt.Sprintf("%.2f", r.Sent/1e6), nonzero("%.0f", r.Rise),
			fmt.Sprintf("%.2f %%", 100*r.Concealed), nonzero("%.0f", r.First), fmt.Sprintf("%.0f", r.PSS))
	}
	t.Log("\n" + b.String())
	if path := os.Getenv("TRING_BENCH_JSON"); path != "" {
		data, err := json.MarshalIndent(results, "", "  ")
		if err == nil {
			err = os.WriteFile(path, data, 0o644)
		}
		if err != nil {
			t.Error(err)
		}
	}
}
