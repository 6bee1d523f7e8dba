package core

import (
	"tring/engine"
	"tring/engine/internal/call"
)

// TransferTo implements engine.Engine. Kandy's servers transfer calls on hold
// alone, and want both to be: the one that is on hold already asks for the
// transfer, as soon as the other one is, too.
func (c *Core) TransferTo(id, other engine.CallID) error {
	return c.ask(func() error {
		e, err := c.find(id)
		if err != nil {
			return err
		}
		o, err := c.find(other)
		if err != nil {
			return err
		}
		for _, each := range []*entry{e, o} {
			if !established(each.st) {
				return wrongState(each.st)
			}
		}
		if e == o {
			return &engine.Problem{Cause: "A call cannot be joined to itself.", Next: "Choose two calls.", Err: engine.ErrWrongState}
		}
		session := c.account.session
		if session == nil || !session.Capabilities().Transfer {
			return &engine.Problem{Cause: "This server cannot join two calls.", Next: "Tell each the other's address.", Err: engine.ErrNotSupported}
		}
		if e.st.LocalHold && !o.st.LocalHold {
			e, o = o, e
		}
		c.step(o, call.SetHold{On: true})
		e.joins = o
		c.step(e, call.Transfer{Address: o.remote, Other: string(o.leg), Await: true})
		c.followJoins(o)
		return nil
	})
}

// followJoins lets the consultative transfers go on that wait for o, or ends
// them if they wait in vain.
func (c *Core) followJoins(o *entry) {
	for _, id := range c.order {
		e := c.calls[id]
		if e.joins != o {
			continue
		}
		switch {
		case !e.st.AwaitsOther():
			e.joins = nil
		case o.st.Rests():
			e.joins = nil
			c.step(e, call.TransferReady{})
		case o.st.Phase.Final():
			e.joins = nil
			c.step(e, call.TransferOff{Problem: &engine.Problem{Cause: "The other call is over.", Next: "Go on talking, or transfer the call to an address."}})
		case !o.st.Want.Hold:
			e.joins = nil
			c.step(e, call.TransferOff{Problem: &engine.Problem{Cause: "The other call could not be put on hold.", Next: "Put it on hold, then join the two again."}})
		}
	}
}
