package core_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tring/engine"
	"tring/engine/core"
	"tring/engine/switchboard"
)

// patience is how long a test waits for something that must happen; long, for
// machines that have much else to do.
const patience = time.Minute

// together is how many of the tests run at a time that mostly wait: for a
// server that is away, or slow.
const together = "8"

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", together); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// office is a switchboard with its users.
type office struct {
	t      testing.TB
	server *switchboard.Server
	store  switchboard.Store
	desk   *desk
	url    string
	stop   func()
}

func newOffice(t testing.TB, timers switchboard.Timers) *office {
	t.Helper()
	return newOfficeWith(t, switchboard.Config{Timers: timers})
}

func newOfficeWith(t testing.TB, config switchboard.Config) *office {
	t.Helper()
	store := switchboard.NewMemoryStore()
	config.Store = store
	server, err := switchboard.New(config)
	if err != nil {
		t.Fatal(err)
	}
	desk := &desk{next: server}
	web := httptest.NewServer(desk)
	stop := sync.OnceFunc(func() {
		_ = server.Close()
		web.Close()
	})
	t.Cleanup(stop)
	return &office{t: t, server: server, store: store, desk: desk, url: web.URL, stop: stop}
}

// inviteRaw calls as a client of no manners would: with any offer.
func (o *office) inviteRaw(from, to, offer string) {
	o.t.Helper()
	answer, err := http.PostForm(o.url+"/cpaas/auth/v1/token", url.Values{
		"client_id": {"tring"}, "username": {from + "@example.com"}, "password": {"secret-" + from}, "grant_type": {"password"}, "scope": {"openid"},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	defer answer.Body.Close()
	var token struct {
		Access string `json:"access_token"`
		ID     string `json:"id_token"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&token); err != nil {
		o.t.Fatal(err)
	}
	claims, err := base64.RawURLEncoding.DecodeString(strings.Split(token.ID, ".")[1])
	if err != nil {
		o.t.Fatal(err)
	}
	var user struct {
		ID string `json:"preferred_username"`
	}
	if err := json.Unmarshal(claims, &user); err != nil {
		o.t.Fatal(err)
	}
	post := func(path string, object map[string]any) {
		o.t.Helper()
		body, err := json.Marshal(object)
		if err != nil {
			o.t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(o.t.Context(), http.MethodPost, o.url+path, bytes.NewReader(body))
		if err != nil {
			o.t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token.Access)
		req.Header.Set("Content-Type", "application/json")
		reply, err := http.DefaultClient.Do(req)
		if err != nil {
			o.t.Fatal(err)
		}
		defer reply.Body.Close()
		if reply.StatusCode != http.StatusCreated {
			text, _ := io.ReadAll(reply.Body)
			o.t.Fatalf("POST %s: %s: %s", path, reply.Status, text)
		}
	}
	post("/cpaas/notificationchannel/v1/"+user.ID+"/channels", map[string]any{"notificationChannel": map[string]string{
		"channelType": "Websockets", "clientCorrelator": "rude", "x-connCheckRole": "client",
	}})
	post("/cpaas/webrtcsignaling/v1/"+user.ID+"/sessions", map[string]any{"wrtcsSession": map[string]any{
		"clientCorrelator": "rude", "tParticipantAddress": "sip:" + to + "@example.com", "offer": map[string]string{"sdp": offer},
	}})
}

func (o *office) addUser(name string) {
	o.t.Helper()
	err := o.server.AddUser(o.t.Context(), switchboard.User{ID: "u-" + name, Email: name + "@example.com", Name: strings.ToUpper(name[:1]) + name[1:]}, "secret-"+name)
	if err != nil {
		o.t.Fatal(err)
	}
}

// phone is a signed-in engine and what it told.
type phone struct {
	*core.Core
	t      testing.TB
	name   string
	mu     sync.Mutex
	events []engine.Event
	news   chan struct{}
	next   int // first event that await has not passed
}

// phone signs a user in, with built-in devices.
func (o *office) phone(name string) *phone {
	o.t.Helper()
	return o.phoneWith(name, engine.DeviceChoice{Camera: engine.DeviceTest, Microphone: engine.DeviceTest, Speaker: engine.DeviceNone})
}

func (o *office) phoneWith(name string, devices engine.DeviceChoice) *phone {
	o.t.Helper()
	p := newPhone(o.t, name, core.Config{Devices: devices})
	err := p.SignIn(engine.Account{Server: o.url, ClientID: "tring", User: name + "@example.com"}, engine.Secret{Password: "secret-" + name})
	if err != nil {
		o.t.Fatal(err)
	}
	p.await("subscription:change", func(ev engine.Event) bool {
		return ev.Name == engine.EventSubscriptionChange && len(ev.Subscribed) > 0
	})
	return p
}

// newPhone is an engine that is not signed in. It is closed with the test.
func newPhone(t testing.TB, name string, cfg core.Config, options ...core.Option) *phone {
	t.Helper()
	c := core.New(cfg, options...)
	p := &phone{Core: c, t: t, name: name, news: make(chan struct{}, 1)}
	events := c.Events(context.Background())
	var reading sync.WaitGroup
	reading.Go(func() {
		for ev := range events {
			p.mu.Lock()
			p.events = append(p.events, ev)
			p.mu.Unlock()
			select {
			case p.news <- struct{}{}:
			default:
			}
		}
	})
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("%s: Close: %v", name, err)
		}
		reading.Wait()
	})
	return p
}

// await passes events until one fits.
func (p *phone) await(what string, fits func(engine.Event) bool) engine.Event {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		p.mu.Lock()
		for p.next < len(p.events) {
			ev := p.events[p.next]
			p.next++
			if fits(ev) {
				p.mu.Unlock()
				return ev
			}
		}
		p.mu.Unlock()
		select {
		case <-p.news:
		case <-deadline:
			p.t.Fatalf("%s waits in vain for %s; events:\n%s", p.name, what, p.told())
		}
	}
}

func (p *phone) told() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	for _, ev := range p.events {
		fmt.Fprintf(&b, "  %s %s %s->%s hold %v/%v %s %s%s %v %v\n", ev.Name, ev.CallID, ev.Previous, ev.State, ev.LocalHold, ev.RemoteHold, ev.End.Reason, ev.Operation, ev.Phase, ev.MediaKind, ev.Problem)
	}
	return b.String()
}

func (p *phone) awaitState(s engine.CallState) engine.Event {
	p.t.Helper()
	return p.await("state "+s.String(), func(ev engine.Event) bool {
		return ev.Name == engine.EventCallStateChange && ev.State == s
	})
}

func (p *phone) awaitCall() engine.CallID {
	p.t.Helper()
	return p.await("call:receive", func(ev engine.Event) bool { return ev.Name == engine.EventCallReceive }).CallID
}

// awaitMedia waits for the first picture and the first sound, in any order.
func (p *phone) awaitMedia(kinds ...string) {
	p.t.Helper()
	missing := make(map[string]bool)
	for _, k := range kinds {
		missing[k] = true
	}
	p.await(fmt.Sprint("call:media ", kinds), func(ev engine.Event) bool {
		if ev.Name == engine.EventCallMedia {
			delete(missing, ev.MediaKind)
		}
		return len(missing) == 0
	})
}

func (p *phone) awaitOperation(name, phase string) {
	p.t.Helper()
	p.await(name+" "+phase, func(ev engine.Event) bool {
		return ev.Name == engine.EventCallOperation && ev.Operation == name && ev.Phase == phase
	})
}

// must fails the test on a refused request.
func (p *phone) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
}

// connect makes a call from a to b and waits until both have picture and
// sound, or sound alone.
func connect(a, b *phone, video bool) (engine.CallID, engine.CallID) {
	a.t.Helper()
	at, err := a.Call(b.name, engine.CallOptions{Video: video})
	a.must(err)
	bt := b.awaitCall()
	b.awaitState(engine.Ringing)
	a.awaitState(engine.Ringing)
	b.must(b.Accept(bt, video))
	a.awaitState(engine.Connected)
	b.awaitState(engine.Connected)
	kinds := []string{"audio"}
	if video {
		kinds = append(kinds, "video")
	}
	a.awaitMedia(kinds...)
	b.awaitMedia(kinds...)
	return at, bt
}

// waitFor polls what has no event.
func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waits in vain for %s", what)
		}
	}
}
