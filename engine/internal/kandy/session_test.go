package kandy

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"tring/engine"
	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

func TestSignInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		synctest.Wait()
		var got []string
		for _, r := range f.requests() {
			path, _, _ := strings.Cut(r.path, "?")
			got = append(got, r.method+" "+path)
			if r.header.Get(earlyHeader) != "1" || r.header.Get("User-Agent") != "tring" {
				t.Errorf("%s %s without our headers: %v", r.method, path, r.header)
			}
		}
		want := []string{
			"POST /cpaas/auth/v1/token",
			"POST /cpaas/notificationchannel/v1/u-12/channels",
			"GET /cpaas/notificationchannel/v1/u-12/channels/ws-1/websocket",
			"POST /cpaas/webrtcsignaling/v1/u-12/subscriptions",
			"POST /cpaas/webrtcsignaling/v1/u-12/turn",
		}
		if !slices.Equal(got, want) {
			t.Errorf("requests\n%v\nwant\n%v", got, want)
		}
		if frame := <-f.inbox; frame != `{"connCheck":{"interval":30}}` {
			t.Errorf("first frame %s", frame)
		}
		if id := s.Identity(); id != (signaling.Identity{Address: "alice@example.com", Name: "Alice A."}) {
			t.Errorf("identity %+v", id)
		}
		if c := next[signaling.CredentialChanged](t, s); c.Secret.RefreshToken != "refresh-1" || c.Account.User != "alice@example.com" {
			t.Errorf("credential %+v", c.Account)
		}
	})
}

func TestRefreshTokenFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		f.signInWith(t, f.config(), engine.Secret{RefreshToken: "old+token", Password: testPassword})
		if body := f.requests()[0].body; !strings.Contains(body, "grant_type=refresh_token") || !strings.Contains(body, "old%2Btoken") {
			t.Errorf("first grant: %s", body)
		}
		if n := f.count("POST", kandyapi.TokenPath); n != 1 {
			t.Errorf("%d token requests", n)
		}
	})
}

func TestRefusedRefreshFallsBackToPassword(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		f.noGrant[kandyapi.GrantRefreshToken] = true
		f.signInWith(t, f.config(), engine.Secret{RefreshToken: "stale", Password: testPassword})
		_, err := New(f.config()).SignIn(t.Context(), f.account(), engine.Secret{RefreshToken: "stale"})
		if !errors.Is(err, engine.ErrSignInExpired) {
			t.Errorf("without a password: %v", err)
		}
	})
}

func TestCloseUnsubscribesAndEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		stuck := make(chan struct{})
		f.on("POST "+kandyapi.SessionsPath(testUser), func(http.ResponseWriter, *http.Request) { <-stuck })
		failed := make(chan error)
		go func() {
			_, err := s.Invite(context.Background(), "bob@example.com", "", "v=0")
			failed <- err
		}()
		synctest.Wait()
		go func() {
			s.Close(context.Background())
			s.Close(context.Background())
			failed <- nil
		}()
		if err := <-failed; !errors.Is(err, engine.ErrClosed) {
			t.Errorf("Invite at Close: %v", err)
		}
		<-failed
		close(stuck)
		for e := range s.Events() {
			if _, ok := e.(signaling.CredentialChanged); !ok {
				t.Errorf("event %#v", e)
			}
		}
		base := "/cpaas/webrtcsignaling/v1/u-12"
		if f.count("DELETE", base+"/subscriptions/sub-1") != 1 || f.count("DELETE", kandyapi.ChannelsPath(testUser)+"/ws-1") != 1 {
			t.Errorf("requests %v", f.requests())
		}
		if _, err := s.Invite(t.Context(), "bob@example.com", "", "v=0"); !errors.Is(err, engine.ErrClosed) {
			t.Errorf("Invite after Close: %v", err)
		}
		if err := s.Ringing(t.Context(), "x"); !errors.Is(err, engine.ErrClosed) {
			t.Errorf("Ringing after Close: %v", err)
		}
	})
}

func TestCloseWithDeadServerEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		f.net.Stall()
		ctx, cancel := context.WithTimeout(t.Context(), 2e9)
		defer cancel()
		s.Close(ctx)
		f.net.Heal()
	})
}
