package switchboard

import (
	"time"

	"tring/engine/internal/kandyapi"
)

// HeaderEarly with the value 1 on a request, says that the client copes with
// notifications that overtake the reply.
const HeaderEarly = "X-Tring-Early"

// settling holds a leg's notifications back while a request on the leg is
// under way and a little longer. The JavaScript SDK loses what comes before it
// has handled the reply: a call then never connects, or an operation hangs for
// good (seen with an automatic callee on the same machine).
type settling struct {
	requests int       // under way
	until    time.Time // and after the last reply
	waiting  []kandyapi.Message
	armed    bool // the agenda will call releaseLocked
}

const maxSettling = 64 // notifications; a second of them is a handful

// tell sends m to a leg, in order, when the leg is ready for it.
func (s *Server) tell(l *leg, m kandyapi.Message) {
	if l.contact != nil {
		s.tellContact(l, m)
		return
	}
	t := &l.settle
	if t.requests == 0 && len(t.waiting) == 0 && !time.Now().Before(t.until) {
		s.deliver(l, m)
		return
	}
	if len(t.waiting) < maxSettling {
		t.waiting = append(t.waiting, m)
	}
	s.armSettling(l)
}

// requestBegins and requestEnded frame a request on a leg; the end is when the
// reply has been written.
func (s *Server) requestBegins(l *leg) { l.settle.requests++ }

func (s *Server) requestEnded(l *leg) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.settle.requests--
	l.settle.until = time.Now().Add(s.config.Timers.Settle)
	s.armSettling(l)
}

func (s *Server) armSettling(l *leg) {
	t := &l.settle
	if t.armed || t.requests > 0 || len(t.waiting) == 0 {
		return
	}
	t.armed = true
	s.agenda.after(time.Until(t.until), func() {
		t.armed = false
		s.releaseLocked(l)
	})
}

// releaseLocked delivers what waited, unless another request came meanwhile.
func (s *Server) releaseLocked(l *leg) {
	t := &l.settle
	if t.requests > 0 || time.Now().Before(t.until) {
		s.armSettling(l)
		return
	}
	for _, m := range t.waiting {
		s.deliver(l, m)
	}
	t.waiting = nil
}

// deliver puts m into the queue of the leg's device. A device without a channel
// misses it and learns the rest from its audit.
func (s *Server) deliver(l *leg, m kandyapi.Message) {
	d := s.deviceLocked(l.key())
	if d == nil {
		return
	}
	data, err := encode(m)
	if err != nil {
		s.log.Error("notification not encoded", "err", err)
		return
	}
	if d.push(data) {
		s.log.Warn("a device stays away; its oldest notification was dropped", "user", d.User.Email)
	}
}

// header begins a notification to l.
func (s *Server) header(l *leg) kandyapi.Header {
	now := time.Now()
	return kandyapi.Header{
		ID: s.nextID(), DateTime: now.UnixMilli(),
		Link: []kandyapi.Link{{Rel: "WrtcsSession", Href: l.path()}},
	}
}

func (s *Server) tellEvent(l *leg, event string, why end) {
	s.tell(l, kandyapi.Message{Event: &kandyapi.EventNotification{
		Header: s.header(l), EventType: event, Reason: why.reason, StatusCode: why.code,
	}})
}

func (s *Server) tellOffer(l *leg, sdp string) {
	s.tell(l, kandyapi.Message{Offer: &kandyapi.OfferNotification{Header: s.header(l), Offer: &kandyapi.SDP{SDP: sdp}}})
}

func (s *Server) tellAnswer(l *leg, sdp string) {
	s.tell(l, kandyapi.Message{Answer: &kandyapi.AnswerNotification{Header: s.header(l), Answer: &kandyapi.SDP{SDP: sdp}}})
}

func (s *Server) tellAcceptance(l *leg, sdp string) {
	s.tell(l, kandyapi.Message{Acceptance: &kandyapi.AnswerNotification{Header: s.header(l), Answer: &kandyapi.SDP{SDP: sdp}}})
}
