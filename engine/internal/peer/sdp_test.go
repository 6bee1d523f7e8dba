package peer

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/pion/sdp/v3"

	"tring/engine"
)

func TestInspect(t *testing.T) {
	both := Remote{
		HasAudio: true, HasVideo: true, SendsAudio: true, SendsVideo: true,
		ReceivesAudio: true, ReceivesVideo: true, TelephoneEvent: true, Bundled: true,
		PacketTime: 10 * time.Millisecond,
	}
	silent, patient := both, both
	silent.PacketTime, patient.PacketTime = 0, 40*time.Millisecond
	split := both
	split.Bundled = false
	for _, test := range []struct {
		name, sdp string
		want      Remote
	}{
		{"chromium", chromiumOffer, both},
		{"chromium without group", withoutGroup(chromiumOffer), split},
		{"firefox", firefoxOffer, silent},
		{"ptime", strings.ReplaceAll(chromiumOffer, "a=rtcp-mux", "a=rtcp-mux\r\na=ptime:40"), patient},
		{"minptime", strings.ReplaceAll(chromiumOffer, "minptime=10", "minptime=40"), patient},
		{"nonsense", strings.ReplaceAll(chromiumOffer, "minptime=10", "minptime=-7"), silent},
		{"sdk hold", sdkHold, Remote{HasAudio: true, HasVideo: true, Held: true, TelephoneEvent: true, PacketTime: both.PacketTime}},
		{
			"sendonly is hold", strings.ReplaceAll(chromiumOffer, "a=sendrecv", "a=sendonly"),
			Remote{HasAudio: true, HasVideo: true, SendsAudio: true, SendsVideo: true, Held: true, TelephoneEvent: true, Bundled: true, PacketTime: both.PacketTime},
		},
		{"h264", h264Only, Remote{HasAudio: true, SendsAudio: true, ReceivesAudio: true, TelephoneEvent: true, Bundled: true, PacketTime: both.PacketTime}},
	} {
		got, err := Inspect(test.sdp)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}

func TestInspectRefuses(t *testing.T) {
	var sections strings.Builder
	for i := range maxSections + 1 {
		fmt.Fprintf(&sections, "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=mid:%d\n", i)
	}
	head := chromiumOffer[:strings.Index(chromiumOffer, "m=")]
	for name, text := range map[string]string{
		"empty":           "",
		"json":            `{"type":"offer"}`,
		"no media":        head,
		"too long":        chromiumOffer + strings.Repeat("a=x\n", maxSDPBytes/4),
		"long line":       chromiumOffer + "a=" + strings.Repeat("x", maxLineBytes) + "\n",
		"many sections":   head + sections.String(),
		"no fingerprint":  strings.ReplaceAll(chromiumOffer, sampleFingerprint, ""),
		"bad fingerprint": strings.ReplaceAll(chromiumOffer, "sha-256 7B", "sha-256 XX"),
		"no ufrag":        strings.ReplaceAll(chromiumOffer, "a=ice-ufrag:6ZcY\n", ""),
		"short pwd":       strings.ReplaceAll(chromiumOffer, samplePwd, "a=ice-pwd:x\n"),
		"same mids":       strings.ReplaceAll(chromiumOffer, "a=mid:1", "a=mid:0"),
		"no origin":       strings.ReplaceAll(chromiumOffer, "o=-", "x=-"),
		"codecs unknown":  onlyTelephony,
		"all rejected":    strings.NewReplacer("m=audio 51472", "m=audio 0", "m=video 51474", "m=video 0").Replace(chromiumOffer),
		"bad port":        strings.ReplaceAll(chromiumOffer, "m=audio 51472", "m=audio 99999"),
		"short m line":    strings.ReplaceAll(chromiumOffer, "m=video 51474 UDP/TLS/RTP/SAVPF 96 97 98 99 45 46 127 121 125", "m=video 51474"),
	} {
		_, err := Inspect(text)
		var problem *engine.Problem
		if !errors.As(err, &problem) || !errors.Is(err, engine.ErrBadSDP) {
			t.Errorf("%s: error %v", name, err)
			continue
		}
		if problem.Cause == "" || problem.Next == "" {
			t.Errorf("%s: problem %q, %q", name, problem.Cause, problem.Next)
		}
	}
}

func TestInspectTolerates(t *testing.T) {
	for name, text := range map[string]string{
		"no mids":         strings.NewReplacer("a=mid:0\n", "", "a=mid:1\n", "", "a=group:BUNDLE 0 1\n", "").Replace(chromiumOffer),
		"line feeds":      strings.ReplaceAll(chromiumOffer, "\r\n", "\n"),
		"empty last line": chromiumOffer + "\r\n",
		"no direction":    strings.ReplaceAll(chromiumOffer, "a=sendrecv\n", ""),
		"bad candidates":  strings.ReplaceAll(chromiumOffer, "typ host", "typ wonder"),
		"bad extmap":      strings.ReplaceAll(chromiumOffer, "a=extmap:3", "a=extmap:999999999999999999999"),
		"bad ssrc":        strings.ReplaceAll(chromiumOffer, "a=ssrc:", "a=ssrc:x"),
	} {
		if _, err := Inspect(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCandidatesAreBounded(t *testing.T) {
	var many strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&many, "a=candidate:%d 1 udp 2122260223 192.0.2.17 %d typ host\n", i, 1024+i)
		fmt.Fprintf(&many, "a=candidate:%d 1 udp 2122260223 %d.local %d typ host\n", i, i, 1024+i)
	}
	d, err := parseSDP(strings.Replace(chromiumOffer, "a=ice-ufrag", many.String()+"a=ice-ufrag", 1))
	if err != nil {
		t.Fatal(err)
	}
	names := 0
	for _, c := range d.sections[0].candidates {
		if strings.Contains(c, ".local") {
			names++
		}
	}
	if n := len(d.sections[0].candidates); n != maxCandidates || names > maxMDNSNames {
		t.Errorf("%d candidates, %d names", n, names)
	}
}

// TestShownToPion: what Pion is shown is readable, in one group, sendrecv, and
// has nothing that was not asked for.
func TestShownToPion(t *testing.T) {
	for i, text := range sampleSDPs {
		d, err := parseSDP(text)
		if err != nil {
			t.Fatal(err)
		}
		shownToPion(t, i, d)
	}
}

func shownToPion(t *testing.T, sample int, d *description) {
	var shown []shownSection
	for i := range d.sections {
		if s := &d.sections[i]; s.usable {
			shown = append(shown, shownSection{remoteSection: s, mid: s.mid, ssrc: s.ssrc, rtxSSRC: s.rtxSSRC, msid: s.msid})
		}
	}
	if len(shown) == 0 {
		return
	}
	text := d.shownTo(shown, actpass)
	var parsed sdp.SessionDescription
	if err := parsed.UnmarshalString(text); err != nil {
		t.Fatalf("sample %d: %v\n%s", sample, err, text)
	}
	if len(parsed.MediaDescriptions) != len(shown) {
		t.Fatalf("sample %d: %d sections of %d", sample, len(parsed.MediaDescriptions), len(shown))
	}
	for _, m := range parsed.MediaDescriptions {
		if _, ok := m.Attribute("sendrecv"); !ok {
			t.Errorf("sample %d: not sendrecv", sample)
		}
		for _, name := range []string{"ice-ufrag", "ice-pwd", "fingerprint", "mid", "setup"} {
			if v, ok := m.Attribute(name); !ok || v == "" {
				t.Errorf("sample %d: no %s", sample, name)
			}
		}
	}
}

// TestTaggedSectionIsElsewhere: Firefox describes the transport in its first
// section only, which is for data and not ours to carry.
func TestTaggedSectionIsElsewhere(t *testing.T) {
	d, err := parseSDP(firefoxOffer)
	if err != nil {
		t.Fatal(err)
	}
	audio := d.first(Audio)
	text := d.shownTo([]shownSection{{remoteSection: audio, mid: audio.mid}}, actpass)
	for _, want := range []string{"a=candidate:0 1 UDP 2122252543 192.0.2.33 40123 typ host", ".local 40124", "a=ice-ufrag:8d1f2c3b"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestSources(t *testing.T) {
	d, err := parseSDP(chromiumOffer)
	if err != nil {
		t.Fatal(err)
	}
	video := d.first(Video)
	if video.ssrc != 2231627014 || video.rtxSSRC != 632943048 {
		t.Errorf("video sources %d, %d", video.ssrc, video.rtxSSRC)
	}
	if len(video.codecs) != 2 || video.codecs[0].payloadType != "96" || video.codecs[1].payloadType != "97" {
		t.Errorf("video codecs %+v", video.codecs)
	}
	if want := []string{"transport-cc", "ccm fir", "nack", "nack pli"}; !reflect.DeepEqual(video.codecs[0].feedback, want) {
		t.Errorf("feedback %q", video.codecs[0].feedback)
	}
}

func FuzzSplitJoin(f *testing.F) {
	for _, text := range sampleSDPs {
		f.Add(text)
	}
	f.Add("v=0\nm=audio")
	f.Fuzz(func(t *testing.T, text string) {
		raw, err := splitSDP(text)
		if err != nil {
			return
		}
		again, err := splitSDP(raw.join())
		if err != nil {
			if len(raw.join()) > maxSDPBytes {
				return // line ends grew
			}
			t.Fatalf("join is refused: %v", err)
		}
		if !reflect.DeepEqual(raw, again) {
			t.Fatalf("%q became %q", raw, again)
		}
	})
}

func FuzzInspect(f *testing.F) {
	for _, text := range sampleSDPs {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := Inspect(text)
		if err != nil {
			if !errors.Is(err, engine.ErrBadSDP) {
				t.Fatalf("error %v", err)
			}
			return
		}
		d, err := parseSDP(text)
		if err != nil {
			t.Fatal(err)
		}
		shownToPion(t, 0, d)
	})
}

// FuzzFromPion: our text of a section stays a section, whatever it is made of.
func FuzzFromPion(f *testing.F) {
	for _, text := range sampleSDPs {
		f.Add(text, true)
	}
	f.Fuzz(func(t *testing.T, text string, send bool) {
		raw, err := splitSDP(text)
		if err != nil {
			return
		}
		w := wireSection{mid: "0", setup: active, dir: direction{send: send}, fec: parityPayload, source: source{"s", "t", 1, 2, 3}}
		for i := range raw.sections {
			raw.sections[i] = w.fromPion(raw.sections[i])
		}
		again, err := splitSDP(raw.join())
		if err != nil {
			return // grew over a bound
		}
		for _, lines := range again.sections {
			if dir, ok := directionOf(lines); !ok || dir != w.dir {
				t.Fatalf("direction %v in %q", dir, lines)
			}
		}
	})
}
