package kandy

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tring/engine"
	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

func TestExpiredTokenKeepsChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		f.expire()
		f.net.Reset()
		untilRegistered(t, s)
		if f.count("POST", kandyapi.ChannelsPath(testUser)) != 1 {
			t.Error("the channel was thrown away for an expired token")
		}
		f.expire()
		alive(t, f, s) // REST with a refused token: renewed and repeated
		if n := f.count("POST", kandyapi.TokenPath); n != 3 {
			t.Errorf("%d token requests", n)
		}
	})
}

func TestRefreshAtHalfLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		f.expires = 700
		s := f.signIn(t)
		next[signaling.CredentialChanged](t, s)
		time.Sleep(349 * time.Second)
		if n := f.count("POST", kandyapi.TokenPath); n != 1 {
			t.Errorf("%d token requests before half life", n)
		}
		if c := next[signaling.CredentialChanged](t, s); c.Secret.RefreshToken != "refresh-2" {
			t.Errorf("credential %q", c.Secret.RefreshToken)
		}
		last := f.requests()
		if body := last[len(last)-1].body; !strings.Contains(body, "refresh_token=refresh-1") {
			t.Errorf("renewed by %s", body)
		}
		time.Sleep(30 * time.Minute)
		if n := f.count("PUT", kandyapi.ChannelsPath(testUser)+"/ws-1/channelLifetime"); n != 1 {
			t.Errorf("channel prolonged %d times in 35 minutes", n)
		}
		next[signaling.CredentialChanged](t, s)
		alive(t, f, s)
	})
}

func TestSignInRequired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		f.set(func() {
			f.noGrant[kandyapi.GrantRefreshToken], f.noGrant[kandyapi.GrantPassword] = true, true
		})
		f.expire()
		if err := s.Ringing(t.Context(), "s-1"); !errors.Is(err, engine.ErrWrongPassword) {
			t.Errorf("Ringing: %v", err)
		}
		e := next[signaling.RegistrationChanged](t, s)
		if e.State != engine.SignInRequired || !errors.Is(e.Problem, engine.ErrWrongPassword) {
			t.Errorf("%+v", e)
		}
		n := f.count("POST", kandyapi.TokenPath)
		f.net.Reset()
		time.Sleep(24 * time.Hour)
		if m := f.count("POST", kandyapi.TokenPath); m != n {
			t.Errorf("%d more attempts with refused credentials", m-n)
		}
	})
}

func TestTooManyRequestsAreObeyed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		s := f.signIn(t)
		f.expire()
		f.on("POST "+kandyapi.TokenPath, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "120")
			reply(w, 429, `{"error":"slow_down"}`)
		})
		for range 5 {
			if err := s.Ringing(t.Context(), "s-1"); !errors.Is(err, engine.ErrServerFailed) {
				t.Errorf("Ringing: %v", err)
			}
		}
		if n := f.count("POST", kandyapi.TokenPath); n != 2 {
			t.Errorf("%d token requests", n)
		}
		f.off("POST " + kandyapi.TokenPath)
		time.Sleep(121 * time.Second)
		alive(t, f, s)
	})
}

func TestNoSecretInLogsOrErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeServer(t)
		var log bytes.Buffer
		cfg := f.config()
		cfg.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		s := f.signInWith(t, cfg, engine.Secret{Password: testPassword, RefreshToken: "refresh-0"})
		f.net.Cut()
		var texts []string
		for range 6 {
			e := next[signaling.RegistrationChanged](t, s)
			for err := error(e.Problem); err != nil; err = errors.Unwrap(err) {
				texts = append(texts, err.Error())
			}
		}
		f.net.Heal()
		untilRegistered(t, s)
		f.expire()
		f.on("POST "+kandyapi.TokenPath, func(w http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm()
			reply(w, 401, `{"error":"invalid_grant","error_description":"bad `+r.Form.Get("password")+r.Form.Get("refresh_token")+`"}`)
		})
		err := s.Ringing(t.Context(), "s-1")
		for ; err != nil; err = errors.Unwrap(err) {
			texts = append(texts, err.Error())
		}
		s.Close(context.Background())
		all := log.String() + strings.Join(texts, "\n")
		for _, secret := range []string{testPassword, "access-1", "refresh-0", "refresh-1", "access_token="} {
			if strings.Contains(all, secret) {
				t.Errorf("%q found in logs or errors:\n%s", secret, all)
			}
		}
	})
}
