package switchboard

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"tring/engine/internal/kandyapi"
)

func TestChannel(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice := w.phone("alice@example.com", "desk")
		c := alice.channel
		if c.ChannelType != "websockets" || c.ChannelLifetime != 3600 || c.ClientCorrelator != "desk" ||
			!strings.HasPrefix(c.CallbackURL, "ws-") || c.ConnCheckRole != "client" ||
			c.ResourceURL != kandyapi.ChannelsPath(alice.user)+"/"+c.CallbackURL {
			t.Errorf("channel %+v", c)
		}
		for _, path := range []string{c.ResourceURL, c.ResourceURL + "/channelLifetime"} {
			var body kandyapi.ChannelLifetimeBody
			alice.want(http.StatusOK, "PUT", path, kandyapi.ChannelLifetimeBody{Lifetime: &kandyapi.ChannelLifetime{ChannelLifetime: 7200}}, &body)
			if body.Lifetime.ChannelLifetime != 7200 {
				t.Errorf("lifetime %+v", body.Lifetime)
			}
		}
		var list struct {
			List struct {
				Channels []kandyapi.Channel `json:"notificationChannel"`
			} `json:"notificationChannelList"`
		}
		alice.want(http.StatusOK, "GET", kandyapi.ChannelsPath(alice.user), nil, &list)
		if len(list.List.Channels) != 1 || list.List.Channels[0].ResourceURL != c.ResourceURL {
			t.Errorf("list %+v", list)
		}
		var shown kandyapi.ChannelBody
		alice.want(http.StatusOK, "GET", c.ResourceURL, nil, &shown)
		alice.want(http.StatusNoContent, "DELETE", c.ResourceURL, nil, nil)
		if code := <-alice.ended; code != websocket.StatusNormalClosure {
			t.Errorf("closed with %d", code)
		}
		alice.want(http.StatusNotFound, "GET", c.ResourceURL, nil, nil)
		if _, response, err := alice.dial(); err == nil || response.StatusCode != http.StatusNotFound {
			t.Errorf("websocket of a deleted channel: %v", err)
		}
	})
}

func TestSubscription(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		first := alice.subscribe()
		second := alice.subscribe() // replaces
		wantCode(t, alice.request("GET", first, nil, nil), http.StatusNotFound)
		wantCode(t, alice.request("GET", second, nil, nil), http.StatusOK)
		var list struct {
			List struct {
				Subscriptions []kandyapi.Subscription `json:"wrtcsNotificationSubscription"`
			} `json:"wrtcsNotificationSubscriptionList"`
		}
		alice.want(http.StatusOK, "GET", kandyapi.SubscriptionsPath(alice.user)+"?clientCorrelator=a", nil, &list)
		if len(list.List.Subscriptions) != 1 {
			t.Errorf("list %+v", list)
		}
		bad := kandyapi.SubscriptionBody{Subscription: &kandyapi.Subscription{
			CallbackReference: &kandyapi.CallbackReference{NotifyURL: bob.channel.CallbackURL},
		}}
		wantCode(t, alice.request("POST", kandyapi.SubscriptionsPath(alice.user), bad, nil), http.StatusBadRequest)
		wantCode(t, alice.request("DELETE", second, nil, nil), http.StatusNoContent)
		wantCode(t, alice.request("DELETE", second, nil, nil), http.StatusNotFound)
	})
}

func TestKeepAlive(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice := w.phone("alice@example.com", "a")
		for range 3 {
			if err := alice.conn.Write(context.Background(), websocket.MessageText, []byte(`{"connCheck":{"interval":30}}`)); err != nil {
				t.Fatal(err)
			}
			if m := alice.next(); m.ConnAck == nil {
				t.Fatalf("%+v", m)
			}
		}
		for _, junk := range []string{"", "null", "[]", `{"x":1}`, "\xff"} { // ignored
			alice.conn.Write(context.Background(), websocket.MessageText, []byte(junk))
		}
		alice.quiet()
		time.Sleep(3 * time.Hour) // an open socket keeps its channel
		wantCode(t, alice.request("GET", alice.channel.ResourceURL, nil, nil), http.StatusOK)
		alice.conn.Write(context.Background(), websocket.MessageText, make([]byte, maxSocketRead+1))
		if code := <-alice.ended; code != websocket.StatusMessageTooBig {
			t.Errorf("closed with %d", code)
		}
	})
}

func TestServerChecks(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		bob := &phone{world: w, email: "bob@example.com", correlator: "b", in: make(chan kandyapi.Message, 100)}
		bob.getToken()
		bob.openChannel(kandyapi.RoleServer)
		bob.openSocket()
		for i := range 4 {
			start := time.Now()
			m := bob.next()
			if m.ConnCheck == nil || m.ConnCheck.Interval != 30 {
				t.Fatalf("%+v", m)
			}
			if waited := time.Since(start); i > 0 && waited != 30*time.Second {
				t.Errorf("check after %v", waited)
			}
			bob.conn.Write(context.Background(), websocket.MessageText, []byte(`{"connAck":{}}`))
		}
	})
}

// TestQueue loses the socket and finds every notification on the next, those
// that went into the dead one included.
func TestQueue(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		bob.drop()
		a := alice.call("bob", "offer")
		alice.hangUp(a)
		time.Sleep(time.Minute)
		bob.openSocket()
		b := bob.invited("offer")
		bob.event(b, cancelled, kandyapi.ReasonCallerCancelled, 487)
		synctest.Wait()
		if n := len(w.server.channels[bob.channel.CallbackURL].queue); n != 0 {
			t.Errorf("%d notifications are still unconfirmed", n)
		}
	})
}

// TestUnconfirmed has the socket fail between writing and the pong.
func TestUnconfirmed(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		bob.drop()
		deaf, _, err := bob.dial() // reads once, so never answers a ping
		if err != nil {
			t.Fatal(err)
		}
		a := alice.call("bob", "offer")
		if _, _, err := deaf.Read(context.Background()); err != nil {
			t.Fatal(err)
		}
		deaf.CloseNow()
		synctest.Wait()
		bob.openSocket()
		b := bob.invited("offer")
		bob.answer(b, "answer")
		alice.accepted(a, "answer")
	})
}

func TestReopenReplaces(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		old := bob.ended
		bob.openSocket()
		if code := <-old; code != closeReplaced {
			t.Errorf("old socket closed with %d", code)
		}
		w.talk(alice, bob)
	})
}

// TestNewChannelKeepsCalls is a client that lost its channel and comes back
// with another for the same device.
func TestNewChannelKeepsCalls(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		a, b := w.talk(alice, bob)
		old := bob.ended
		bob.openChannel(kandyapi.RoleClient)
		if code := <-old; code != closeGone {
			t.Errorf("old socket closed with %d", code)
		}
		alice.update(a, "hold")
		bob.openSocket()
		bob.subscribe()
		bob.offered(b, "hold")
		bob.answer(b, "held")
		alice.answered(a, "held")
	})
}

func TestChannelExpires(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob, bob2 := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b"), w.phone("bob@example.com", "b2")
		bob.drop()
		time.Sleep(110 * time.Second)
		a := alice.call("bob", "offer") // still rung: it may come back
		b2 := bob2.invited("offer")
		bob2.hangUp(b2 + "?reason=busy")
		time.Sleep(20 * time.Second)
		alice.event(a, ended, kandyapi.ReasonUnavailable, 480) // its last device is gone
		if _, response, err := bob.dial(); err == nil || response.StatusCode != http.StatusNotFound {
			t.Errorf("expired channel: %v", err)
		}
		w.talk(alice, bob2)
	})
}

func TestCallerVanishes(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		alice.call("bob", "offer")
		b := bob.invited("offer")
		alice.want(http.StatusNoContent, "DELETE", alice.channel.ResourceURL, nil, nil)
		bob.event(b, cancelled, kandyapi.ReasonCallerCancelled, 487)
	})
}

func TestQueueIsBounded(t *testing.T) {
	d := &device{}
	dropped := 0
	for range 3 * maxQueue {
		if d.push(make([]byte, 1000)) {
			dropped++
		}
	}
	if len(d.queue) != maxQueue || d.bytes != maxQueue*1000 || dropped != 2*maxQueue {
		t.Errorf("%d queued, %d bytes, %d dropped", len(d.queue), d.bytes, dropped)
	}
	for range 20 {
		d.push(make([]byte, maxSDP))
	}
	if d.bytes > maxQueueBytes {
		t.Errorf("%d bytes", d.bytes)
	}
	d.confirm(d.seq)
	if d.bytes != 0 || d.queue != nil {
		t.Errorf("%d bytes after all were confirmed", d.bytes)
	}
}

func TestLimits(t *testing.T) {
	inWorld(t, nil, func(t *testing.T, w *world) {
		alice, bob := w.phone("alice@example.com", "a"), w.phone("bob@example.com", "b")
		sessions := kandyapi.SessionsPath(alice.user)
		wantCode(t, alice.request("POST", sessions, alice.invite("bob", strings.Repeat("\r\n", maxSDP/2)), nil), http.StatusCreated)
		wantCode(t, alice.request("POST", sessions, alice.invite("bob", strings.Repeat("x", maxSDP+1)), nil), http.StatusRequestEntityTooLarge)
		wantCode(t, alice.request("POST", sessions, alice.invite("bob", strings.Repeat("x", 2*maxBody)), nil), http.StatusRequestEntityTooLarge)
		wantCode(t, alice.request("POST", kandyapi.TurnPath(alice.user), strings.Repeat(" ", maxSmallBody+1), nil), http.StatusRequestEntityTooLarge)
		_ = bob
		for range maxLegs - 1 {
			alice.call("bob", "offer")
		}
		wantCode(t, alice.request("POST", sessions, alice.invite("bob", "offer"), nil), http.StatusForbidden)
		alice.correlator = "unknown"
		wantCode(t, alice.request("POST", sessions, alice.invite("bob", "offer"), nil), http.StatusBadRequest)
		carol := &phone{world: w, email: "carol@example.com", in: make(chan kandyapi.Message, 100)}
		carol.getToken()
		for i := range maxDevices {
			carol.correlator = strings.Repeat("c", i+1)
			carol.openChannel(kandyapi.RoleClient)
		}
		for _, correlator := range []string{"one more", "", strings.Repeat("x", maxCorrelator+1)} {
			body := kandyapi.ChannelBody{NotificationChannel: &kandyapi.Channel{ClientCorrelator: correlator}}
			if code := carol.request("POST", kandyapi.ChannelsPath(carol.user), body, nil); code != http.StatusForbidden && code != http.StatusBadRequest {
				t.Errorf("correlator %.20q: %d", correlator, code)
			}
		}
	})
}
