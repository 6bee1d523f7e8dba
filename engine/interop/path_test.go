package interop

import (
	"fmt"
	"strings"
	"time"
)

// lossy loses every twentieth packet both ways.
var lossy = conditions{middle: true, loss: 0.05}

// restartPatience is how long a called Tring takes to restart ICE, with some
// room: it leaves that to the caller until its own ICE has failed.
const restartPatience = 45 * time.Second

// paths are about the way that media takes: packets lost on it, the way itself
// lost, and relays.
func paths() []scenario {
	relayed := conditions{relay: true}
	relayOnly := append([]string{"--relay-only"}, small...)
	return []scenario{
		{name: "5 % loss both ways (page called, video)", args: small, how: lossy, short: true, play: func(s *scene) {
			s.pageCalls(video)
			s.pageHolds(video)
			s.tringEnds()
		}},
		{name: "5 % loss both ways (Tring called, video)", args: small, how: lossy, play: func(s *scene) {
			s.tringCalls(video)
			s.tringHolds(video)
			s.pageEnds()
		}},
		{name: "5 % loss both ways, video added by both", args: small, how: lossy, play: func(s *scene) {
			s.tringCalls(voice)
			s.bothAdd(false)
			s.pageEnds()
		}},
		{name: "path lost, Tring restarts ICE (Tring called)", args: small, how: conditions{middle: true}, short: true, play: func(s *scene) {
			s.tringCalls(video)
			s.pathLost(patience)
			s.tringHolds(video)
			s.pageEnds()
		}},
		{name: "path lost, Tring restarts ICE (page called)", args: small, how: conditions{middle: true}, play: func(s *scene) {
			s.pageCalls(video)
			s.pathLost(restartPatience)
			s.pageHolds(video)
			s.tringEnds()
		}},
		{name: "path lost, Tring restarts ICE (unbundled offer)", args: append([]string{"--unbundled"}, small...), how: conditions{middle: true}, play: func(s *scene) {
			s.tringCalls(video)
			s.pathLost(patience)
			s.pageHolds(video)
			s.pageEnds()
		}},
		{name: "page restarts ICE (page called)", args: small, needs: restarting, short: true, play: func(s *scene) {
			s.pageCalls(video)
			s.pageRestarts()
			s.tringEnds()
		}},
		{name: "page restarts ICE (Tring called)", args: small, needs: restarting, play: func(s *scene) {
			s.tringCalls(video)
			s.pageRestarts()
			s.tringEnds()
		}},
		{name: "page restarts ICE (unbundled offer)", args: append([]string{"--unbundled"}, small...), needs: restarting, play: func(s *scene) {
			s.tringCalls(video)
			s.pageRestarts()
			s.tringEnds()
		}},
		{name: "Tring by TURN alone (page called, video)", args: relayOnly, how: relayed, play: func(s *scene) { s.pageCalls(video); s.relayed(true, false); s.pageEnds() }},
		{name: "Tring by TURN alone (Tring called, video)", args: relayOnly, how: relayed, short: true, play: func(s *scene) { s.tringCalls(video); s.relayed(true, false); s.tringHolds(video); s.pageEnds() }},
		{name: "page by TURN alone (page called, video)", args: small, how: relayed, play: func(s *scene) { s.pageByRelay(); s.pageCalls(video); s.relayed(false, true); s.pageEnds() }},
		{name: "both by TURN alone (page called, video)", args: relayOnly, how: relayed, short: true, play: func(s *scene) {
			s.pageByRelay()
			s.pageCalls(video)
			s.relayed(true, true)
			s.pageHolds(video)
			s.tringEnds()
		}},
		{name: "both by TURN alone (Tring called, video)", args: relayOnly, how: relayed, play: func(s *scene) {
			s.pageByRelay()
			s.tringCalls(video)
			s.relayed(true, true)
			s.pageEnds()
		}},
	}
}

// pathLost cuts the way of the media for good and waits until Tring has found
// another one by an ICE restart of its own.
func (s *scene) pathLost(limit time.Duration) {
	s.t.Helper()
	before := s.x.restartsOfTring()
	s.x.middle.cut()
	cut := time.Now()
	for _, want := range [][]any{
		{"call:mediaConnectionChange", "state", "disconnected"},
		{"call:operation", "operation", "restart", "phase", "finish"},
		{"call:mediaConnectionChange", "state", "connected"},
	} {
		if s.tring.next(limit, want[0].(string), want[1:]...) == nil {
			s.t.Fatalf("%s: Tring waits in vain for %v", s.row.scenario, want)
		}
	}
	s.flows(video)
	n := s.x.restartsOfTring() - before
	if n == 0 {
		s.t.Errorf("%s: Tring's ICE credentials are the old ones", s.row.scenario)
	}
	s.remark(fmt.Sprintf("flows %.1f s after the cut, %d sections restarted by Tring", time.Since(cut).Seconds(), n))
}

// pageRestarts has the page offer new ICE credentials.
func (s *scene) pageRestarts() {
	s.t.Helper()
	before := s.x.restarts("page-alice")
	s.page.do("phone.restart()")
	for end := time.Now().Add(patience); s.x.restarts("page-alice") == before; pause() {
		if time.Now().After(end) {
			s.t.Fatalf("%s: the page offers no new credentials", s.row.scenario)
		}
	}
	s.flows(video)
	s.restarted()
	s.pageHolds(video)
	s.tringHolds(video)
}

// relayed checks whose media goes through the relay.
func (s *scene) relayed(tring, page bool) {
	s.t.Helper()
	s.tring.say("stats")
	line := s.tring.await("call:stats")
	if got := line["transport"]; tring && got != "relay" {
		s.t.Errorf("%s: Tring's way is %v, not relay", s.row.scenario, got)
	}
	if !page {
		return
	}
	s.x.mu.Lock()
	defer s.x.mu.Unlock()
	for _, said := range s.x.spoken {
		if said.device != "page-alice" {
			continue
		}
		for line := range strings.SplitSeq(said.sdp, "\r\n") {
			if strings.HasPrefix(line, "a=candidate:") && !strings.Contains(line, " typ relay") {
				s.t.Errorf("%s: the page has another way than the relay: %s", s.row.scenario, line)
			}
		}
	}
}
