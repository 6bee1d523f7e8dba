package ui

import (
	"strings"

	"tring/engine"
	"tring/ui/theme"
)

// The names under which preferences are kept. No secret is among them.
const (
	prefServer      = "server"
	prefClientID    = "clientID"
	prefUser        = "user"
	prefCAFile      = "caFile"
	prefKeep        = "keepSignedIn"
	prefVideo       = "lastCallVideo"
	prefTheme       = "theme"
	prefLog         = "logOpen"
	prefCorner      = "selfCorner"
	prefRingPicture = "ringPicture"
	prefEcho        = "cancelEcho"
	prefNoise       = "reduceNoise"
	prefGain        = "levelVoice"
	prefTray        = "stayInTray"
	prefTrayTold    = "trayTold"
	prefTab         = "homeTab"
	prefEchoContact = "echoContact"
)

// prefs is what the window remembers from one start to the next.
type prefs struct{ p *settings }

// account is the last one, with what given says in its place.
func (p prefs) account(given engine.Account) engine.Account {
	pick := func(given, name string) string {
		if given != "" {
			return given
		}
		return p.p.String(name)
	}
	return engine.Account{
		Server:   pick(given.Server, prefServer),
		ClientID: pick(given.ClientID, prefClientID),
		User:     pick(given.User, prefUser),
		CAFile:   pick(given.CAFile, prefCAFile),
	}
}

func (p prefs) setAccount(a engine.Account) {
	p.p.SetString(prefServer, a.Server)
	p.p.SetString(prefClientID, a.ClientID)
	p.p.SetString(prefUser, a.User)
	p.p.SetString(prefCAFile, a.CAFile)
}

func (p prefs) keep() bool         { return p.p.BoolWithFallback(prefKeep, true) }
func (p prefs) setKeep(on bool)    { p.p.SetBool(prefKeep, on) }
func (p prefs) video() bool        { return p.p.BoolWithFallback(prefVideo, true) }
func (p prefs) setVideo(on bool)   { p.p.SetBool(prefVideo, on) }
func (p prefs) logOpen() bool      { return p.p.BoolWithFallback(prefLog, true) }
func (p prefs) setLogOpen(on bool) { p.p.SetBool(prefLog, on) }

// processing is what is to be done to the microphone's sound.
func (p prefs) processing() engine.SoundProcessing {
	return engine.SoundProcessing{
		EchoCancellation: p.p.BoolWithFallback(prefEcho, true),
		NoiseSuppression: p.p.BoolWithFallback(prefNoise, true),
		AutomaticGain:    p.p.BoolWithFallback(prefGain, true),
	}
}

func (p prefs) setProcessing(s engine.SoundProcessing) {
	p.p.SetBool(prefEcho, s.EchoCancellation)
	p.p.SetBool(prefNoise, s.NoiseSuppression)
	p.p.SetBool(prefGain, s.AutomaticGain)
}

func (p prefs) stayInTray() bool      { return p.p.BoolWithFallback(prefTray, true) }
func (p prefs) setStayInTray(on bool) { p.p.SetBool(prefTray, on) }
func (p prefs) trayTold() bool        { return p.p.Bool(prefTrayTold) }
func (p prefs) setTrayTold()          { p.p.SetBool(prefTrayTold, true) }

// corner is where the small picture is; what is kept may come from elsewhere.
func (p prefs) corner() corner {
	c := corner(p.p.Int(prefCorner))
	if c < bottomRight || c > topRight {
		return bottomRight
	}
	return c
}

func (p prefs) setCorner(c corner) { p.p.SetInt(prefCorner, int(c)) }

// ringPicture: the own picture is shown while a video call rings.
func (p prefs) ringPicture() bool      { return p.p.Bool(prefRingPicture) }
func (p prefs) setRingPicture(on bool) { p.p.SetBool(prefRingPicture, on) }

func (p prefs) mode() theme.Mode {
	switch m := theme.Mode(p.p.String(prefTheme)); m {
	case theme.Light, theme.Dark, theme.HighContrast:
		return m
	}
	return theme.System
}

func (p prefs) setMode(m theme.Mode) { p.p.SetString(prefTheme, string(m)) }

// tab is the list that the home screen shows.
func (p prefs) tab() int       { return p.p.Int(prefTab) }
func (p prefs) setTab(tab int) { p.p.SetInt(prefTab, tab) }

// echoContact is who answers a check before a call.
func (p prefs) echoContact() string { return p.p.String(prefEchoContact) }

func (p prefs) setEchoContact(address string) {
	p.p.SetString(prefEchoContact, strings.TrimSpace(address))
}
