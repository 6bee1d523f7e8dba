package core_test

import (
	"context"
	"net"
	"sync"
	"testing"

	"tring/engine"
	"tring/engine/switchboard"
)

// branch is an office whose switchboard keeps its state in files and can be
// restarted at the same address.
type branch struct {
	*office
	dir, address string
}

func newBranch(t *testing.T) *branch {
	t.Helper()
	b := &branch{office: &office{t: t}, dir: t.TempDir(), address: "127.0.0.1:0"}
	b.open()
	t.Cleanup(func() { b.stop() })
	return b
}

// open starts the switchboard; stop ends it.
func (b *branch) open() {
	b.t.Helper()
	store, err := switchboard.OpenFileStore(b.dir)
	if err != nil {
		b.t.Fatal(err)
	}
	server, err := switchboard.New(switchboard.Config{Store: store})
	if err != nil {
		b.t.Fatal(err)
	}
	listener, err := net.Listen("tcp", b.address)
	if err != nil {
		b.t.Fatal(err)
	}
	b.server, b.address, b.url = server, listener.Addr().String(), "http://"+listener.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	var served sync.WaitGroup
	served.Go(func() { _ = server.Serve(ctx, listener, nil) })
	b.stop = sync.OnceFunc(func() {
		cancel()
		served.Wait()
		_ = server.Close()
		_ = store.Close()
	})
}

// TestRestartInMidCall: the switchboard is restarted during a call. The media
// go on, both sides come back by themselves, the call can still be changed,
// and at its end both agree.
func TestRestartInMidCall(t *testing.T) {
	o := newBranch(t)
	o.addUser("alice")
	o.addUser("bob")
	a, b := o.phone("alice"), o.phone("bob")
	at, bt := connect(a, b, true)
	o.stop()
	for _, p := range []*phone{a, b} {
		waitFor(t, p.name+" to notice", func() bool { return p.Snapshot().Registration.State == engine.Reconnecting })
	}
	before, err := b.Stats(t.Context(), bt)
	b.must(err)
	o.open()
	for _, p := range []*phone{a, b} {
		waitFor(t, p.name+" to come back", func() bool { return p.Snapshot().Registration.State == engine.Registered })
	}
	after, err := b.Stats(t.Context(), bt)
	b.must(err)
	if after.Video.Inbound.FramesDecoded <= before.Video.Inbound.FramesDecoded {
		t.Error("the picture stood still while the switchboard was away")
	}
	a.must(a.Hold(at))
	if ev := b.awaitState(engine.OnHold); !ev.RemoteHold {
		t.Errorf("bob after alice's hold: %+v", ev)
	}
	b.must(b.Hangup(bt))
	if ev := a.awaitState(engine.Ended); ev.End.Reason != engine.ReasonHungUpThere {
		t.Errorf("alice's end: %v", ev.End)
	}
}

// TestEndedWhileAway: one side hangs up while the switchboard is away. The
// other learns of it afterwards.
func TestEndedWhileAway(t *testing.T) {
	o := newBranch(t)
	o.addUser("alice")
	o.addUser("bob")
	a, b := o.phone("alice"), o.phone("bob")
	at, _ := connect(a, b, false)
	o.stop()
	waitFor(t, "alice to notice", func() bool { return a.Snapshot().Registration.State == engine.Reconnecting })
	a.must(a.Hangup(at))
	a.awaitState(engine.Ended)
	o.open()
	b.awaitState(engine.Ended)
}
