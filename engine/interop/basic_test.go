package interop

// basic are the calls of the quickstart.
func basic() []scenario {
	return []scenario{
		{name: "page calls Tring, voice", short: true, play: func(s *scene) {
			s.pageCalls(voice)
			s.pageEnds()
		}},
		{name: "Tring calls page, voice", short: true, play: func(s *scene) {
			s.tringCalls(voice)
			s.tringEnds()
		}},
		{name: "page calls Tring, video", short: true, again: true, play: func(s *scene) {
			s.pageCalls(video)
			s.tringEnds()
		}},
		{name: "Tring calls page, video", short: true, again: true, play: func(s *scene) {
			s.tringCalls(video)
			s.pageEnds()
		}},
		{name: "page calls Tring with video, voice answered", short: true, args: small, play: func(s *scene) {
			s.pageMakes(true)
			s.page.do("phone.expect(false)")
			s.tring.say("answer")
			s.connected(tringOnly)
			s.pageEnds()
		}},
		{name: "Tring calls page with video, voice answered", short: true, args: small, play: func(s *scene) {
			s.tringCalls(pageOnly)
			s.tringEnds()
		}},
		{name: "page calls, Tring rejects", short: true, play: func(s *scene) {
			s.pageMakes(true)
			s.tring.say("reject")
			s.tring.await("call:stateChange", "state", "Ended", "reason", "Declined here")
			s.page.awaitState("Ended")
		}},
		{name: "Tring calls, page rejects", short: true, play: func(s *scene) {
			s.tringMakes(true)
			s.page.do("phone.reject()")
			s.tring.await("call:stateChange", "state", "Ended", "reason", "Declined")
			s.page.awaitState("Ended")
		}},
		{name: "page calls and cancels", short: true, play: func(s *scene) {
			s.pageMakes(true)
			s.page.do("phone.end()")
			s.tring.await("call:stateChange", "state", "Cancelled", "reason", "Cancelled by the caller")
			s.page.awaitState("Ended")
		}},
		{name: "Tring calls and cancels", short: true, play: func(s *scene) {
			s.tringMakes(true)
			s.tring.say("hangup")
			s.tring.await("call:stateChange", "state", "Ended", "reason", "Cancelled")
			s.page.awaitState("Cancelled")
		}},
		{name: "two devices, the page answers", short: true, args: small, play: func(s *scene) {
			other := s.deviceBeside()
			s.tring.say("call alice video")
			s.page.awaitState("Ringing")
			other.await("call:stateChange", "state", "Ringing")
			s.page.do("phone.answer(true, true)")
			s.connected(video)
			other.await("call:stateChange", "state", "Cancelled", "reason", "Answered on another device")
			s.pageEnds()
		}},
		{name: "two devices, Tring answers", short: true, args: small, play: func(s *scene) {
			other := s.deviceBeside()
			s.tring.say("call alice")
			s.page.awaitState("Ringing")
			other.await("call:stateChange", "state", "Ringing")
			other.say("answer")
			s.page.awaitState("Cancelled")
			s.tring.await("call:stateChange", "state", "Connected")
			other.await("call:media", "kind", "audio")
			s.tring.say("hangup")
			other.await("call:stateChange", "state", "Ended")
		}},
		{name: "page calls, Tring and another page ring, Tring answers", args: small, play: func(s *scene) {
			other := openPage(s.t, s.browser, s.x, "bob")
			s.page.do("phone.make(%v, true)", "bob@example.com")
			s.tring.await("call:receive")
			other.awaitState("Ringing")
			s.page.awaitState("Ringing")
			s.tring.say("answer video")
			s.connected(video)
			other.awaitState("Cancelled")
			s.pageEnds()
		}},
		{name: "page calls, Tring and another page ring, the page answers", args: small, play: func(s *scene) {
			other := openPage(s.t, s.browser, s.x, "bob")
			s.page.do("phone.make(%v, true)", "bob@example.com")
			s.tring.await("call:receive")
			other.awaitState("Ringing")
			other.do("phone.answer(true, true)")
			s.tring.await("call:stateChange", "state", "Cancelled", "reason", "Answered on another device")
			s.page.awaitState("Connected")
			s.pageFlows()
			s.page.do("phone.end()")
			other.awaitState("Ended")
		}},
		{name: "page calls the echo, video", play: func(s *scene) {
			s.page.do("phone.make(%v, true)", "echo@example.com")
			s.page.awaitState("Connected")
			s.pageFlows()
			s.page.do("phone.end()")
			s.page.awaitState("Ended")
		}},
		{name: "Tring quits in a call", play: func(s *scene) {
			s.tringCalls(voice)
			s.tring.say("quit")
			s.page.awaitState("Ended")
		}},
		{name: "a second call after the first", args: small, play: func(s *scene) {
			s.pageCalls(voice)
			s.tringEnds()
			s.tringCalls(video)
			s.pageEnds()
		}},
	}
}

// deviceBeside is a Tring of the page's user.
func (s *scene) deviceBeside() *tring {
	s.t.Helper()
	return startTring(s.t, s.x, "alice", small...)
}

// pageCalls makes a call from the page that Tring answers, and waits until it
// flows as wanted.
func (s *scene) pageCalls(want flow) {
	s.t.Helper()
	s.pageMakes(want.tringSees || want.pageSees)
	if want.pageSees {
		s.tring.say("answer video")
	} else {
		s.tring.say("answer")
	}
	s.connected(want)
}

// pageMakes makes a call from the page and waits until it rings.
func (s *scene) pageMakes(video bool) {
	s.t.Helper()
	s.page.do("phone.make(%v, %v)", "bob@example.com", video)
	s.tring.await("call:receive", "from", "alice@example.com", "video", video)
	s.page.awaitState("Ringing")
	s.row.ringing = s.page.moment("made", "ringing")
}

// tringCalls makes a call from Tring that the page answers.
func (s *scene) tringCalls(want flow) {
	s.t.Helper()
	s.tringMakes(want.tringSees || want.pageSees)
	s.page.do("phone.answer(%v, %v)", want.tringSees, want.pageSees)
	s.connected(want)
}

// tringMakes makes a call from Tring and waits until it rings.
func (s *scene) tringMakes(video bool) {
	s.t.Helper()
	if video {
		s.tring.say("call alice video")
	} else {
		s.tring.say("call alice")
	}
	start := s.tring.await("call:start")
	s.row.ringing = since(start, s.tring.await("call:stateChange", "state", "Ringing"))
	s.page.awaitState("Ringing")
}

func (s *scene) connected(want flow) {
	s.t.Helper()
	s.tring.await("call:stateChange", "state", "Connected")
	s.page.awaitState("Connected")
	s.setUp(want)
	s.flows(want)
}

// pageEnds hangs up in the page.
func (s *scene) pageEnds() {
	s.t.Helper()
	s.page.do("phone.end()")
	s.tring.await("call:stateChange", "state", "Ended", "reason", "Hung up by the other side")
	s.page.awaitState("Ended")
}

// tringEnds hangs up in Tring.
func (s *scene) tringEnds() {
	s.t.Helper()
	s.tring.say("hangup")
	s.tring.await("call:stateChange", "state", "Ended", "reason", "Hung up")
	s.page.awaitState("Ended")
}
