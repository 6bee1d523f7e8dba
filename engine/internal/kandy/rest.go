package kandy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tring/engine/internal/kandyapi"
)

const (
	userAgent = "tring"
	// earlyHeader tells Tring's own switchboard that this client holds early
	// notifications itself, so that it need not wait for slower ones.
	earlyHeader = "X-Tring-Early"

	// maxBody bounds an answer, and a message on the websocket.
	maxBody = 1 << 20
)

// errSlow is the cause of a request that ran into Timers.Request.
var errSlow = errors.New("no answer in time")

// rest makes single requests: no tokens of its own, no second attempts.
type rest struct {
	end     endpoint
	http    *http.Client
	timeout time.Duration
	log     *slog.Logger
}

// request is one REST request. Either form or body is set, or neither.
type request struct {
	method string
	path   string // with query, on the endpoint
	token  string // bearer; "" for the token path
	form   url.Values
	body   any // sent as JSON
}

// do sends a request and decodes a 2xx answer into out; with out nil the body
// does not matter. Errors are *statusError, *answerError, errSlow, the error
// of ctx, or one of the transport, and hold no URL.
func (r *rest) do(parent context.Context, q request, out any) error {
	ctx, cancel := context.WithTimeoutCause(parent, r.timeout, errSlow)
	defer cancel()
	req, err := r.build(ctx, q)
	if err != nil {
		return err
	}
	started := time.Now()
	resp, err := r.http.Do(req)
	if err != nil {
		err = transportError(ctx, err)
		r.log.Debug("request failed", "method", q.method, "path", q.path, "err", err)
		return err
	}
	defer resp.Body.Close()
	r.log.Debug("request", "method", q.method, "path", q.path, "status", resp.StatusCode, "took", time.Since(started))
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if resp.StatusCode/100 != 2 {
		return newStatusError(resp, body)
	}
	switch {
	case out == nil:
		return nil
	case err != nil && ctx.Err() != nil:
		return transportError(ctx, err)
	case err != nil:
		return &answerError{cut: true, err: err}
	case resp.StatusCode == http.StatusNoContent:
		return nil // read as {}
	}
	return decode(body, out)
}

func (r *rest) build(ctx context.Context, q request) (*http.Request, error) {
	var payload []byte
	contentType := "application/json"
	switch {
	case q.form != nil:
		// url.Values.Encode writes a blank as '+', which form decoders accept,
		// and '+' as %2B, which e-mail addresses need.
		payload, contentType = []byte(q.form.Encode()), "application/x-www-form-urlencoded"
	case q.body != nil:
		var err error
		if payload, err = json.Marshal(q.body); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, q.method, r.end.url(q.path), bytes.NewReader(payload))
	if err != nil {
		return nil, err
	}
	req.Header = baseHeader()
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", contentType)
	if q.token != "" {
		req.Header.Set("Authorization", "Bearer "+q.token)
	}
	return req, nil
}

// baseHeader is on every request, the websocket's too.
func baseHeader() http.Header {
	h := http.Header{}
	h.Set("User-Agent", userAgent)
	h.Set(earlyHeader, "1")
	return h
}

// decode reads the one JSON value of an answer.
func decode(body []byte, out any) error {
	trimmed := bytes.TrimSpace(body)
	switch {
	case len(body) > maxBody:
		return &answerError{err: fmt.Errorf("larger than %d bytes", maxBody)}
	case len(trimmed) == 0:
		return &answerError{empty: true, err: io.ErrUnexpectedEOF}
	case trimmed[0] == '<':
		return &answerError{html: true, err: errors.New("not JSON")}
	}
	if err := json.Unmarshal(trimmed, out); err != nil {
		var syntax *json.SyntaxError
		cut := errors.As(err, &syntax) && syntax.Offset >= int64(len(trimmed))
		return &answerError{cut: cut, err: err}
	}
	return nil
}

// transportError takes the URL out of an error of net/http and names the limit
// that was run into. Go's own texts below *url.Error hold host names only.
func transportError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

// answerError is a 2xx answer that cannot be used.
type answerError struct {
	empty, html, cut bool
	err              error
}

func (e *answerError) Error() string { return "unusable answer: " + e.err.Error() }
func (e *answerError) Unwrap() error { return e.err }

// statusError is an answer other than 2xx.
type statusError struct {
	status     int
	code       string // messageId, or the OAuth2 error
	text       string // the server's words, cleaned and short; may be empty
	html       bool
	plainOnTLS bool          // the server complains that TLS was expected
	location   string        // host a redirect points to
	retryAfter time.Duration // 0 if not given
}

func (e *statusError) Error() string {
	s := fmt.Sprintf("status %d", e.status)
	if e.code != "" {
		s += " " + e.code
	}
	if e.text != "" {
		s += ": " + e.text
	}
	return s
}

// statusOf is the HTTP status in an error, 0 if there is none.
func statusOf(err error) int {
	var se *statusError
	if errors.As(err, &se) {
		return se.status
	}
	return 0
}

func newStatusError(resp *http.Response, body []byte) *statusError {
	e := &statusError{status: resp.StatusCode, retryAfter: retryAfter(resp.Header.Get("Retry-After"), time.Now())}
	if u, err := url.Parse(resp.Header.Get("Location")); err == nil && resp.StatusCode/100 == 3 {
		e.location = clip(u.Host, 80)
	}
	media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	trimmed := bytes.TrimSpace(body)
	e.html = media == "text/html" || len(trimmed) > 0 && trimmed[0] == '<'
	// Go's and nginx's words for "this is the TLS port".
	e.plainOnTLS = e.status == http.StatusBadRequest && bytes.Contains(body, []byte("HTTP request")) && bytes.Contains(body, []byte("HTTPS"))
	if len(body) <= maxBody && !e.html {
		e.code, e.text = errorText(trimmed)
	}
	return e
}

// errorText reads the two forms of refusal: requestError, and OAuth2's.
func errorText(body []byte) (code, text string) {
	var both struct {
		kandyapi.ErrorBody
		kandyapi.TokenError
	}
	if json.Unmarshal(body, &both) != nil {
		return "", ""
	}
	if re := both.RequestError; re != nil {
		ex := re.ServiceException
		if ex == nil {
			ex = re.PolicyException
		}
		if ex == nil {
			return "", ""
		}
		text = clipBytes(ex.Text, 1000)
		for i, v := range ex.Variables[:min(len(ex.Variables), 9)] {
			text = strings.ReplaceAll(text, "%"+strconv.Itoa(i+1), clip(v, 80))
		}
		return clip(ex.MessageID, 40), clip(text, 200)
	}
	return clip(both.Error, 40), clip(both.ErrorDescription, 200)
}

// retryAfter reads RFC 9110 §10.2.3: seconds or a date; bounded by an hour.
func retryAfter(v string, now time.Time) time.Duration {
	var d time.Duration
	if n, err := strconv.ParseInt(v, 10, 32); err == nil {
		d = time.Duration(n) * time.Second
	} else if at, err := http.ParseTime(v); err == nil {
		d = at.Sub(now)
	}
	return max(0, min(d, time.Hour))
}
