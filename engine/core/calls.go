package core

import (
	"context"
	"time"

	"github.com/google/uuid"

	"tring/engine"
	"tring/engine/internal/call"
	"tring/engine/internal/checkup"
	"tring/engine/internal/signaling"
	"tring/engine/internal/video"
)

// lingering is how long a call that is over stays in the Snapshot, so that a
// face can show how it ended.
const lingering = 8 * time.Second

// ringPatience is longer than any server lets a call ring: after it the server
// must have forgotten the call, or us.
const ringPatience = 3 * time.Minute

// entry is one call and all that belongs to it.
type entry struct {
	id      engine.CallID
	st      call.State
	session signaling.Session // the one it lives in
	leg     signaling.LegID

	remote, remoteName string
	displayName        string
	offeredVideo       bool
	muted              bool
	silent             bool // it rings without a sound
	mediaState         engine.MediaState
	problem            *engine.Problem // of the last thing that went wrong in it
	cameraProblem      *engine.Problem // while our picture cannot be sent
	startedAt          time.Time
	answeredAt         time.Time // the user's, or the far end's, yes
	connectedAt        time.Time
	endedAt            time.Time

	ctx    context.Context // of the call's requests
	cancel context.CancelFunc
	media  *media
	screen *video.Hub // of the screen that is shared in place of the camera; nil for none

	check *echoCall // it is the check's own, which no face sees; nil for none

	joins *entry // the call that a consultative transfer waits for; nil for none

	cameraBefore bool // our video was on before the screen was shared

	sinks   map[*attachment]struct{}
	dialer  dialer
	parting chan struct{} // see Core.part

	untold   bool // the hang-up could not be told to the server
	inviting bool // the server has not answered our invitation yet

	audit  *time.Timer
	ring   *time.Timer // until the call has rung for too long
	path   *time.Timer // until the media path has been away for too long
	retry  *time.Timer // until a refused offer is made again
	answer *time.Timer // until our offer has waited for too long
}

func (c *Core) newEntry(d engine.Direction) *entry {
	e := &entry{
		id: engine.CallID(uuid.NewString()), st: call.New(d), session: c.account.session, startedAt: time.Now(),
		sinks: make(map[*attachment]struct{}),
	}
	e.ctx, e.cancel = context.WithCancel(c.ctx)
	c.calls[e.id] = e
	c.order = append(c.order, e.id)
	c.after(e, &e.ring, ringPatience, call.RingTimeout{})
	c.dirty = true
	return e
}

// view is the call's part of a Snapshot.
func (e *entry) view() engine.Call {
	problem := e.problem
	if problem == nil && e.st.SendsVideo() && e.screen == nil {
		problem = e.cameraProblem
	}
	return engine.Call{
		ID: e.id, Direction: e.st.Direction, State: e.st.Phase,
		LocalHold: e.st.LocalHold, RemoteHold: e.st.RemoteHold,
		RemoteAddress: e.remote, RemoteName: e.remoteName,
		OfferedVideo: e.offeredVideo, Muted: e.muted,
		SendingVideo: e.st.SendsVideo(), RemoteVideo: e.st.Remote.SendsVideo && !e.st.Phase.Final(),
		ScreenShared: e.screen != nil && e.st.SendsVideo(),
		Media:        e.mediaState, StartedAt: e.startedAt, ConnectedAt: e.connectedAt, EndedAt: e.endedAt,
		End: e.st.End, Problem: problem,
	}
}

// Call implements engine.Engine.
func (c *Core) Call(typed string, options engine.CallOptions) (engine.CallID, error) {
	var id engine.CallID
	err := c.ask(func() error {
		session := c.account.session
		if session == nil {
			return notSignedIn()
		}
		address, err := session.Address(typed)
		if err != nil {
			return err
		}
		c.stopCheck(checkup.StoppedByCall)
		e := c.newEntry(engine.Outgoing)
		id = e.id
		e.remote, e.offeredVideo, e.displayName = address, options.Video, options.DisplayName
		if e.displayName == "" {
			e.displayName = c.account.reg.Name
		}
		c.emit(engine.Event{Name: engine.EventCallStart, CallID: e.id, Remote: address, Video: options.Video})
		c.step(e, call.Place{Video: options.Video})
		return nil
	})
	return id, err
}

// Accept implements engine.Engine.
func (c *Core) Accept(id engine.CallID, video bool) error {
	return c.input(id, call.Accept{Video: video}, func(s call.State) bool {
		return ringingHere(s) && s.Stage == call.Idle
	})
}

// Reject implements engine.Engine.
func (c *Core) Reject(id engine.CallID) error {
	return c.ask(func() error {
		e, err := c.find(id)
		if err != nil {
			return err
		}
		if !ringingHere(e.st) {
			return wrongState(e.st)
		}
		c.step(e, call.Reject{Busy: c.talking(e)})
		return nil
	})
}

// talking reports whether a call other than e is established: then a rejection
// says busy rather than declined.
func (c *Core) talking(e *entry) bool {
	for _, other := range c.calls {
		if other != e && other.check == nil && other.st.Phase.Established() {
			return true
		}
	}
	return false
}

// Ignore implements engine.Engine.
func (c *Core) Ignore(id engine.CallID) error { return c.input(id, call.Ignore{}, ringingHere) }

// Hangup implements engine.Engine.
func (c *Core) Hangup(id engine.CallID) error { return c.input(id, call.Hangup{}, nil) }

// Hold implements engine.Engine.
func (c *Core) Hold(id engine.CallID) error {
	return c.input(id, call.SetHold{On: true}, established)
}

// Unhold implements engine.Engine.
func (c *Core) Unhold(id engine.CallID) error {
	return c.input(id, call.SetHold{On: false}, established)
}

// SetVideo implements engine.Engine. It is about the camera: a screen that is
// shared gives way to it.
func (c *Core) SetVideo(id engine.CallID, on bool) error {
	return c.ask(func() error {
		e, err := c.find(id)
		if err != nil {
			return err
		}
		if e.st.Phase.Final() {
			return callOver()
		}
		e.cameraBefore = on
		c.unshare(e)
		c.step(e, call.SetVideo{On: on})
		return nil
	})
}

// Transfer implements engine.Engine.
func (c *Core) Transfer(id engine.CallID, typed string) error {
	return c.ask(func() error {
		e, err := c.find(id)
		if err != nil {
			return err
		}
		session := c.account.session
		if session == nil {
			return notSignedIn()
		}
		can := session.Capabilities()
		ringing := ringingHere(e.st)
		if !ringing && !established(e.st) {
			return wrongState(e.st)
		}
		if ringing && !can.Forward || !ringing && !can.Transfer {
			return &engine.Problem{Cause: "This server cannot pass calls on.", Next: "Call the other person yourself.", Err: engine.ErrNotSupported}
		}
		address, err := session.Address(typed)
		if err != nil {
			return err
		}
		c.step(e, call.Transfer{Address: address})
		return nil
	})
}

// SetMuted implements engine.Engine.
func (c *Core) SetMuted(id engine.CallID, muted bool) error {
	return c.ask(func() error {
		e, err := c.find(id)
		if err != nil {
			return err
		}
		if e.st.Phase.Final() {
			return callOver()
		}
		e.muted = muted
		c.dirty = true
		if e.media != nil {
			e.media.setMuted(muted)
		}
		return nil
	})
}

func ringingHere(s call.State) bool {
	return s.Direction == engine.Incoming && !s.Phase.Established() && !s.Phase.Final()
}

func established(s call.State) bool { return s.Phase.Established() }

// wrongState says why a call in state s cannot do something.
func wrongState(s call.State) error {
	switch {
	case s.Phase.Final():
		return callOver()
	case s.Phase.Established():
		return &engine.Problem{Cause: "The call was answered already.", Next: "Hang up to end it.", Err: engine.ErrWrongState}
	}
	return &engine.Problem{Cause: "The call is not answered yet.", Next: "Wait until it is.", Err: engine.ErrWrongState}
}

func callOver() error {
	return &engine.Problem{Cause: "The call is over.", Next: "Call again.", Err: engine.ErrWrongState}
}

func notSignedIn() error {
	return &engine.Problem{Cause: "You are not signed in.", Next: "Sign in first.", Err: engine.ErrNotRegistered}
}

func (c *Core) find(id engine.CallID) (*entry, error) {
	if e, ok := c.calls[id]; ok {
		return e, nil
	}
	return nil, &engine.Problem{Cause: "There is no such call, or it is over.", Next: "Call again.", Err: engine.ErrNoSuchCall}
}

// input gives a user's input to a call, if its state fits.
func (c *Core) input(id engine.CallID, in call.Input, fits func(call.State) bool) error {
	return c.ask(func() error {
		e, err := c.find(id)
		if err != nil {
			return err
		}
		if fits != nil && !fits(e.st) {
			return wrongState(e.st)
		}
		c.step(e, in)
		return nil
	})
}
