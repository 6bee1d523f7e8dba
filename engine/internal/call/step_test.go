package call

import (
	"fmt"
	"strings"
	"testing"

	"tring/engine"
)

// words writes effects shortly: "MakeOffer SendInvite".
func words(effects []Effect) string {
	var w []string
	for _, e := range effects {
		switch e := e.(type) {
		case StateChanged, StopPathTimer:
		case Operation:
			w = append(w, e.Name+":"+e.Phase)
		default:
			w = append(w, strings.TrimPrefix(fmt.Sprintf("%T", e), "call."))
		}
	}
	return strings.Join(w, " ")
}

// turn is one input and what it should lead to.
type turn struct {
	in    Input
	phase engine.CallState
	want  string
}

func play(t *testing.T, s State, turns []turn) State {
	t.Helper()
	for i, tn := range turns {
		before := s
		var effects []Effect
		s, effects = Step(s, tn.in)
		if s.Phase != tn.phase || words(effects) != tn.want {
			t.Fatalf("turn %d, %T in %v:\n got %v %q\nwant %v %q", i, tn.in, before.Phase, s.Phase, words(effects), tn.phase, tn.want)
		}
	}
	return s
}

var (
	talking  = Remote{}
	watching = Remote{HasVideo: true, SendsVideo: true, TakesVideo: true}
	glare    = OfferRefused{Problem: &engine.Problem{}, Glare: true}
)

func connectedOut(video bool) []turn {
	r := talking
	r.HasVideo, r.SendsVideo = video, video
	return []turn{
		{Place{Video: video}, engine.Initiating, "MakeOffer"},
		{OfferMade{"o"}, engine.Initiating, "SendInvite"},
		{InviteDone{}, engine.Initiated, ""},
		{RemoteRinging{}, engine.Ringing, ""},
		{Accepted{"a"}, engine.Connected, "ApplyAnswer"},
		{AnswerApplied{r}, engine.Connected, ""},
	}
}

func connectedIn(video bool) []turn {
	return []turn{
		{Received{"o"}, engine.Initiating, "SendRinging"},
		{RingingDone{}, engine.Ringing, ""},
		{Accept{Video: video}, engine.Ringing, "MakeAnswer"},
		{AnswerMade{"a", watching}, engine.Ringing, "SendAnswer"},
		{AnswerSent{}, engine.Connected, ""},
	}
}

func TestFlows(t *testing.T) {
	out, in := New(engine.Outgoing), New(engine.Incoming)
	held := Remote{HasVideo: true, Held: true}
	tests := []struct {
		name  string
		from  State
		turns []turn
		end   engine.EndReason
	}{
		{"outgoing, hung up here", out, append(connectedOut(true),
			turn{Hangup{}, engine.Ended, "SendHangup CloseMedia"}), engine.ReasonHungUpHere},
		{"outgoing, hung up there", out, append(connectedOut(false),
			turn{Finished{End: engine.EndInfo{Reason: engine.ReasonHungUpThere}}, engine.Ended, "CloseMedia"}), engine.ReasonHungUpThere},
		{"accepted before ringing is heard of", out, []turn{
			{Place{}, engine.Initiating, "MakeOffer"},
			{OfferMade{"o"}, engine.Initiating, "SendInvite"},
			{InviteDone{}, engine.Initiated, ""},
			{Accepted{"a"}, engine.Connected, "ApplyAnswer"},
			{RemoteRinging{}, engine.Connected, ""},
		}, engine.ReasonNone},
		{"cancelled before the server has it", out, []turn{
			{Place{}, engine.Initiating, "MakeOffer"},
			{OfferMade{"o"}, engine.Initiating, "SendInvite"},
			{Hangup{}, engine.Ended, "CloseMedia"},
			{InviteDone{}, engine.Ended, "SendHangup"},
			{InviteDone{}, engine.Ended, ""},
		}, engine.ReasonCancelledHere},
		{"unknown callee", out, []turn{
			{Place{}, engine.Initiating, "MakeOffer"},
			{OfferMade{"o"}, engine.Initiating, "SendInvite"},
			{InviteFailed{End: engine.EndInfo{Reason: engine.ReasonUnknownUser}, Problem: &engine.Problem{}}, engine.Ended, "Failed CloseMedia"},
		}, engine.ReasonUnknownUser},
		{"answer of the far end is unusable", out, []turn{
			{Place{}, engine.Initiating, "MakeOffer"},
			{OfferMade{"o"}, engine.Initiating, "SendInvite"},
			{InviteDone{}, engine.Initiated, ""},
			{Accepted{"a"}, engine.Connected, "ApplyAnswer"},
			{PeerRefused{&engine.Problem{}}, engine.Ended, "Failed SendHangup CloseMedia"},
		}, engine.ReasonRefused},
		{"incoming, rejected", in, []turn{
			{Received{"o"}, engine.Initiating, "SendRinging"},
			{RingingDone{}, engine.Ringing, ""},
			{Reject{}, engine.Ended, "SendHangup CloseMedia"},
		}, engine.ReasonDeclinedHere},
		{"incoming, ignored", in, []turn{
			{Received{"o"}, engine.Initiating, "SendRinging"},
			{Ignore{}, engine.Ended, "CloseMedia"},
			{Finished{Cancelled: true}, engine.Ended, ""},
		}, engine.ReasonDeclinedHere},
		{"incoming, caller gave up", in, []turn{
			{Received{"o"}, engine.Initiating, "SendRinging"},
			{RingingDone{}, engine.Ringing, ""},
			{Finished{Cancelled: true, End: engine.EndInfo{Reason: engine.ReasonCancelledThere}}, engine.Cancelled, "CloseMedia"},
		}, engine.ReasonCancelledThere},
		{"accepted twice, and too late", in, append(connectedIn(true),
			turn{Accept{}, engine.Connected, ""},
			turn{Finished{End: engine.EndInfo{Reason: engine.ReasonHungUpThere}}, engine.Ended, "CloseMedia"},
			turn{Accept{}, engine.Ended, ""}), engine.ReasonHungUpThere},
		{"slow start", in, []turn{
			{Received{""}, engine.Initiating, "SendRinging"},
			{RingingDone{}, engine.Ringing, ""},
			{Accept{Video: true}, engine.Ringing, "MakeOffer"},
			{OfferMade{"o"}, engine.Ringing, "SendAnswer"},
			{AnswerSent{}, engine.Ringing, ""},
			{Accepted{"a"}, engine.Connected, "ApplyAnswer"},
			{AnswerApplied{watching}, engine.Connected, ""},
		}, engine.ReasonNone},
		{"hold and unhold", out, append(connectedOut(true),
			turn{SetHold{true}, engine.Connected, "hold:start MakeOffer"},
			turn{OfferMade{"o"}, engine.Connected, "SendOffer"},
			turn{Answered{"a"}, engine.Connected, "ApplyAnswer"},
			turn{AnswerApplied{held}, engine.OnHold, "hold:finish"},
			turn{SetHold{false}, engine.OnHold, "unhold:start MakeOffer"},
			turn{OfferMade{"o"}, engine.OnHold, "SendOffer"},
			turn{Answered{"a"}, engine.OnHold, "ApplyAnswer"},
			turn{AnswerApplied{watching}, engine.Connected, "unhold:finish"}), engine.ReasonNone},
		{"dual hold, released here first", in, append(connectedIn(true),
			turn{Offered{"o"}, engine.Connected, "MakeAnswer"},
			turn{AnswerMade{"a", held}, engine.Connected, "SendAnswer"},
			turn{AnswerSent{}, engine.OnHold, "hold:finish"},
			turn{SetHold{true}, engine.OnHold, "hold:start MakeOffer"},
			turn{OfferMade{"o"}, engine.OnHold, "SendOffer"},
			turn{Answered{"a"}, engine.OnHold, "ApplyAnswer"},
			turn{AnswerApplied{held}, engine.OnHold, "hold:finish"},
			turn{SetHold{false}, engine.OnHold, "unhold:start MakeOffer"},
			turn{OfferMade{"o"}, engine.OnHold, "SendOffer"},
			turn{Answered{"a"}, engine.OnHold, "ApplyAnswer"},
			turn{AnswerApplied{held}, engine.OnHold, "unhold:finish"},
			turn{Offered{"o"}, engine.OnHold, "MakeAnswer"},
			turn{AnswerMade{"a", watching}, engine.OnHold, "SendAnswer"},
			turn{AnswerSent{}, engine.Connected, "unhold:finish"}), engine.ReasonNone},
		{"clicks during an operation are kept", out, append(connectedOut(false),
			turn{SetVideo{true}, engine.Connected, "addVideo:start MakeOffer"},
			turn{SetHold{true}, engine.Connected, ""},
			turn{OfferMade{"o"}, engine.Connected, "SendOffer"},
			turn{SetHold{false}, engine.Connected, ""},
			turn{SetHold{true}, engine.Connected, ""},
			turn{Answered{"a"}, engine.Connected, "ApplyAnswer"},
			turn{AnswerApplied{watching}, engine.Connected, "addVideo:finish hold:start MakeOffer"}), engine.ReasonNone},
		{"glare: refused, theirs first, then ours again", out, append(connectedOut(true),
			turn{SetHold{true}, engine.Connected, "hold:start MakeOffer"},
			turn{OfferMade{"o"}, engine.Connected, "SendOffer"},
			turn{Offered{"theirs"}, engine.Connected, ""},
			turn{glare, engine.Connected, "AbandonOffer StartRetry MakeAnswer"},
			turn{AnswerMade{"a", held}, engine.Connected, "SendAnswer"},
			turn{AnswerSent{}, engine.OnHold, "hold:finish"}, // theirs; of ours they know nothing yet
			turn{RetryDue{}, engine.OnHold, "MakeOffer"},
			turn{OfferMade{"o2"}, engine.OnHold, "SendOffer"},
			turn{Answered{"a"}, engine.OnHold, "ApplyAnswer"},
			turn{AnswerApplied{held}, engine.OnHold, "hold:finish"}), engine.ReasonNone},
		{"theirs overtakes ours before it is sent", out, append(connectedOut(true),
			turn{SetVideo{false}, engine.Connected, "removeVideo:start MakeOffer"},
			turn{Offered{"theirs"}, engine.Connected, ""},
			turn{OfferMade{"o"}, engine.Connected, "AbandonOffer MakeAnswer"}), engine.ReasonNone},
		{"asked for an offer in mid-call", out, append(connectedOut(true),
			turn{Offered{""}, engine.Connected, "MakeOffer"},
			turn{OfferMade{"o"}, engine.Connected, "SendAnswer"},
			turn{Answered{"a"}, engine.Connected, "ApplyAnswer"},
			turn{AnswerSent{}, engine.Connected, ""},
			turn{AnswerApplied{watching}, engine.Connected, ""}), engine.ReasonNone},
		{"transfer holds first", out, append(connectedOut(true),
			turn{Transfer{Address: "carol"}, engine.Connected, "transfer:start hold:start MakeOffer"},
			turn{OfferMade{"o"}, engine.Connected, "SendOffer"},
			turn{Answered{"a"}, engine.Connected, "ApplyAnswer"},
			turn{AnswerApplied{held}, engine.OnHold, "hold:finish SendTransfer"},
			turn{TransferDone{}, engine.OnHold, ""},
			turn{Finished{End: engine.EndInfo{Reason: engine.ReasonTransferred}}, engine.Ended, "transfer:finish CloseMedia"}), engine.ReasonTransferred},
		{"transfer fails after it was accepted: both talk again", out, append(connectedOut(true),
			turn{Transfer{Address: "carol"}, engine.Connected, "transfer:start hold:start MakeOffer"},
			turn{OfferMade{"o"}, engine.Connected, "SendOffer"},
			turn{Answered{"a"}, engine.Connected, "ApplyAnswer"},
			turn{AnswerApplied{held}, engine.OnHold, "hold:finish SendTransfer"},
			turn{TransferDone{}, engine.OnHold, ""},
			turn{Offered{"o2"}, engine.OnHold, "transfer:error MakeAnswer"},
			turn{AnswerMade{"a", watching}, engine.OnHold, "SendAnswer"},
			turn{AnswerSent{}, engine.Connected, ""}), engine.ReasonNone},
		{"transfer given up by resuming", out, append(connectedOut(true),
			turn{Transfer{Address: "carol"}, engine.Connected, "transfer:start hold:start MakeOffer"},
			turn{SetHold{}, engine.Connected, "transfer:error"},
			turn{OfferMade{"o"}, engine.Connected, "SendOffer"},
			turn{Answered{"a"}, engine.Connected, "ApplyAnswer"},
			turn{AnswerApplied{held}, engine.OnHold, "hold:finish unhold:start MakeOffer"}), engine.ReasonNone},
		{"an offer that nobody answers", out, append(connectedOut(true),
			turn{SetHold{true}, engine.Connected, "hold:start MakeOffer"},
			turn{OfferMade{"o"}, engine.Connected, "SendOffer"},
			turn{AnswerTimeout{}, engine.Connected, "AbandonOffer hold:error"},
			turn{Answered{"late"}, engine.Connected, ""},
			turn{SetHold{true}, engine.Connected, "hold:start MakeOffer"}), engine.ReasonNone},
		{"an offer that the server refuses outright", out, append(connectedOut(true),
			turn{SetHold{true}, engine.Connected, "hold:start MakeOffer"},
			turn{OfferMade{"o"}, engine.Connected, "SendOffer"},
			turn{OfferRefused{Problem: &engine.Problem{}}, engine.Connected, "AbandonOffer hold:error"}), engine.ReasonNone},
		{"a restart survives glare with a hold under way", out, append(connectedOut(true),
			turn{SetHold{true}, engine.Connected, "hold:start MakeOffer"},
			turn{OfferMade{"o"}, engine.Connected, "SendOffer"},
			turn{PathChanged{engine.MediaFailed}, engine.Connected, "StartPathTimer"},
			turn{glare, engine.Connected, "AbandonOffer StartRetry"},
			turn{RetryDue{}, engine.Connected, "MakeOffer"},
			turn{OfferMade{"o"}, engine.Connected, "SendOffer"},
			turn{OfferRefused{Problem: &engine.Problem{}}, engine.Connected, "AbandonOffer StartRetry"}), engine.ReasonNone},
		{"an answer that is lost: an offer makes both agree again", out, append(connectedOut(true),
			turn{Offered{"o"}, engine.Connected, "MakeAnswer"},
			turn{AnswerMade{"a", held}, engine.Connected, "SendAnswer"},
			turn{AnswerRefused{Problem: &engine.Problem{}}, engine.OnHold, "update:error hold:finish StartRetry"},
			turn{RetryDue{}, engine.OnHold, "update:start MakeOffer"},
			turn{OfferMade{"o"}, engine.OnHold, "SendOffer"},
			turn{Answered{"a"}, engine.OnHold, "ApplyAnswer"},
			turn{AnswerApplied{watching}, engine.Connected, "update:finish"}), engine.ReasonNone},
		{"an asked offer that is refused leaves nothing behind", out, append(connectedOut(true),
			turn{Offered{""}, engine.Connected, "MakeOffer"},
			turn{OfferMade{"o"}, engine.Connected, "SendAnswer"},
			turn{AnswerRefused{Problem: &engine.Problem{}}, engine.Connected, "AbandonOffer update:error"},
			turn{SetHold{true}, engine.Connected, "hold:start MakeOffer"}), engine.ReasonNone},
		{"an answer to an asked offer that cannot be used", out, append(connectedOut(true),
			turn{Offered{""}, engine.Connected, "MakeOffer"},
			turn{OfferMade{"o"}, engine.Connected, "SendAnswer"},
			turn{AnswerSent{}, engine.Connected, ""},
			turn{Answered{"a"}, engine.Connected, "ApplyAnswer"},
			turn{PeerRefused{&engine.Problem{}}, engine.Connected, "AbandonOffer update:error"}), engine.ReasonNone},
		{"the other side takes no video", out, append(connectedOut(false),
			turn{SetVideo{true}, engine.Connected, "addVideo:start MakeOffer"},
			turn{OfferMade{"o"}, engine.Connected, "SendOffer"},
			turn{Answered{"a"}, engine.Connected, "ApplyAnswer"},
			turn{AnswerApplied{talking}, engine.Connected, "addVideo:error"}), engine.ReasonNone},
		{"two devices answer, the other one first", in, []turn{
			{Received{"o"}, engine.Initiating, "SendRinging"},
			{Accept{}, engine.Initiating, "MakeAnswer"},
			{AnswerMade{"a", watching}, engine.Initiating, "SendAnswer"},
			{AnswerRefused{Problem: &engine.Problem{}, Gone: true}, engine.Initiating, "StartRetry"},
			{Finished{Cancelled: true, End: engine.EndInfo{Reason: engine.ReasonAnsweredElsewhere}}, engine.Cancelled, "CloseMedia"},
		}, engine.ReasonAnsweredElsewhere},
		{"the same, and the reason is lost", in, []turn{
			{Received{"o"}, engine.Initiating, "SendRinging"},
			{Accept{}, engine.Initiating, "MakeAnswer"},
			{AnswerMade{"a", watching}, engine.Initiating, "SendAnswer"},
			{AnswerRefused{Problem: &engine.Problem{}, Gone: true}, engine.Initiating, "StartRetry"},
			{RetryDue{}, engine.Cancelled, "CloseMedia"},
		}, engine.ReasonAnsweredElsewhere},
		{"rings, and the server knows nothing of it", in, []turn{
			{Received{"o"}, engine.Initiating, "SendRinging"},
			{AuditGone{}, engine.Cancelled, "CloseMedia"},
		}, engine.ReasonCancelledThere},
		{"rings for ever", in, []turn{
			{Received{"o"}, engine.Initiating, "SendRinging"},
			{RingingDone{}, engine.Ringing, ""},
			{RingTimeout{}, engine.Cancelled, "CloseMedia"},
		}, engine.ReasonNoAnswer},
		{"calls for ever", out, append(connectedOut(false)[:4],
			turn{RingTimeout{}, engine.Ended, "SendHangup CloseMedia"}), engine.ReasonNoAnswer},
		{"an invitation that nobody could answer", in, []turn{
			{Received{"o"}, engine.Initiating, "SendRinging"},
			{Unusable{&engine.Problem{}}, engine.Ended, "Failed SendHangup CloseMedia"},
		}, engine.ReasonRefused},
		{"transfer refused, resumed", out, append(connectedOut(true),
			turn{Transfer{Address: "carol"}, engine.Connected, "transfer:start hold:start MakeOffer"},
			turn{OfferMade{"o"}, engine.Connected, "SendOffer"},
			turn{Answered{"a"}, engine.Connected, "ApplyAnswer"},
			turn{AnswerApplied{held}, engine.OnHold, "hold:finish SendTransfer"},
			turn{TransferRefused{Problem: &engine.Problem{}}, engine.OnHold, "transfer:error unhold:start MakeOffer"}), engine.ReasonNone},
		{"consultative transfer awaits the other hold", out, append(connectedOut(true),
			turn{Transfer{Address: "carol", Other: "2", Await: true}, engine.Connected, "transfer:start hold:start MakeOffer"},
			turn{OfferMade{"o2"}, engine.Connected, "SendOffer"},
			turn{Answered{"a2"}, engine.Connected, "ApplyAnswer"},
			turn{AnswerApplied{held}, engine.OnHold, "hold:finish"},
			turn{TransferReady{}, engine.OnHold, "SendTransfer"},
			turn{TransferReady{}, engine.OnHold, ""},
			turn{TransferOff{&engine.Problem{}}, engine.OnHold, ""},
			turn{Finished{End: engine.EndInfo{Reason: engine.ReasonTransferred}}, engine.Ended, "transfer:finish CloseMedia"}), engine.ReasonTransferred},
		{"consultative transfer, the other hold comes first", out, append(connectedOut(true),
			turn{Transfer{Address: "carol", Other: "2", Await: true}, engine.Connected, "transfer:start hold:start MakeOffer"},
			turn{TransferReady{}, engine.Connected, ""},
			turn{OfferMade{"o2"}, engine.Connected, "SendOffer"},
			turn{Answered{"a2"}, engine.Connected, "ApplyAnswer"},
			turn{AnswerApplied{held}, engine.OnHold, "hold:finish SendTransfer"}), engine.ReasonNone},
		{"consultative transfer, the other call is lost", out, append(connectedOut(true),
			turn{Transfer{Address: "carol", Other: "2", Await: true}, engine.Connected, "transfer:start hold:start MakeOffer"},
			turn{OfferMade{"o2"}, engine.Connected, "SendOffer"},
			turn{Answered{"a2"}, engine.Connected, "ApplyAnswer"},
			turn{AnswerApplied{held}, engine.OnHold, "hold:finish"},
			turn{TransferOff{&engine.Problem{}}, engine.OnHold, "transfer:error unhold:start MakeOffer"}), engine.ReasonNone},
		{"transfer meets an offer, is asked for again", out, append(connectedOut(true),
			turn{Transfer{Address: "carol"}, engine.Connected, "transfer:start hold:start MakeOffer"},
			turn{OfferMade{"o2"}, engine.Connected, "SendOffer"},
			turn{Answered{"a2"}, engine.Connected, "ApplyAnswer"},
			turn{AnswerApplied{held}, engine.OnHold, "hold:finish SendTransfer"},
			turn{TransferRefused{Problem: &engine.Problem{}, Glare: true}, engine.OnHold, "StartRetry"},
			turn{Offered{"o3"}, engine.OnHold, "MakeAnswer"},
			turn{AnswerMade{"a3", watching}, engine.OnHold, "SendAnswer"},
			turn{AnswerSent{}, engine.OnHold, ""},
			turn{RetryDue{}, engine.OnHold, "SendTransfer"},
			turn{Finished{End: engine.EndInfo{Reason: engine.ReasonTransferred}}, engine.Ended, "transfer:finish CloseMedia"}), engine.ReasonTransferred},
		{"forward while ringing", in, []turn{
			{Received{"o"}, engine.Initiating, "SendRinging"},
			{RingingDone{}, engine.Ringing, ""},
			{Transfer{Address: "carol"}, engine.Ringing, "forward:start SendForward"},
			{TransferDone{}, engine.Ended, "forward:finish CloseMedia"},
		}, engine.ReasonTransferred},
		{"the path is lost and comes back", out, append(connectedOut(true),
			turn{PathChanged{engine.MediaInterrupted}, engine.Connected, "StartPathTimer restart:start MakeOffer"},
			turn{OfferMade{"o"}, engine.Connected, "SendOffer"},
			turn{Answered{"a"}, engine.Connected, "ApplyAnswer"},
			turn{AnswerApplied{watching}, engine.Connected, "restart:finish"},
			turn{PathChanged{engine.MediaFlowing}, engine.Connected, ""}), engine.ReasonNone},
		{"the path is lost for good", in, append(connectedIn(true),
			turn{PathChanged{engine.MediaInterrupted}, engine.Connected, "StartPathTimer"},
			turn{PathTimeout{}, engine.Ended, "SendHangup CloseMedia"}), engine.ReasonNetworkLost},
		{"gone from the server", out, append(connectedOut(true),
			turn{AuditGone{}, engine.Ended, "CloseMedia"}), engine.ReasonServerEnded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if s := play(t, tt.from, tt.turns); s.End.Reason != tt.end {
				t.Errorf("end reason %v, want %v", s.End.Reason, tt.end)
			}
		})
	}
}

func TestOfferIsGivenUpAfterRefusals(t *testing.T) {
	s := play(t, New(engine.Outgoing), connectedOut(true))
	s, _ = Step(s, SetHold{true})
	for i := 0; ; i++ {
		s, _ = Step(s, OfferMade{"o"})
		var effects []Effect
		s, effects = Step(s, glare)
		if strings.Contains(words(effects), "hold:error") {
			if i != maxRefusals {
				t.Errorf("gave up after %d refusals, want %d", i, maxRefusals)
			}
			break
		}
		if i > maxRefusals {
			t.Fatal("never gives up")
		}
		s, _ = Step(s, RetryDue{})
	}
	if s.LocalHold || s.Want.Hold || s.Stage != Idle {
		t.Errorf("after giving up: %+v", s)
	}
}

// TestMisfitAnswerIsAskedAgain: an answer that does not belong to our offer, as
// the SDK 4.9.0 gives at a bad moment.
func TestMisfitAnswerIsAskedAgain(t *testing.T) {
	misfit := PeerRefused{&engine.Problem{Cause: "It does not fit."}}
	s := play(t, New(engine.Outgoing), connectedOut(false))
	s, _ = Step(s, SetVideo{true})
	s, _ = Step(s, OfferMade{"o"})
	s, _ = Step(s, Answered{"an old one"})
	s, effects := Step(s, misfit)
	if got := words(effects); got != "AbandonOffer StartRetry" {
		t.Fatalf("after the misfit: %s", got)
	}
	s, effects = Step(s, RetryDue{})
	if got := words(effects); got != "MakeOffer" {
		t.Fatalf("when the retry is due: %s", got)
	}
	again := play(t, s, []turn{
		{OfferMade{"o"}, engine.Connected, "SendOffer"},
		{Answered{"a"}, engine.Connected, "ApplyAnswer"},
		{AnswerApplied{watching}, engine.Connected, "addVideo:finish"},
	})
	if !again.SendsVideo() {
		t.Error("no video in the end")
	}
	for i := 1; ; i++ {
		s, _ = Step(s, OfferMade{"o"})
		s, _ = Step(s, Answered{"an old one"})
		s, effects = Step(s, misfit)
		if strings.Contains(words(effects), "addVideo:error") {
			if i != maxRefusals {
				t.Errorf("given up after %d more", i)
			}
			return
		}
		if i > maxRefusals {
			t.Fatal("never given up")
		}
		s, _ = Step(s, RetryDue{})
	}
}
