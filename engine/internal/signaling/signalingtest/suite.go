// Package signalingtest is the suite that every signalling backend passes: it
// plays calls between devices of alice, bob and carol through a server, and
// holds the backend to the rules of package signaling.
//
// A backend's test gives it a Harness:
//
//	func TestConformance(t *testing.T) {
//		signalingtest.Run(t, signalingtest.Harness{Bubble: true, Start: start})
//	}
//
// suite.go lists the flows, device.go is what they are written with.
package signalingtest

import (
	"testing"
	"testing/synctest"
	"time"

	"tring/engine/internal/signaling"
)

// Harness makes the world that a flow is played in.
type Harness struct {
	// Bubble plays every flow in a testing/synctest bubble: time-outs cost
	// nothing, order is judged exactly, and a goroutine left behind fails the
	// flow. The world's network must then be in memory.
	Bubble bool
	// Start makes a fresh server. It cleans up by t.Cleanup, after the sessions.
	Start func(t testing.TB) World
}

// World is a server that knows the users "alice", "bob" and "carol".
type World interface {
	// SignIn signs a device of a user in. The device's name stands for one
	// installation. The suite closes the session.
	SignIn(t testing.TB, user, device string) signaling.Session
	// Address is where a user is called.
	Address(user string) string
	// Break loses every connection to the server, and refuses new ones until
	// Heal.
	Break()
	Heal()
}

// SlowStarter is a World that can call a user without an offer.
type SlowStarter interface {
	// SlowInvite invites user, as if from the address from. The returned
	// function waits for the offer that the device answers with, and accepts it
	// with an SDP of the far end.
	SlowInvite(t testing.TB, from, user string) (accept func(answer string) (offer string))
}

var flows = []struct {
	name string
	play func(s *stage)
}{
	{"Addresses", addresses},
	{"Answered", answered},
	{"HangupByCallee", hangupByCallee},
	{"Reject", reject},
	{"Busy", busy},
	{"Cancel", cancel},
	{"AnsweredElsewhere", answeredElsewhere},
	{"DeclinedElsewhere", declinedElsewhere},
	{"UnknownUser", unknownUser},
	{"AbsentUser", absentUser},
	{"MidCall", midCall},
	{"HoldBothSides", holdBothSides},
	{"Glare", glare},
	{"SlowStart", slowStart},
	{"TransferDirect", transferDirect},
	{"TransferConsultative", transferConsultative},
	{"TransferDeclined", transferDeclined},
	{"TransferGlare", transferGlare},
	{"Forward", forward},
	{"EventsAfterInvite", eventsAfterInvite},
	{"ManyCalls", manyCalls},
	{"ReconnectKeepsCalls", reconnectKeepsCalls},
	{"AdoptedLegs", adoptedLegs},
	{"ContextEndsRequest", contextEndsRequest},
	{"CloseJoins", closeJoins},
}

// Run plays every flow as a subtest.
func Run(t *testing.T, h Harness) {
	for _, flow := range flows {
		t.Run(flow.name, func(t *testing.T) {
			if !h.Bubble {
				flow.play(newStage(t, h, 20*time.Second))
				return
			}
			synctest.Test(t, func(t *testing.T) {
				flow.play(newStage(t, h, 10*time.Minute))
			})
		})
	}
}
