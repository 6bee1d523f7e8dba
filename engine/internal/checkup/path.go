package checkup

import (
	"fmt"
	"time"

	"tring/engine"
)

// Server is how the server was reached.
type Server struct {
	Host    string // as people know it; "" if none is known
	Problem error
	// The parts of the way; 0 where not needed or not reached.
	LookUp, Connect, TLS, Answer time.Duration
}

// slowServer is from when on people notice.
const slowServer = time.Second

// Judge says how the server is reached.
func (s Server) Judge() (r engine.CheckResult) {
	switch all := s.LookUp + s.Connect + s.TLS + s.Answer; {
	case s.Host == "":
		return result(engine.CheckSkipped, "No server is known.", "Sign in first.")
	case s.Problem != nil:
		r = failed(s.Problem, fmt.Sprintf("%s cannot be reached.", s.Host), "Check the network and the server's address, then try again.")
	case all >= slowServer:
		r = result(engine.CheckWarn, fmt.Sprintf("%s answers slowly.", s.Host), "Calls may take long to begin. Try another network.")
	default:
		r = result(engine.CheckOK, fmt.Sprintf("%s answers.", s.Host), "")
	}
	var f figures
	f.time(engine.FigureLookUp, s.LookUp)
	f.time(engine.FigureConnect, s.Connect)
	f.time(engine.FigureTLS, s.TLS)
	f.time(engine.FigureAnswer, s.Answer)
	r.Figures = f
	return r
}

// Account says whether somebody is signed in. It is final once the registration
// is, or will not wait any longer.
func Account(s engine.RegistrationState) engine.CheckResult {
	switch {
	case s.State == engine.Registered:
		return result(engine.CheckOK, fmt.Sprintf("You are signed in as %s.", s.Address), "")
	case s.Problem != nil:
		return failed(s.Problem, "", "")
	case s.State == engine.Offline:
		return result(engine.CheckSkipped, "You are not signed in.", "Sign in first.")
	}
	return result(engine.CheckFailed, "Signing in takes too long.", "Try again in a moment.")
}

// Answers is what came of asking STUN and TURN servers in one way.
type Answers struct {
	Asked   int
	Took    time.Duration // of the fastest that answered; 0 if none did
	Problem error         // of the first that did not
}

// Ways are the answers over UDP, TCP and TLS.
type Ways [3]Answers

var wayWords = [3]string{"UDP", "TCP", "TLS"}

// Judge judges the three together: what gets through in one way matters less in
// another. known says whether it is known which servers there are.
func (w Ways) Judge(known bool) (all [3]engine.CheckResult) {
	for i, a := range w {
		all[i] = w.judge(i, known)
		var f figures
		f.time(engine.FigureAnswer, a.Took)
		all[i].Figures = f
	}
	return all
}

func (w Ways) judge(i int, known bool) engine.CheckResult {
	a, word := w[i], wayWords[i]
	switch {
	case !known:
		return result(engine.CheckSkipped, "Only who is signed in learns of relays.", "Sign in first.")
	case a.Asked == 0:
		return result(engine.CheckSkipped, fmt.Sprintf("The server names no relay over %s.", word), "")
	case a.Took > 0:
		return result(engine.CheckOK, fmt.Sprintf("The way over %s is open.", word), "")
	}
	r := failed(a.Problem, fmt.Sprintf("Nothing gets through over %s.", word), "Ask whoever runs the network to let it through.")
	for _, other := range w {
		if other.Took > 0 {
			r.State = engine.CheckWarn // calls have another way
		}
	}
	return r
}
