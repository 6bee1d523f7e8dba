package kandy

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"tring/engine"
	"tring/engine/internal/kandyapi"
)

// keeper holds the tokens of one session. Only its own goroutine renews them,
// so that a refresh token that works once is never used twice.
type keeper struct {
	rest    *rest
	account engine.Account
	log     *slog.Logger
	timers  Timers

	onRefresh func(engine.Secret)   // a refresh token came
	onRefused func(*engine.Problem) // once: nothing we have is accepted any more

	asks chan ask

	mu       sync.Mutex
	access   string
	refresh  string
	password string
	due      time.Time       // renewal at half life; zero for never
	refused  *engine.Problem // set for good
}

// ask wants a token newer than stale.
type ask struct {
	stale string
	done  chan error // buffered
}

func newKeeper(r *rest, account engine.Account, secret engine.Secret, timers Timers) *keeper {
	return &keeper{
		rest: r, account: account, log: r.log, timers: timers,
		onRefresh: func(engine.Secret) {}, onRefused: func(*engine.Problem) {},
		asks:     make(chan ask),
		password: secret.Password, refresh: secret.RefreshToken,
	}
}

// token is the current access token.
func (k *keeper) token() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.access
}

// renew waits until the current token is another one than stale.
func (k *keeper) renew(ctx context.Context, stale string) error {
	a := ask{stale: stale, done: make(chan error, 1)}
	select {
	case k.asks <- a:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	select {
	case err := <-a.done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// run renews when half the token's life is over and when asked to, until ctx
// ends.
func (k *keeper) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	failures := 0
	var err error           // of the last attempt
	var notBefore time.Time // as the server asked with Retry-After
	for {
		timer.Reset(max(k.wait(failures), time.Until(notBefore)))
		var asked *ask
		select {
		case <-ctx.Done():
			return
		case a := <-k.asks:
			asked = &a
		case <-timer.C:
		}
		switch {
		case asked != nil && asked.stale != k.token():
			asked.done <- nil
			continue
		case asked != nil && time.Now().Before(notBefore):
			asked.done <- err
			continue
		}
		if _, err = k.fetch(ctx); err == nil {
			failures = 0
		} else if failures++; ctx.Err() == nil {
			k.log.Warn("tokens were not renewed", "err", err)
			notBefore = time.Now().Add(askedDelay(err))
		}
		if asked != nil {
			asked.done <- err
		}
	}
}

// wait is the time to the next renewal by itself.
func (k *keeper) wait(failures int) time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	const never = 365 * 24 * time.Hour
	switch {
	case k.refused != nil, k.due.IsZero():
		return never
	case failures > 0:
		return max(backoff(k.timers, failures), time.Second)
	}
	return max(time.Until(k.due), time.Second)
}

// fetch gets new tokens: by the refresh token, and by the password if there is
// no refresh token or it is refused. Errors are *engine.Problem.
func (k *keeper) fetch(ctx context.Context) (kandyapi.Token, error) {
	k.mu.Lock()
	refresh, password, refused := k.refresh, k.password, k.refused
	k.mu.Unlock()
	if refused != nil {
		return kandyapi.Token{}, refused
	}
	if refresh != "" {
		token, err := k.request(ctx, url.Values{"grant_type": {kandyapi.GrantRefreshToken}, "refresh_token": {refresh}})
		if err == nil || !definite(err) {
			return token, k.problem(err, false)
		}
		k.log.Info("the refresh token was refused")
		k.mu.Lock()
		k.refresh = ""
		k.mu.Unlock()
		if password == "" {
			return token, k.giveUp(k.problem(err, true))
		}
	}
	if password == "" {
		return kandyapi.Token{}, k.giveUp(&engine.Problem{
			Cause: fmt.Sprintf("There is no password for %s.", k.account.User), Next: "Enter it to sign in.", Err: engine.ErrSignInExpired,
		})
	}
	token, err := k.request(ctx, url.Values{
		"grant_type": {kandyapi.GrantPassword}, "username": {k.account.User}, "password": {password},
	})
	if err != nil && definite(err) {
		return token, k.giveUp(k.problem(err, false))
	}
	return token, k.problem(err, false)
}

// giveUp remembers that only a new sign-in helps.
func (k *keeper) giveUp(why error) error {
	var p *engine.Problem
	errors.As(why, &p)
	k.mu.Lock()
	k.refused = p
	k.mu.Unlock()
	k.onRefused(p)
	return p
}

func (k *keeper) request(ctx context.Context, form url.Values) (kandyapi.Token, error) {
	form.Set("client_id", k.account.ClientID)
	form.Set("scope", "openid")
	var token kandyapi.Token
	err := k.rest.do(ctx, request{method: http.MethodPost, path: kandyapi.TokenPath, form: form}, &token)
	if err == nil && (token.AccessToken == "" || len(token.AccessToken) > maxIDToken || len(token.RefreshToken) > maxIDToken) {
		err = &answerError{err: errors.New("no usable access token")}
	}
	if err != nil {
		return kandyapi.Token{}, k.scrub(err, form)
	}
	k.keep(token)
	return token, nil
}

// keep takes over new tokens.
func (k *keeper) keep(token kandyapi.Token) {
	k.mu.Lock()
	k.access = token.AccessToken
	if token.RefreshToken != "" {
		k.refresh = token.RefreshToken
	}
	k.due = time.Time{}
	if s := min(token.ExpiresIn, 30*24*3600); s > 0 {
		k.due = time.Now().Add(time.Duration(s) * time.Second / 2)
	}
	k.mu.Unlock()
	if token.RefreshToken != "" {
		k.onRefresh(engine.Secret{RefreshToken: token.RefreshToken})
	}
}

// scrub drops the server's words if they repeat one of our secrets.
func (k *keeper) scrub(err error, form url.Values) error {
	var se *statusError
	if !errors.As(err, &se) {
		return err
	}
	for _, name := range []string{"password", "refresh_token"} {
		if v := form.Get(name); v != "" && strings.Contains(se.text+se.code, clip(v, 40)) {
			se.text, se.code = "", ""
		}
	}
	return err
}

// definite reports whether the server refused the credentials, rather than
// being unable to look at them (RFC 6749 §5.2).
func definite(err error) bool {
	var se *statusError
	if !errors.As(err, &se) || se.plainOnTLS {
		return false
	}
	switch se.status {
	case http.StatusUnauthorized:
		return !se.html
	case http.StatusBadRequest, http.StatusForbidden:
		return se.code != "" && se.code != "temporarily_unavailable" && se.code != "server_error"
	}
	return false
}

// problem says why no tokens came; nil for nil.
func (k *keeper) problem(err error, refreshing bool) error {
	if err == nil {
		return nil
	}
	var se *statusError
	if !errors.As(err, &se) || !definite(err) {
		return k.rest.problem(err)
	}
	host, words := k.rest.end.name(), ""
	if se.text != "" {
		words = fmt.Sprintf(" (“%s”)", se.text)
	}
	switch {
	case se.code == "invalid_client" || se.code == "unauthorized_client":
		return say(err, engine.ErrWrongClient,
			fmt.Sprintf("%s does not know the client id “%s”%s.", host, clip(k.account.ClientID, 60), words), "Check the client id in the account's settings.")
	case refreshing:
		return say(err, engine.ErrSignInExpired,
			fmt.Sprintf("The sign-in of %s has expired%s.", k.account.User, words), "Sign in with the password.")
	case se.code == "invalid_grant" || se.status == http.StatusUnauthorized:
		return say(err, engine.ErrWrongPassword,
			fmt.Sprintf("The user name or password for %s is wrong%s.", k.account.User, words), "Check both and sign in again.")
	}
	return say(err, engine.ErrWrongPassword,
		fmt.Sprintf("%s refused the sign-in of %s%s.", host, k.account.User, words), "Check the account and sign in again.")
}
