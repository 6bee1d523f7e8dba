package peer

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"unsafe"

	"github.com/pion/webrtc/v4"
)

// An ICE agent has one tie-breaker for all its streams (RFC 8445 section
// 16.1), and one role. Ours has a Pion agent for each transport, and each draws
// a tie-breaker of its own. When a browser on two transports restarts ICE it
// claims the controlling role for both, whatever role it had; where Pion claims
// it too, the larger tie-breaker wins. With one of ours above the browser's
// and one below, each transport turns the browser's one role the other way,
// and one of them never gets a path again.
//
// So all agents of a session share a tie-breaker, and it is a small one: a
// browser draws 64 random bits, ours has 32, and it is always we who yield, at
// once, without the error response 487 that Pion would not understand in turn.
// Two of ours still differ.

func newTieBreaker() uint64 { return uint64(rand.Uint32()) }

// setTieBreaker gives pc's ICE agent a tie-breaker. It must be called before
// the agent begins its checks, which is with the first description.
//
// Neither Pion's SettingEngine nor its agent has an option for it, so that the
// private field must do. If a later Pion has it no more, calls go on without:
// only the restart of a call on two transports is at risk then, and
// TestRestartsKeepOneTieBreaker says so.
func setTieBreaker(pc *webrtc.PeerConnection, value uint64) error {
	transport := pc.SCTP().Transport().ICETransport()
	if _, err := transport.GetLocalParameters(); err != nil { // makes the agent
		return err
	}
	agent, ok := follow(reflect.ValueOf(transport), "gatherer", "agent")
	if !ok {
		return errNoTieBreaker
	}
	field, ok := follow(agent, "tieBreaker")
	if !ok || field.Kind() != reflect.Uint64 {
		return errNoTieBreaker
	}
	*(*uint64)(unsafe.Pointer(field.UnsafeAddr())) = value
	return nil
}

var errNoTieBreaker = errors.New("pion/ice keeps its tie-breaker elsewhere")

// follow goes from a pointer to a struct through fields of those names.
func follow(v reflect.Value, names ...string) (reflect.Value, bool) {
	for _, name := range names {
		if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
			return reflect.Value{}, false
		}
		if v = v.Elem().FieldByName(name); !v.IsValid() {
			return reflect.Value{}, false
		}
	}
	return v, true
}
