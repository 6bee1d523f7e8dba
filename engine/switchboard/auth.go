package switchboard

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"tring/engine/internal/kandyapi"
)

// token is POST /cpaas/auth/v1/token. Its refusals have the form of RFC 6749
// §5.2, other than those of all other paths.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST, OPTIONS")
		refuseToken(w, http.StatusMethodNotAllowed, "invalid_request", "Use POST")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxSmallBody)
	if err := r.ParseForm(); err != nil {
		status := http.StatusBadRequest
		if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
			status = http.StatusRequestEntityTooLarge
		}
		refuseToken(w, status, "invalid_request", "The body is not a form")
		return
	}
	if r.PostForm.Get("client_id") != s.config.ClientID {
		refuseToken(w, http.StatusUnauthorized, "invalid_client", "Unknown client_id")
		return
	}
	switch grant := r.PostForm.Get("grant_type"); grant {
	case kandyapi.GrantPassword:
		s.passwordGrant(w, r)
	case kandyapi.GrantRefreshToken:
		s.refreshGrant(w, r)
	default:
		refuseToken(w, http.StatusBadRequest, "unsupported_grant_type", "Use password or refresh_token")
	}
}

func (s *Server) passwordGrant(w http.ResponseWriter, r *http.Request) {
	username, password := r.PostForm.Get("username"), r.PostForm.Get("password")
	if username == "" || password == "" || len(username) > maxEmail || len(password) > maxPassword {
		refuseToken(w, http.StatusBadRequest, "invalid_request", "username and password are needed")
		return
	}
	account := strings.ToLower(strings.TrimSpace(username))
	wait, refund := s.logins.attempt(account, clientAddr(r), time.Now())
	if wait > 0 {
		s.log.Warn("log-in refused: too many failures", "user", account, "from", clientAddr(r))
		w.Header().Set("Retry-After", retrySeconds(wait))
		refuseToken(w, http.StatusTooManyRequests, "temporarily_unavailable", "Too many failed log-ins; wait and try again")
		return
	}
	// An unknown user is checked as well, so that the time taken does not tell
	// who exists.
	user, err := findUser(r.Context(), s.config.Store, account)
	if err != nil && !errors.Is(err, ErrNotFound) {
		s.log.Error("log-in: user cannot be read", "err", err)
		refund()
		refuseToken(w, http.StatusInternalServerError, "server_error", "The server failed; see its log")
		return
	}
	ok, err := s.passwords.check(r.Context(), password, user.Password)
	switch {
	case errors.Is(err, errBadHash):
		s.log.Error("log-in: stored password hash is damaged", "user", account)
	case err != nil:
		refund()
		w.Header().Set("Retry-After", "1")
		refuseToken(w, http.StatusServiceUnavailable, "temporarily_unavailable", "Too many log-ins at once; try again")
		return
	}
	if !ok {
		s.log.Info("log-in refused: wrong password", "user", account, "from", clientAddr(r))
		refuseToken(w, http.StatusUnauthorized, "invalid_grant", "Invalid user credentials")
		return
	}
	refund()
	s.answerToken(w, r, user)
}

func (s *Server) refreshGrant(w http.ResponseWriter, r *http.Request) {
	c, err := s.keys.verify(r.PostForm.Get("refresh_token"), useRefresh)
	if err == nil {
		var user userRecord
		if user, err = s.tokenUser(r, c); err == nil {
			s.answerToken(w, r, user)
			return
		}
	}
	if !errors.Is(err, errBadToken) {
		s.log.Error("refresh: user cannot be read", "err", err)
		refuseToken(w, http.StatusInternalServerError, "server_error", "The server failed; see its log")
		return
	}
	refuseToken(w, http.StatusUnauthorized, "invalid_grant", "The refresh token is expired or not valid")
}

func (s *Server) answerToken(w http.ResponseWriter, r *http.Request, user userRecord) {
	answer, err := s.keys.issue(r.Context(), user, s.config.ClientID, time.Now())
	if err != nil {
		s.log.Error("token cannot be issued", "err", err)
		refuseToken(w, http.StatusInternalServerError, "server_error", "The server failed; see its log")
		return
	}
	w.Header().Set("Pragma", "no-cache") // RFC 6749 §5.1
	writeJSON(w, http.StatusOK, answer)
}

func refuseToken(w http.ResponseWriter, status int, code, description string) {
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer error="`+code+`"`)
	}
	writeJSON(w, status, kandyapi.TokenError{Error: code, ErrorDescription: description})
}

// authenticate returns the user of an access token; errors are *apiError or
// failures of the store.
func (s *Server) authenticate(r *http.Request, token string) (User, error) {
	c, err := s.keys.verify(token, useAccess)
	if err == nil {
		var user userRecord
		if user, err = s.tokenUser(r, c); err == nil {
			return user.User, nil
		}
	}
	if errors.Is(err, errBadToken) {
		return User{}, refuse(http.StatusUnauthorized, msgNotAuthorised, "The access token is missing, expired or not valid")
	}
	return User{}, err
}

// tokenUser reads the user a token was issued to. errBadToken if there is none
// any more, or the password has changed since.
func (s *Server) tokenUser(r *http.Request, c claims) (userRecord, error) {
	user, err := findUser(r.Context(), s.config.Store, c.Email)
	if errors.Is(err, ErrNotFound) {
		return user, errBadToken
	}
	if err != nil {
		return user, err
	}
	if user.ID != c.Subject || passwordVersion(user) != c.Version {
		return user, errBadToken
	}
	return user, nil
}

// bearer is the access token in the Authorization header (RFC 6750 §2.1).
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// clientAddr is where a request comes from. A reverse proxy on the same
// machine is believed about the last hop before it.
func clientAddr(r *http.Request) netip.Addr {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.IPv4Unspecified()
	}
	if from.Addr().Unmap().IsLoopback() {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if addr, err := netip.ParseAddr(strings.TrimSpace(hops[len(hops)-1])); err == nil {
			return addr
		}
	}
	return from.Addr()
}
