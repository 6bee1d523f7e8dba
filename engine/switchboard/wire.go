package switchboard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"tring/engine/internal/kandyapi"
)

// Message ids of errors, after the Parlay X numbering that the original API
// uses: SVC for mistakes and failures, POL for what is not allowed.
const (
	msgServiceError  = "SVC0001"
	msgInvalidInput  = "SVC0002"
	msgNoAddress     = "SVC0004"
	msgUnknown       = "SVC1000"
	msgWrongState    = "SVC1001"
	msgTooLarge      = "SVC1002"
	msgNotAllowed    = "POL0001"
	msgNotAuthorised = "POL0003"
	msgTooMany       = "POL1000"
)

// apiError is a refusal on the wire: a status and the requestError body.
type apiError struct {
	status     int
	id         string
	text       string   // with %1, %2 … for vars
	vars       []string // must be there for the JavaScript SDK, if empty
	retryAfter time.Duration
}

func refuse(status int, id, text string, vars ...string) *apiError {
	return &apiError{status: status, id: id, text: text, vars: vars}
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s %s %v", e.status, e.id, e.text, e.vars) }

func (e *apiError) body() kandyapi.ErrorBody {
	exception := &kandyapi.Exception{MessageID: e.id, Text: e.text, Variables: append([]string{}, e.vars...)}
	if len(e.id) >= 3 && e.id[:3] == "POL" {
		return kandyapi.ErrorBody{RequestError: &kandyapi.RequestError{PolicyException: exception}}
	}
	return kandyapi.ErrorBody{RequestError: &kandyapi.RequestError{ServiceException: exception}}
}

// Refusals that several handlers give.
func errNoSession(id string) *apiError {
	return refuse(http.StatusNotFound, msgUnknown, "There is no session %1", id)
}

func errWrongState(text string) *apiError { return refuse(http.StatusConflict, msgWrongState, text) }

func errMissing(field string) *apiError {
	return refuse(http.StatusBadRequest, msgInvalidInput, "Invalid input value for message part %1", field)
}

// setCORS lets pages of any origin talk to the server: a token, not a cookie,
// is what admits them.
func setCORS(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, X-Cpaas-Agent, "+HeaderEarly)
	h.Set("Access-Control-Expose-Headers", "Retry-After")
	h.Set("Access-Control-Max-Age", "86400")
}

// encode is json.Marshal without the HTML escapes, which would only lengthen
// session descriptions.
func encode(v any) ([]byte, error) {
	var buffer bytes.Buffer
	enc := json.NewEncoder(&buffer)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), nil
}

// writeJSON answers with body, or without one for 204.
func writeJSON(w http.ResponseWriter, status int, body any) {
	if body == nil {
		w.WriteHeader(status)
		return
	}
	data, err := encode(body)
	if err != nil { // our own types always encode
		status, data = http.StatusInternalServerError, []byte(`{}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(data) // an error means that the client is gone
}

// writeError answers with err as a requestError; what is not an *apiError is
// told only to the log.
func (s *Server) writeError(w http.ResponseWriter, r *http.Request, err error) {
	var refusal *apiError
	if !errors.As(err, &refusal) {
		s.log.Error("request failed", "method", r.Method, "path", r.URL.Path, "err", err)
		refusal = refuse(http.StatusInternalServerError, msgServiceError, "The server failed; see its log")
	}
	if refusal.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	}
	if refusal.retryAfter > 0 {
		w.Header().Set("Retry-After", retrySeconds(refusal.retryAfter))
	}
	writeJSON(w, refusal.status, refusal.body())
}

// retrySeconds rounds up, so that a client that obeys succeeds.
func retrySeconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

// readBody decodes one JSON object of at most limit bytes.
func readBody(w http.ResponseWriter, r *http.Request, limit int64, into any) error {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, limit))
	err := decoder.Decode(into)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return refuse(http.StatusRequestEntityTooLarge, msgTooLarge, "The body is larger than %1 bytes", strconv.FormatInt(limit, 10))
	case err != nil:
		return refuse(http.StatusBadRequest, msgInvalidInput, "The body is not the JSON object that belongs here")
	}
	return nil
}

// checkSDP bounds a session description. It is not looked into: peers may
// agree on what this server has never heard of.
func checkSDP(sdp string) error {
	if len(sdp) > maxSDP {
		return refuse(http.StatusRequestEntityTooLarge, msgTooLarge, "The session description is larger than %1 bytes", strconv.Itoa(maxSDP))
	}
	return nil
}
