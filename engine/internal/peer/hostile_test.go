package peer

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"tring/engine"
)

// answerTo lets a fresh Conn answer an offer.
func answerTo(t *testing.T, offer string, w Wanted) (rawSDP, Remote) {
	t.Helper()
	p := newParty(t, "callee")
	answer, r, err := p.conn.Answer(testContext(t), offer, w)
	if err != nil {
		t.Fatalf("%v\n%s", err, offer)
	}
	checkOwn(t, answer)
	raw, err := splitSDP(answer)
	if err != nil {
		t.Fatal(err)
	}
	return raw, r
}

func mediaLines(raw rawSDP) string {
	var all []string
	for _, lines := range raw.sections {
		dir, _ := directionOf(lines)
		words := strings.Fields(lines[0])
		all = append(all, words[0]+" "+words[1]+" "+dir.String())
	}
	return strings.Join(all, ", ")
}

func TestAnswersToBrowsers(t *testing.T) {
	for _, test := range []struct {
		name, offer string
		want        Wanted
		lines       string
		group       string
	}{
		{"chromium", chromiumOffer, withVideo, "m=audio 9 sendrecv, m=video 9 sendrecv", "BUNDLE 0 1"},
		{"chromium, voice", chromiumOffer, voiceSees, "m=audio 9 sendrecv, m=video 9 recvonly", "BUNDLE 0 1"},
		{"chromium, no picture", chromiumOffer, voice, "m=audio 9 sendrecv, m=video 9 inactive", "BUNDLE 0 1"},
		{"chromium without group", withoutGroup(chromiumOffer), withVideo, "m=audio 9 sendrecv, m=video 9 sendrecv", ""},
		{"firefox", firefoxOffer, withVideo, "m=application 0 inactive, m=audio 9 sendrecv, m=video 9 sendrecv", "BUNDLE 1 2"},
		{"sdk hold", sdkHold, withVideo, "m=audio 9 inactive, m=video 9 inactive", ""},
		{"h264 only", h264Only, withVideo, "m=audio 9 sendrecv, m=video 0 inactive", "BUNDLE 0"},
		{"second video", chromiumOffer + secondVideo(), withVideo, "m=audio 9 sendrecv, m=video 9 sendrecv, m=video 0 inactive", "BUNDLE 0 1"},
		{
			"no mids", strings.NewReplacer("a=mid:0\n", "", "a=mid:1\n", "", "a=group:BUNDLE 0 1\n", "").Replace(chromiumOffer), withVideo,
			"m=audio 9 sendrecv, m=video 9 sendrecv", "",
		},
		{"passive", strings.ReplaceAll(chromiumOffer, "a=setup:actpass", "a=setup:passive"), voice, "m=audio 9 sendrecv, m=video 9 inactive", "BUNDLE 0 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			raw, _ := answerTo(t, test.offer, test.want)
			if got := mediaLines(raw); got != test.lines {
				t.Errorf("answered %q, want %q", got, test.lines)
			}
			if group, _ := attribute(raw.session, "group"); group != test.group {
				t.Errorf("group %q, want %q", group, test.group)
			}
			for _, lines := range raw.sections {
				if setup, ok := attribute(lines, "setup"); ok && setup != active {
					t.Errorf("setup %q in an answer", setup)
				}
			}
		})
	}
}

func TestAnswerTakesTheRoleThatIsLeft(t *testing.T) {
	raw, _ := answerTo(t, strings.ReplaceAll(chromiumOffer, "a=setup:actpass", "a=setup:active"), withVideo)
	for _, lines := range raw.sections {
		if setup, _ := attribute(lines, "setup"); setup != passive {
			t.Errorf("setup %q", setup)
		}
	}
}

func secondVideo() string {
	video := chromiumOffer[strings.Index(chromiumOffer, "m=video"):]
	return strings.NewReplacer("a=mid:1", "a=mid:2", "2231627014", "77", "632943048", "78").Replace(video)
}

func TestH264OnlyCallHasSound(t *testing.T) {
	// b hears of a's video as H.264 alone, as from a device without VP8.
	c := newCall(t, untouched)
	c.munge = func(sdp string) string { return strings.ReplaceAll(sdp, "VP8/90000", "H264/90000") }
	ofAnswer, ofOffer := c.exchange(c.a, c.b, withVideo, withVideo)
	if ofAnswer.HasVideo || ofOffer.HasVideo {
		t.Errorf("video in %+v or %+v", ofAnswer, ofOffer)
	}
	c.check("start", onlyAudio)
	c.exchange(c.b, c.a, videoHeld, withVideo)
	c.check("b holds", nothing)
	c.exchange(c.a, c.b, withVideo, withVideo)
	c.exchange(c.b, c.a, withVideo, withVideo)
	c.check("b unholds", onlyAudio)
}

func TestRefusedDescriptions(t *testing.T) {
	ctx := testContext(t)
	p := newParty(t, "p")
	if _, _, err := p.conn.Answer(ctx, onlyTelephony, voice); !errors.Is(err, engine.ErrBadSDP) {
		t.Errorf("unknown codecs: %v", err)
	}
	if _, err := p.conn.SetAnswer(ctx, chromiumOffer); !errors.Is(err, engine.ErrWrongState) {
		t.Errorf("answer without offer: %v", err)
	}
	if _, err := p.conn.Offer(ctx, withVideo); err != nil {
		t.Fatal(err)
	}
	for name, answer := range map[string]string{
		"garbage":       "hello",
		"one section":   chromiumOffer[:strings.Index(chromiumOffer, "m=video")],
		"three":         chromiumOffer + secondVideo(),
		"other mids":    strings.ReplaceAll(chromiumOffer, "a=mid:1", "a=mid:7"),
		"other kinds":   firefoxOffer,
		"no way to run": onlyTelephony,
	} {
		if _, err := p.conn.SetAnswer(ctx, answer); !errors.Is(err, engine.ErrBadSDP) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// After all that the offer still waits, and a proper answer is taken.
	if _, err := p.conn.SetAnswer(ctx, strings.ReplaceAll(chromiumOffer, "actpass", "active")); err != nil {
		t.Error(err)
	}
}

func TestChangedSectionsAreRefused(t *testing.T) {
	ctx := testContext(t)
	p := newParty(t, "p")
	if _, _, err := p.conn.Answer(ctx, chromiumOffer, withVideo); err != nil {
		t.Fatal(err)
	}
	for name, offer := range map[string]string{
		"fewer":      chromiumOffer[:strings.Index(chromiumOffer, "m=video")],
		"other mid":  strings.NewReplacer("a=mid:1", "a=mid:5", "BUNDLE 0 1", "BUNDLE 0 5").Replace(chromiumOffer),
		"other kind": strings.Replace(chromiumOffer, "m=video", "m=text", 1),
	} {
		if _, _, err := p.conn.Answer(ctx, offer, withVideo); !errors.Is(err, engine.ErrBadSDP) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := p.conn.Answer(ctx, chromiumOffer, withVideo); err != nil {
		t.Errorf("the same offer again: %v", err)
	}
}

// FuzzAnswer feeds whole offers and re-offers to Pion.
func FuzzAnswer(f *testing.F) {
	for _, text := range sampleSDPs {
		f.Add(text, text)
		f.Add(chromiumOffer, text)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		c, err := New(Config{LoopbackOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		ctx := context.Background()
		for _, offer := range []string{first, second} {
			if _, _, err := c.Answer(ctx, offer, withVideo); err != nil && !isOurs(err) {
				t.Fatalf("error that is no Problem: %v", err)
			}
		}
	})
}

// FuzzSetAnswer feeds answers to Pion.
func FuzzSetAnswer(f *testing.F) {
	for _, text := range sampleSDPs {
		f.Add(text, true)
		f.Add(strings.ReplaceAll(text, actpass, active), false)
	}
	f.Fuzz(func(t *testing.T, answer string, video bool) {
		c, err := New(Config{LoopbackOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		ctx := context.Background()
		w := voice
		if video {
			w = withVideo
		}
		if _, err := c.Offer(ctx, w); err != nil {
			t.Fatal(err)
		}
		if _, err := c.SetAnswer(ctx, answer); err != nil && !isOurs(err) {
			t.Fatalf("error that is no Problem: %v", err)
		}
		if _, err := c.Offer(ctx, withVideo); err != nil && !isOurs(err) {
			t.Fatalf("error that is no Problem: %v", err)
		}
	})
}

// TestPlainPion: a program that uses Pion as it comes answers the balanced
// offer with the group, and media flows both ways.
func TestPlainPion(t *testing.T) {
	ctx := testContext(t)
	p := newParty(t, "ours")
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := pc.GracefulClose(); err != nil {
			t.Error(err)
		}
	}()
	got := make(chan webrtc.RTPCodecType, 2)
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) { got <- track.Kind() })
	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "a", "s")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pc.AddTrack(track); err != nil {
		t.Fatal(err)
	}
	offer, err := p.conn.Offer(ctx, withVideo)
	if err != nil {
		t.Fatal(err)
	}
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		t.Fatal(err)
	}
	answer, err := pc.CreateAnswer(nil)
	if err != nil {
		t.Fatal(err)
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(answer); err != nil {
		t.Fatal(err)
	}
	<-gathered
	r, err := p.conn.SetAnswer(ctx, pc.LocalDescription().SDP)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Bundled || !r.HasVideo || r.SendsVideo {
		t.Errorf("remote %+v", r)
	}
	p.awaitState(engine.MediaFlowing)
	kindsGot := map[webrtc.RTPCodecType]bool{}
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for len(kindsGot) < 2 {
		select {
		case <-ticker.C:
			p.say(Audio, 1, 1)
			p.say(Video, 1, 1)
		case k := <-got:
			kindsGot[k] = true
		case <-ctx.Done():
			t.Fatalf("got %v", kindsGot)
		}
	}
}
