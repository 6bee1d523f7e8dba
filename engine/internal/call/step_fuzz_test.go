package call

import (
	"reflect"
	"testing"

	"tring/engine"
)

// inputs are all inputs, for the fuzzer to choose from.
var inputs = []Input{
	Place{},
	Place{true},
	Accept{},
	Accept{true},
	Reject{},
	Reject{true},
	Ignore{},
	Hangup{},
	SetHold{true},
	SetHold{},
	SetVideo{true},
	SetVideo{},
	Transfer{Address: "c"},
	OfferMade{"o"},
	AnswerMade{"a", watching},
	AnswerMade{"a", Remote{Held: true}},
	AnswerApplied{talking},
	AnswerApplied{Remote{Held: true}},
	PeerRefused{&engine.Problem{}},
	PathChanged{engine.MediaFlowing},
	PathChanged{engine.MediaInterrupted},
	PathChanged{engine.MediaFailed},
	PathTimeout{},
	InviteDone{},
	InviteFailed{},
	RingingDone{},
	AnswerSent{},
	AnswerRefused{Problem: &engine.Problem{}},
	AnswerRefused{Problem: &engine.Problem{}, Gone: true},
	OfferRefused{Problem: &engine.Problem{}},
	glare,
	AnswerTimeout{},
	RingTimeout{},
	Unusable{&engine.Problem{}},
	TransferDone{},
	TransferRefused{Problem: &engine.Problem{}},
	AuditGone{},
	RetryDue{},
	Received{"o"},
	Received{""},
	RemoteRinging{},
	Accepted{"a"},
	Offered{"o"},
	Offered{""},
	Answered{"a"},
	Finished{},
	Finished{Cancelled: true},
	TransferRefused{Problem: &engine.Problem{}, Glare: true},
	Transfer{Address: "c", Other: "2", Await: true},
	TransferReady{},
	TransferOff{&engine.Problem{}},
}

// FuzzStep goes through any inputs in any order and checks what must always
// hold: an end is final and leaves nothing open, one request to the peer at a
// time, one hang-up at the most, and state changes are always told.
func FuzzStep(f *testing.F) {
	f.Add(false, []byte{1, 13, 23, 35, 36, 16, 8, 13, 39, 16, 7})
	f.Add(true, []byte{33, 25, 3, 14, 26, 37, 15, 26, 38, 13, 39})
	f.Fuzz(func(t *testing.T, incoming bool, script []byte) {
		s := New(engine.Outgoing)
		if incoming {
			s = New(engine.Incoming)
		}
		hangups, closes := 0, 0
		offered := false // the peer has an offer of ours
		for _, b := range script {
			in := inputs[int(b)%len(inputs)]
			before := s
			var effects []Effect
			s, effects = Step(s, in)
			changed := before.Phase != s.Phase || before.LocalHold != s.LocalHold || before.RemoteHold != s.RemoteHold
			told, peer := false, 0
			if _, ok := in.(AnswerApplied); ok && before.Stage == ApplyingAnswer {
				offered = false
			}
			for _, e := range effects {
				switch e := e.(type) {
				case SendHangup:
					hangups++
				case CloseMedia:
					closes++
				case AbandonOffer:
					offered = false
				case MakeAnswer: // the peer takes its own offer back by itself
					peer++
					offered = false
				case MakeOffer:
					peer++
					if offered {
						t.Fatalf("%T: a second offer while one is out", in)
					}
					offered = true
				case ApplyAnswer:
					peer++
				case StateChanged:
					told = e.Previous == before.Phase
				}
			}
			if changed != told {
				t.Fatalf("%T: changed %v, told %v", in, changed, told)
			}
			if before.Phase.Final() && (s.Phase != before.Phase || s.End != before.End || peer > 0) {
				t.Fatalf("%T changed a call that was over: %+v", in, s)
			}
			if peer > 1 || peer == 1 && before.Stage == s.Stage && !reflect.DeepEqual(before, s) && before.Stage == MakingAnswer {
				t.Fatalf("%T: two things asked of the peer", in)
			}
			if s.Phase == engine.OnHold != (s.LocalHold || s.RemoteHold) {
				t.Fatalf("%T: phase %v, local hold %v, remote hold %v", in, s.Phase, s.LocalHold, s.RemoteHold)
			}
		}
		if hangups > 1 || closes > 1 || s.Phase.Final() && closes != 1 {
			t.Fatalf("%d hang-ups, %d closes in %v", hangups, closes, s.Phase)
		}
	})
}
