package kandy

import (
	"strings"

	"tring/engine"
	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

// finished says why a leg is over. The status code counts first, then the
// words; servers that send neither leave only the event's type and what the
// leg was.
func finished(g *leg, n note) signaling.Finished {
	cancelled := n.kind == noteCancelled
	end := engine.EndInfo{Reason: engine.ReasonNone, StatusCode: max(0, min(n.code, 999)), Text: n.reason}
	if end.Reason = reasonByCode(g, n); end.Reason == engine.ReasonNone {
		end.Reason = reasonByWords[strings.ToLower(n.reason)]
	}
	if end.Reason == engine.ReasonNone {
		end.Reason = reasonByLeg(g, cancelled)
	}
	return signaling.Finished{
		Leg:       n.leg,
		Cancelled: g.incoming && (cancelled || !g.answered && !g.answering),
		End:       end,
	}
}

var reasonByWords = map[string]engine.EndReason{
	strings.ToLower(kandyapi.ReasonDeclined):          engine.ReasonDeclined,
	strings.ToLower(kandyapi.ReasonBusy):              engine.ReasonBusy,
	strings.ToLower(kandyapi.ReasonNoAnswer):          engine.ReasonNoAnswer,
	strings.ToLower(kandyapi.ReasonNotFound):          engine.ReasonUnknownUser,
	strings.ToLower(kandyapi.ReasonUnavailable):       engine.ReasonUnreachable,
	strings.ToLower(kandyapi.ReasonAnsweredElsewhere): engine.ReasonAnsweredElsewhere,
	strings.ToLower(kandyapi.ReasonDeclinedElsewhere): engine.ReasonDeclinedElsewhere,
	strings.ToLower(kandyapi.ReasonCallerCancelled):   engine.ReasonCancelledThere,
	strings.ToLower(kandyapi.ReasonHungUp):            engine.ReasonHungUpThere,
	strings.ToLower(kandyapi.ReasonTransferred):       engine.ReasonTransferred,
	strings.ToLower(kandyapi.ReasonLost):              engine.ReasonNetworkLost,
}

// reasonByCode reads a SIP status (RFC 3261 §21). One code can mean several
// things, told apart by the words and by what the leg was.
func reasonByCode(g *leg, n note) engine.EndReason {
	words := reasonByWords[strings.ToLower(n.reason)]
	among := func(first engine.EndReason, others ...engine.EndReason) engine.EndReason {
		for _, o := range others {
			if words == o {
				return o
			}
		}
		return first
	}
	established := g.answered || g.answering
	switch n.code {
	case kandyapi.StatusCodeOK:
		if g.incoming && !established {
			return among(engine.ReasonAnsweredElsewhere, engine.ReasonTransferred, engine.ReasonHungUpThere)
		}
		return among(engine.ReasonHungUpThere, engine.ReasonTransferred, engine.ReasonAnsweredElsewhere)
	case kandyapi.StatusCodeNotFound, 604: // does not exist anywhere
		return engine.ReasonUnknownUser
	case kandyapi.StatusCodeTimeout:
		if established {
			return engine.ReasonNetworkLost
		}
		return among(engine.ReasonNoAnswer, engine.ReasonNetworkLost)
	case kandyapi.StatusCodeUnavailable:
		return among(engine.ReasonUnreachable, engine.ReasonNoAnswer)
	case kandyapi.StatusCodeBusy, 600: // busy everywhere
		return engine.ReasonBusy
	case kandyapi.StatusCodeCancelled:
		if !g.incoming {
			return engine.ReasonNone
		}
		return engine.ReasonCancelledThere
	case 488, 606: // not acceptable here, anywhere
		return engine.ReasonRefused
	case kandyapi.StatusCodeDeclined:
		if g.incoming && !established {
			return engine.ReasonDeclinedElsewhere
		}
		return engine.ReasonDeclined
	}
	return engine.ReasonNone
}

// reasonByLeg is what can be known without code and words.
func reasonByLeg(g *leg, cancelled bool) engine.EndReason {
	switch {
	case g.incoming && (cancelled || !g.answered && !g.answering):
		return engine.ReasonCancelledThere
	case g.answered || g.answering:
		return engine.ReasonHungUpThere
	}
	return engine.ReasonServerEnded // outgoing: declined, busy, nobody there …
}
