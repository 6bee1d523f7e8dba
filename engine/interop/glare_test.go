package interop

// glares are offers of both sides that meet. The switchboard refuses the second
// with 409: Tring makes its own again by itself after a random wait (RFC 3261
// section 14.1), the SDK does not.
func glares() []scenario {
	return []scenario{
		{name: "glare: both add video, the page's offer wins", args: small, short: true, play: func(s *scene) { s.tringCalls(voice); s.bothAddAtOnce(true) }},
		{name: "glare: both add video, Tring's offer wins", args: small, play: func(s *scene) { s.pageCalls(voice); s.bothAddAtOnce(false) }},
		{name: "glare: both hold, the page's offer wins", args: small, play: func(s *scene) { s.pageCalls(video); s.bothHoldAtOnce(true) }},
		{name: "glare: both hold, Tring's offer wins", args: small, short: true, play: func(s *scene) { s.tringCalls(video); s.bothHoldAtOnce(false) }},
	}
}

// meet has both do something at once, and Tring finish. gone tells that
// the page has left the call instead of that, as builds of the SDK since 5.0 do
// where its offer is refused.
func (s *scene) meet(pageFirst bool, click, command, operation string) (gone bool) {
	s.t.Helper()
	s.x.startRace(pageFirst)
	clicked := make(chan struct{})
	go func() { // a page without the SDK answers the click only when all is through
		defer close(clicked)
		_ = s.page.click(click) // what comes of it is looked at below
	}()
	s.tring.say("%s", command)
	if !pageFirst {
		s.page.await("phone.refused() > 0 || phone.call().state === 'Ended'")
		state := ""
		if err := s.page.eval("phone.call().state", &state); err != nil {
			s.t.Fatal(err)
		}
		if state == "Ended" {
			<-clicked
			s.remark("the SDK gives a call up whose offer is refused, and tells nobody")
			return true
		}
	}
	s.tring.await("call:operation", "operation", operation, "phase", "finish", "local", true)
	<-clicked
	return false
}

func (s *scene) bothAddAtOnce(pageFirst bool) {
	s.t.Helper()
	if s.meet(pageFirst, "phone.addVideo()", "video on", "addVideo") {
		s.tring.say("hangup")
		return
	}
	s.flows(video)
	s.tringHolds(video) // and the call goes on as usual
	s.pageHolds(video)
	s.tringEnds()
}

// bothHoldAtOnce: a page with the SDK holds the call again, as a person would
// whose hold was refused.
func (s *scene) bothHoldAtOnce(pageFirst bool) {
	s.t.Helper()
	if s.meet(pageFirst, "phone.hold()", "hold", "hold") {
		s.tring.say("hangup")
		return
	}
	if !pageFirst && s.build.script != nil {
		s.page.do("phone.hold()")
	}
	s.page.await("phone.call().state === 'On Hold' && phone.call().localHold")
	s.rests(silence)
	s.page.do("phone.unhold()")
	s.tring.await("call:stateChange", "state", "On Hold", "localHold", true, "remoteHold", false)
	s.page.await("!phone.call().localHold")
	s.rests(silence)
	var told bool
	if err := s.page.eval("phone.call().remoteHold", &told); err == nil && !told {
		s.remark("the page is not told of Tring's hold")
	}
	s.tringDoes("unhold")
	s.tring.await("call:stateChange", "state", "Connected")
	s.page.awaitHold(false, false)
	s.flows(video)
	s.pageEnds()
}
