package switchboard

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"tring/engine/internal/kandyapi"
)

// fakeContact answers with what it was offered.
type fakeContact struct {
	done chan struct{}

	mu     sync.Mutex
	block  bool // until the caller gives up
	fail   error
	closed int
}

func (f *fakeContact) behave(block bool, fail error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.block, f.fail = block, fail
}

func (f *fakeContact) wasClosed() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed
}

func (f *fakeContact) Answer(ctx context.Context, offer string) (string, ContactDialog, error) {
	f.mu.Lock()
	block, fail := f.block, f.fail
	f.mu.Unlock()
	if block {
		<-ctx.Done()
		return "", nil, ctx.Err()
	}
	return "answer to " + offer, f, fail
}

func (f *fakeContact) Update(_ context.Context, offer string) (string, error) {
	if offer == "bad" {
		return "", errors.New("refused")
	}
	return "answer to " + offer, nil
}

func (f *fakeContact) Done() <-chan struct{} { return f.done }

func (f *fakeContact) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed++
	return nil
}

func inContactWorld(t *testing.T, test func(t *testing.T, w *world, contact *fakeContact)) {
	t.Helper()
	var contact *fakeContact
	inWorld(t, func(c *Config) {
		contact = &fakeContact{done: make(chan struct{})}
		c.Contacts = map[string]Contact{"echo": contact}
	}, func(t *testing.T, w *world) { test(t, w, contact) })
}

func TestContact(t *testing.T) {
	inContactWorld(t, func(t *testing.T, w *world, contact *fakeContact) {
		alice := w.phone("alice@example.com", "a")
		a := alice.call("echo", "offer")
		alice.accepted(a, "answer to offer")
		wantCode(t, alice.update(a, "hold"), http.StatusNoContent)
		alice.answered(a, "answer to hold")
		wantCode(t, alice.update(a, ""), http.StatusConflict)
		wantCode(t, alice.transfer(a, "bob", ""), http.StatusForbidden)
		wantCode(t, alice.hangUp(a), http.StatusNoContent)
		synctest.Wait()
		if n := contact.wasClosed(); n != 1 {
			t.Errorf("closed %d times", n)
		}
		a = alice.call("echo", "")
		alice.event(a, ended, kandyapi.ReasonUnavailable, 480) // it makes no offers
	})
}

func TestContactEnds(t *testing.T) {
	inContactWorld(t, func(t *testing.T, w *world, contact *fakeContact) {
		alice := w.phone("alice@example.com", "a")
		a := alice.call("echo", "offer")
		alice.accepted(a, "answer to offer")
		alice.update(a, "bad")
		alice.event(a, ended, kandyapi.ReasonLost, 408)
		a = alice.call("echo", "offer")
		alice.accepted(a, "answer to offer")
		close(contact.done)
		alice.event(a, ended, kandyapi.ReasonHungUp, 200)
		contact.behave(false, errors.New("full"))
		a = alice.call("echo", "offer")
		alice.event(a, ended, kandyapi.ReasonUnavailable, 480)
		contact.behave(true, nil)
		a = alice.call("echo", "offer")
		wantCode(t, alice.hangUp(a), http.StatusNoContent)
		alice.quiet()
	})
}

func TestTransferToContact(t *testing.T) {
	for _, consultative := range []bool{false, true} {
		inContactWorld(t, func(t *testing.T, w *world, contact *fakeContact) {
			alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
			a, b := w.talk(alice, bob)
			if consultative {
				second := alice.call("echo", "x")
				alice.accepted(second, "answer to x")
				wantCode(t, alice.transfer(a, "", sessionID(second)), http.StatusNoContent)
				alice.event(second, ended, kandyapi.ReasonTransferred, 200)
			} else {
				wantCode(t, alice.transfer(a, "echo", ""), http.StatusNoContent)
			}
			bob.offered(b, "")
			bob.answer(b, "bob's offer")
			bob.answered(b, "answer to bob's offer")
			alice.event(a, ended, kandyapi.ReasonTransferred, 200)
		})
	}
}

func TestContactAfterRestart(t *testing.T) {
	inContactWorld(t, func(t *testing.T, w *world, contact *fakeContact) {
		alice := w.phone("alice@example.com", "a")
		a := alice.call("echo", "offer")
		alice.accepted(a, "answer to offer")
		w.restart(nil)
		alice.openSocket()
		alice.event(a, ended, kandyapi.ReasonLost, 408)
		if n := contact.wasClosed(); n != 1 {
			t.Errorf("closed %d times", n)
		}
	})
}
