package engine

import "time"

// CheckStep is a part of the check before a call.
type CheckStep int

// The steps, in the order in which they are shown. They end in any order.
const (
	CheckMicrophone CheckStep = iota // its level and the noise around it
	CheckSpeaker                     // heard by the microphone
	CheckCamera                      // rate, size and brightness of its pictures
	CheckServer                      // reached by name, TCP, TLS, HTTP
	CheckAccount                     // signed in there
	CheckUDP                         // STUN or a relay over UDP
	CheckTCP                         // a relay over TCP
	CheckTLS                         // a relay over TLS
	CheckSound                       // own sound back from the echo contact
	CheckPicture                     // own picture back from it

	CheckSteps // how many there are
)

var checkStepWords = [...]string{"microphone", "speaker", "camera", "server", "account", "udp", "tcp", "tls", "sound", "picture"}

// String is the step's word in reports.
func (s CheckStep) String() string {
	if s < 0 || int(s) >= len(checkStepWords) {
		return "unknown"
	}
	return checkStepWords[s]
}

// CheckState says how a step is going, or how it went.
type CheckState int

// The states of a step.
const (
	CheckWaiting CheckState = iota // not begun
	CheckRunning
	CheckOK
	CheckWarn    // calls work, and could be better
	CheckFailed  // calls will lack this
	CheckSkipped // it could not be tried, or need not be
)

var checkStateWords = [...]string{"waiting", "running", "ok", "warn", "fail", "skipped"}

// String is the state's word in reports.
func (s CheckState) String() string {
	if s < 0 || int(s) >= len(checkStateWords) {
		return "unknown"
	}
	return checkStateWords[s]
}

// Over reports whether nothing can follow.
func (s CheckState) Over() bool { return s >= CheckOK }

// CheckOptions says what a check needs to know besides what the engine does.
type CheckOptions struct {
	// Server is reached where nobody is signed in: its URL and CA file, as in an
	// Account.
	Server string
	CAFile string
	// EchoContact answers calls and sends back what it gets; "" is that of the
	// demo, if there is one.
	EchoContact string
}

// CheckResult is how a step is going. Cause and Next are as in a Problem; Next is
// empty where nothing needs to be done.
type CheckResult struct {
	Step    CheckStep
	State   CheckState
	Cause   string
	Next    string
	Figures []CheckFigure
	Stopped bool          // the check ended before this step did
	Took    time.Duration // since it began; 0 before its end
}

// CheckFigure is a number that a step has measured.
type CheckFigure struct {
	Name  string // FigureLevel, …
	Value float64
	Unit  string // "dBFS", "ms", "%", "px", "/s"
}

// The names of figures, in the order in which they come.
const (
	FigureLevel      = "level"      // dBFS, of speech
	FigureNoise      = "noise"      // dBFS
	FigurePeak       = "peak"       // dBFS
	FigureHeard      = "heard"      // dBFS, of the test tone in the microphone
	FigureDelay      = "delay"      // ms, from the program through speaker and microphone
	FigureWidth      = "width"      // px
	FigureHeight     = "height"     // px
	FigureRate       = "rate"       // pictures a second
	FigureBrightness = "brightness" // %
	FigureLookUp     = "lookUp"     // ms: name
	FigureConnect    = "connect"    // ms: TCP
	FigureTLS        = "tls"        // ms: handshake
	FigureAnswer     = "answer"     // ms: until the server's answer, or a relay's
	FigureRoundTrip  = "roundTrip"  // ms
	FigureLoss       = "loss"       // %
)
