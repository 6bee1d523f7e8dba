package switchboard

import (
	"net/http"

	"tring/engine/internal/kandyapi"
)

// request is an API request whose user is known.
type request struct {
	*http.Request
	w    http.ResponseWriter
	user User
}

// read decodes the body into an object of at most limit bytes.
func (r *request) read(limit int64, into any) error { return readBody(r.w, r.Request, limit, into) }

// reply is what a handler answers with; no body with 204.
type reply struct {
	status int
	body   any
	after  func() // done once the reply is out, also if it was a refusal
}

type handler func(*request) (reply, error)

// methods are the handlers of one path.
type methods map[string]handler

// routes maps every path there is.
func (s *Server) routes() http.Handler {
	const (
		channels = "/cpaas/notificationchannel/v1/{user}/channels"
		calls    = "/cpaas/webrtcsignaling/v1/{user}"
	)
	mux := http.NewServeMux()
	mux.HandleFunc(kandyapi.TokenPath, s.token)
	mux.HandleFunc("GET "+channels+"/{id}/websocket", s.openSocket)
	for path, m := range map[string]methods{
		channels:                           {"POST": s.createChannel, "GET": s.listChannels},
		channels + "/{id}":                 {"GET": s.showChannel, "PUT": s.renewChannel, "DELETE": s.deleteChannel},
		channels + "/{id}/channelLifetime": {"PUT": s.renewChannel},
		calls + "/subscriptions":           {"POST": s.subscribe, "GET": s.listSubscriptions},
		calls + "/subscriptions/{id}":      {"GET": s.showSubscription, "DELETE": s.unsubscribe},
		calls + "/turn":                    {"POST": s.turnCredentials},
		calls + "/sessions":                {"POST": s.createSession, "GET": s.listSessions},
		calls + "/sessions/{id}":           {"GET": s.showSession, "DELETE": s.deleteSession},
		calls + "/sessions/{id}/status":    {"PUT": s.putStatus, "GET": s.showStatus},
		calls + "/sessions/{id}/answer":    {"PUT": s.putAnswer},
		calls + "/sessions/{id}/offer":     {"PUT": s.putAnswer},
		calls + "/sessions/{id}/update":    {"PUT": s.putUpdate},
		calls + "/sessions/{id}/forward":   {"PUT": s.putForward},
		calls + "/sessions/{id}/transfer":  {"PUT": s.putTransfer},
	} {
		mux.Handle(path, s.api(m))
	}
	mux.HandleFunc("GET /{$}", about)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.writeError(w, r, refuse(http.StatusNotFound, msgUnknown, "There is nothing at this path"))
	})
	return mux
}

// about is what a person sees who opens the server in a browser.
func about(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("This is a Tring switchboard: a signalling server for calls.\n" +
		"Open it with the Tring softphone or another client of the Kandy CPaaS protocol.\n"))
}

// api serves one path: it authenticates, and answers.
func (s *Server) api(m methods) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := m[r.Method]
		if h == nil {
			s.writeError(w, r, refuse(http.StatusMethodNotAllowed, msgInvalidInput, "%1 is not possible here", r.Method))
			return
		}
		user, err := s.authenticate(r, bearer(r))
		if err == nil && user.ID != r.PathValue("user") {
			err = errForeign()
		}
		if err != nil {
			s.writeError(w, r, err)
			return
		}
		answer, err := h(&request{r, w, user})
		if err != nil {
			s.writeError(w, r, err)
		} else {
			writeJSON(w, answer.status, answer.body)
		}
		if answer.after != nil {
			answer.after()
		}
	})
}

func errForeign() *apiError {
	return refuse(http.StatusForbidden, msgNotAllowed, "The path belongs to another user")
}
