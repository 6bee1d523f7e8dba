package core

import (
	"context"
	"errors"
	"time"

	"tring/engine"
	"tring/engine/internal/audio"
	"tring/engine/internal/call"
	"tring/engine/internal/checkup"
)

const (
	echoAnswers = 6 * time.Second
	echoTalk    = 3 * time.Second
	echoSlow    = 3 * time.Second // more for what has not come by then
)

// echoCall is the call of a check: a call as any other, which no face sees.
type echoCall struct{ news chan struct{} }

// tell says that something has changed. It does nothing for other calls.
func (e *echoCall) tell() {
	if e == nil {
		return
	}
	select {
	case e.news <- struct{}{}:
	default:
	}
}

// echo calls the echo contact and measures what comes back.
func (k *check) echo(ctx context.Context, video bool) {
	k.begin(engine.CheckSound, engine.CheckPicture)
	found := checkup.Echo{Video: video}
	var e *entry
	if e, found.Err = k.callEcho(video); found.Err == nil {
		defer func() {
			_ = k.core.ask(func() error { k.core.step(e, call.Hangup{}); return nil })
		}()
		if found.Err = k.connected(ctx, e); found.Err == nil {
			found.Err = k.talk(ctx, e, &found)
		}
	}
	if ctx.Err() != nil {
		return
	}
	k.end(engine.CheckSound, found.Sound())
	k.end(engine.CheckPicture, found.Picture())
}

// callEcho begins the call.
func (k *check) callEcho(video bool) (e *entry, err error) {
	c := k.core
	contact := k.options.EchoContact
	if contact == "" {
		contact = c.cfg.DemoContact
	}
	if contact == "" {
		return nil, checkup.ErrNoContact
	}
	err = c.ask(func() error {
		if c.account.session == nil || c.account.reg.State != engine.Registered {
			return checkup.ErrNotSignedIn
		}
		if context.Cause(k.ctx) != nil { // stopped by what came first
			return k.ctx.Err()
		}
		address, err := c.account.session.Address(contact)
		if err != nil {
			return err
		}
		e = c.newEntry(engine.Outgoing)
		e.check = &echoCall{news: make(chan struct{}, 1)}
		e.remote, e.offeredVideo, e.displayName = address, video, c.account.reg.Name
		c.step(e, call.Place{Video: video})
		return nil
	})
	return e, err
}

// connected waits until media flows.
func (k *check) connected(ctx context.Context, e *entry) error {
	ctx, cancel := context.WithTimeout(ctx, checkSlack*echoAnswers)
	defer cancel()
	answered := false
	for {
		var phase engine.CallState
		var media engine.MediaState
		var problem *engine.Problem
		if err := k.core.ask(func() error { phase, media, problem = e.st.Phase, e.mediaState, e.problem; return nil }); err != nil {
			return err
		}
		answered = answered || phase.Established()
		switch {
		case media == engine.MediaFlowing && phase.Established():
			return nil
		case media == engine.MediaFailed || phase.Final() && answered:
			return checkup.ErrNoPath
		case phase.Final() && problem != nil:
			return problem
		case phase.Final():
			return errNoEcho
		}
		select {
		case <-e.check.news:
		case <-ctx.Done():
			if answered {
				return checkup.ErrNoPath
			}
			return errNoEcho
		}
	}
}

// errNoEcho is worded by checkup.
var errNoEcho = errors.New("the echo contact does not answer")

// talk sends the microphone, one digit, which sounds whatever the microphone hears,
// and the camera for a while.
func (k *check) talk(ctx context.Context, e *entry, found *checkup.Echo) error {
	var out *audio.Outbound
	err := k.core.ask(func() error {
		if e.media == nil || e.media.closed {
			return checkup.ErrNoPath
		}
		out = e.media.outbound
		return nil
	})
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, echoTalk)
	defer cancel()
	found.Loud = out.SendDTMF(limited, "5") == nil
	<-limited.Done()
	comes(ctx, checkSlack*echoSlow, func() bool { // what a good path has brought long since
		found.Stats, err = k.core.Stats(ctx, e.id)
		s := found.Stats
		return err != nil || s.Audio.Inbound.Energy > 0 && (!found.Video || s.Video != nil && s.Video.Inbound.FramesDecoded > 0)
	})
	return err
}
