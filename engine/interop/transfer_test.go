package interop

import (
	"fmt"
	"strings"
	"time"
)

// transfers have Tring in each of the three roles with a page in another
// (kandy-protocol: the transferee makes a new media peer by slow start). bob and
// carol are Trings, alice is the page.
func transfers() []scenario {
	return []scenario{
		{name: "transfer: Tring transfers page to Tring (page called)", args: small, short: true, play: func(s *scene) {
			carol := s.third()
			s.pageCalls(video)
			s.tringTransfers("carol")
			carol.await("call:receive", "from", "alice@example.com")
			carol.say("answer video")
			s.handOver(carol)
			s.flows(video)
			s.pageHolds(video)
			s.pageEnds()
		}},
		{name: "transfer: Tring transfers page to Tring (Tring called)", args: small, play: func(s *scene) {
			carol := s.third()
			s.tringCalls(video)
			s.tringTransfers("carol")
			carol.await("call:receive", "from", "alice@example.com")
			carol.say("answer video")
			s.handOver(carol)
			s.flows(video)
			s.tringHolds(video)
			s.tringEnds()
		}},
		{name: "transfer: Tring transfers Tring to page", args: small, short: true, play: func(s *scene) {
			carol := s.third()
			carol.say("call bob video")
			s.tring.await("call:receive", "from", "carol@example.com")
			s.tring.say("answer video")
			carol.await("call:media", "kind", "video")
			s.tringTransfers("alice")
			s.page.awaitState("Ringing")
			s.page.do("phone.answer(true, true)")
			s.handOver(carol)
			s.flows(video)
			s.tringHolds(video)
			s.pageHolds(video)
			s.tringEnds()
		}},
		{name: "transfer: Tring transfers page, target rejects", args: small, play: func(s *scene) {
			carol := s.third()
			s.pageCalls(video)
			s.tringTransfers("carol")
			carol.await("call:receive", "from", "alice@example.com")
			carol.say("reject")
			s.tring.await("call:operation", "operation", "transfer", "phase", "error")
			s.tring.await("call:stateChange", "state", "Connected")
			s.page.awaitHold(false, false)
			s.flows(video) // as before
			s.pageEnds()
		}},
		{name: "transfer: page transfers Tring to Tring", args: small, short: true, needs: transferring, play: func(s *scene) {
			carol := s.third()
			s.tringCalls(video)
			s.page.do("phone.hold()")
			s.page.awaitHold(true, false)
			s.page.do("phone.transfer(%v)", "carol@example.com")
			carol.await("call:receive", "from", "bob@example.com")
			carol.say("answer video")
			s.page.awaitState("Ended")
			s.talk(s.tring, carol)
			carol.say("hangup")
			s.tring.await("call:stateChange", "state", "Ended", "reason", "Hung up by the other side")
		}},
		{name: "transfer: page joins two Trings that it talks to", args: small, needs: transferring, play: func(s *scene) {
			carol := s.third()
			s.tringCalls(video)
			s.page.do("phone.hold()")
			s.page.awaitHold(true, false)
			s.page.do("phone.make(%v, true)", "carol@example.com")
			carol.await("call:receive", "from", "alice@example.com")
			s.page.awaitState("Ringing")
			carol.say("answer video")
			s.page.awaitState("Connected")
			s.page.do("phone.hold()")
			s.page.awaitHold(true, false)
			s.page.do("phone.join(%v)", "carol@example.com")
			s.page.await("phone.calls().every(s => s === 'Ended' || s === undefined)")
			s.talk(s.tring, carol)
			carol.say("hangup")
			s.tring.await("call:stateChange", "state", "Ended", "reason", "Hung up by the other side")
		}},
		{name: "forward: Tring forwards the page's ringing call", args: small, play: func(s *scene) {
			carol := s.third()
			s.pageMakes(true)
			s.tring.say("transfer carol")
			carol.await("call:receive", "from", "alice@example.com", "video", true)
			s.tring.await("call:stateChange", "state", "Ended", "reason", "Transferred")
			carol.say("answer video")
			s.tring = carol
			s.connected(video)
			s.pageEnds()
		}},
	}
}

// third is another person with a Tring.
func (s *scene) third() *tring {
	s.t.Helper()
	return startTring(s.t, s.x, "carol", append(append([]string{}, s.build.args...), small...)...)
}

// tringTransfers has Tring transfer its call, which it holds for that.
func (s *scene) tringTransfers(to string) {
	s.t.Helper()
	s.tringDoes("transfer " + to)
}

// handOver goes on with the Tring that has taken the call over from the first,
// or has been handed over by it.
func (s *scene) handOver(other *tring) {
	s.t.Helper()
	s.tring.await("call:stateChange", "state", "Ended", "reason", "Transferred")
	other.await("call:stateChange", "state", "Connected")
	s.page.awaitHold(false, false)
	s.tring = other
}

// talk waits until two Trings see and hear one another.
func (s *scene) talk(a, b *tring) {
	s.t.Helper()
	look := func() (f [4]float64) {
		for i, p := range []*tring{a, b} {
			p.say("stats")
			line := p.await("call:stats")
			f[2*i], f[2*i+1] = number(line, "video", "inbound", "framesDecoded"), number(line, "audio", "inbound", "energy")
		}
		return f
	}
	a.await("call:stateChange", "state", "Connected")
	start, began := look(), time.Now()
	for {
		pause()
		now, took := look(), time.Since(began)
		var missing []string
		for i := range now {
			enough, what := float64(enoughFrames), "pictures"
			if i%2 == 1 {
				enough, what = enoughEnergy, "sound"
			}
			if now[i]-start[i] < enough {
				missing = append(missing, what+" to "+[]*tring{a, b}[i/2].name)
			}
		}
		if len(missing) == 0 && took >= shortestLook {
			s.remark(fmt.Sprintf("then Tring with Tring: %.0f/%.0f frames a second", (now[0]-start[0])/took.Seconds(), (now[2]-start[2])/took.Seconds()))
			return
		}
		if took > patience {
			s.t.Fatalf("%s: does not flow: %s", s.row.scenario, strings.Join(missing, ", "))
		}
	}
}
