package interop

import "fmt"

// midcall is what happens in calls that are established.
func midcall() []scenario {
	return []scenario{
		{name: "page holds, unholds (page called, video)", short: true, args: small, play: func(s *scene) { s.pageCalls(video); s.pageHolds(video) }},
		{name: "page holds, unholds (Tring called, video)", args: small, play: func(s *scene) { s.tringCalls(video); s.pageHolds(video) }},
		{name: "Tring holds, unholds (page called, video)", args: small, play: func(s *scene) { s.pageCalls(video); s.tringHolds(video) }},
		{name: "Tring holds, unholds (Tring called, video)", short: true, args: small, play: func(s *scene) { s.tringCalls(video); s.tringHolds(video) }},
		{name: "both hold, page unholds first (page called)", short: true, args: small, play: func(s *scene) { s.pageCalls(video); s.bothHold(true) }},
		{name: "both hold, Tring unholds first (Tring called)", args: small, play: func(s *scene) { s.tringCalls(video); s.bothHold(false) }},
		{name: "hold, unhold (page called, voice)", play: func(s *scene) { s.pageCalls(voice); s.pageHolds(voice); s.tringHolds(voice) }},
		{name: "hold, unhold (Tring called, voice)", play: func(s *scene) { s.tringCalls(voice); s.pageHolds(voice); s.tringHolds(voice) }},
		{name: "page adds, removes video (page called)", args: small, play: func(s *scene) { s.pageCalls(voice); s.pageVideo(voice) }},
		{name: "page adds, removes video (Tring called)", short: true, args: small, play: func(s *scene) { s.tringCalls(voice); s.pageVideo(voice) }},
		{name: "Tring adds, removes video (page called)", short: true, args: small, play: func(s *scene) { s.pageCalls(voice); s.tringVideo(voice) }},
		{name: "Tring adds, removes video (Tring called)", args: small, play: func(s *scene) { s.tringCalls(voice); s.tringVideo(voice) }},
		{name: "both add video, page first (page called)", args: small, play: func(s *scene) { s.pageCalls(voice); s.bothAdd(true) }},
		{name: "both add video, Tring first (Tring called)", args: small, play: func(s *scene) { s.tringCalls(voice); s.bothAdd(false) }},
		{name: "video removed and added by both (page called)", args: small, play: func(s *scene) { s.pageCalls(video); s.videoOffOn() }},
		{name: "video removed and added by both (Tring called)", args: small, play: func(s *scene) { s.tringCalls(video); s.videoOffOn() }},
		{name: "unbundled offer, then holds (ICE restart)", short: true, args: append([]string{"--unbundled"}, small...), play: func(s *scene) {
			s.tringCalls(video)
			s.pageHolds(video)
			s.tringHolds(video)
			s.pageHolds(video)
			s.restarted()
		}},
		{name: "unbundled offer, page removes and adds video", args: append([]string{"--unbundled"}, small...), play: func(s *scene) {
			s.tringCalls(video)
			s.videoOffOn()
			s.restarted()
		}},
		{name: "touch tones from the page", short: true, play: func(s *scene) {
			s.pageCalls(voice)
			s.page.do("phone.dtmf(%v)", "12#")
			for _, digit := range []string{"1", "2", "#"} {
				s.tring.await("call:dtmf", "digit", digit)
			}
			s.flows(voice)
		}},
		{name: "touch tones from Tring", short: true, play: func(s *scene) {
			s.tringCalls(voice)
			s.tring.say("mute")
			heard := make(chan error, 1)
			go func() { heard <- s.page.hears(770, 1336) }() // the digit 5
			s.tring.say("dtmf 555555555555")
			if err := <-heard; err != nil {
				s.t.Error(err)
			}
			s.tring.say("unmute")
			s.flows(voice)
		}},
	}
}

// restarted remarks how often the page offered or answered with new ICE
// credentials for a media section in mid-call.
func (s *scene) restarted() (n int) {
	s.t.Helper()
	n = s.x.restarts("page-alice")
	s.remark(fmt.Sprintf("%d ICE restarts of a section by the page", n))
	return n
}

// tringDoes gives Tring a command that makes an offer. Like the page's own
// operations it waits for a moment at which the SDK answers well; see hook.js.
func (s *scene) tringDoes(command string) {
	s.t.Helper()
	s.page.do("unhurried()")
	s.tring.say("%s", command)
}

// pageHolds holds and releases the call in the page.
func (s *scene) pageHolds(want flow) {
	s.t.Helper()
	s.page.do("phone.hold()")
	s.tring.await("call:stateChange", "state", "On Hold", "localHold", false, "remoteHold", true)
	s.page.awaitHold(true, false)
	s.rests(silence)
	s.page.do("phone.unhold()")
	s.tring.await("call:stateChange", "state", "Connected")
	s.page.awaitHold(false, false)
	s.flows(want)
}

// tringHolds holds and releases the call in Tring.
func (s *scene) tringHolds(want flow) {
	s.t.Helper()
	s.tringDoes("hold")
	s.tring.await("call:stateChange", "state", "On Hold", "localHold", true, "remoteHold", false)
	s.page.awaitHold(false, true)
	s.rests(silence)
	s.tringDoes("unhold")
	s.tring.await("call:stateChange", "state", "Connected")
	s.page.awaitHold(false, false)
	s.flows(want)
}

// bothHold has both hold the call, and one after the other release it.
func (s *scene) bothHold(pageFirst bool) {
	s.t.Helper()
	s.page.do("phone.hold()")
	s.tring.await("call:stateChange", "state", "On Hold", "localHold", false, "remoteHold", true)
	s.page.awaitHold(true, false)
	s.tringDoes("hold")
	s.tring.await("call:stateChange", "state", "On Hold", "localHold", true, "remoteHold", true)
	s.page.awaitHold(true, true)
	s.rests(silence)
	if pageFirst {
		s.page.do("phone.unhold()")
		s.tring.await("call:stateChange", "state", "On Hold", "localHold", true, "remoteHold", false)
		s.page.awaitHold(false, true)
		s.rests(silence)
		s.tringDoes("unhold")
	} else {
		s.tringDoes("unhold")
		s.tring.await("call:stateChange", "state", "On Hold", "localHold", false, "remoteHold", true)
		s.page.awaitHold(true, false)
		s.rests(silence)
		s.page.do("phone.unhold()")
	}
	s.tring.await("call:stateChange", "state", "Connected")
	s.page.awaitHold(false, false)
	s.flows(video)
}

// pageVideo adds and removes the page's video.
func (s *scene) pageVideo(other flow) {
	s.t.Helper()
	s.page.do("phone.addVideo()")
	with := other
	with.tringSees = true
	s.flows(with)
	s.page.do("phone.removeVideo()")
	s.rests(other)
	s.flows(other)
}

// tringVideo adds and removes Tring's video.
func (s *scene) tringVideo(other flow) {
	s.t.Helper()
	s.tringDoes("video on")
	s.tring.await("call:operation", "operation", "addVideo", "phase", "finish")
	with := other
	with.pageSees = true
	s.flows(with)
	s.tringDoes("video off")
	s.tring.await("call:operation", "operation", "removeVideo", "phase", "finish")
	s.rests(other)
	s.flows(other)
}

// bothAdd adds the video of both to a voice call and has each hold it.
func (s *scene) bothAdd(pageFirst bool) {
	s.t.Helper()
	if pageFirst {
		s.page.do("phone.addVideo()")
		s.flows(tringOnly)
		s.tringDoes("video on")
	} else {
		s.tringDoes("video on")
		s.flows(pageOnly)
		s.page.do("phone.addVideo()")
	}
	s.flows(video)
	s.pageHolds(video)
	s.tringHolds(video)
}

// videoOffOn removes and adds both sides' video, one after the other.
func (s *scene) videoOffOn() {
	s.t.Helper()
	s.pageRemoves()
	s.tringDoes("video off")
	s.tring.await("call:operation", "operation", "removeVideo", "phase", "finish")
	s.rests(voice)
	s.flows(voice)
	s.tringDoes("video on")
	s.tring.await("call:operation", "operation", "addVideo", "phase", "finish")
	s.flows(pageOnly)
	s.page.do("phone.addVideo()")
	s.flows(video)
}

func (s *scene) pageRemoves() {
	s.t.Helper()
	s.page.do("phone.removeVideo()")
	s.rests(pageOnly)
	s.flows(pageOnly)
}
