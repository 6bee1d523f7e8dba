package kandy_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"tring/engine/internal/kandy"
)

// slowness is how long a slow server takes for every request.
const slowness = 5 * time.Second

// slowToAct does everything late.
func slowToAct(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if pause(r.Context(), slowness) {
			next.ServeHTTP(w, r)
		}
	})
}

// slowToAnswer acts at once and answers late: what follows from a request is
// heard of before its answer.
func slowToAnswer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isUpgrade(r) {
			next.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		if !pause(r.Context(), slowness) {
			return
		}
		for key, values := range answer.Header() {
			w.Header()[key] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

func isUpgrade(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/websocket") }

func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// repeating sends every notification twice in a row and all of them once more
// somewhat later, as a server does that is not sure what has arrived. It stands
// between the client's websocket and one of its own.
func repeating(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isUpgrade(r) {
			next.ServeHTTP(w, r)
			return
		}
		inner := kandy.NewMemNet()
		web := &http.Server{Handler: next}
		var served sync.WaitGroup
		served.Go(func() { _ = web.Serve(inner) })
		defer served.Wait()
		defer web.Close()
		defer inner.Close()
		relaySocket(w, r, inner)
	})
}

func relaySocket(w http.ResponseWriter, r *http.Request, inner *kandy.MemNet) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return inner.Dial(ctx, "", "") }}
	defer transport.CloseIdleConnections()
	server, refused, err := websocket.Dial(ctx, "http://127.0.0.1:1"+r.URL.RequestURI(), &websocket.DialOptions{ //nolint:bodyclose // Dial closes it
		HTTPClient: &http.Client{Transport: transport},
	})
	if err != nil {
		status := http.StatusBadGateway
		if refused != nil {
			status = refused.StatusCode
		}
		http.Error(w, "refused", status)
		return
	}
	defer server.CloseNow()
	client, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer client.CloseNow()
	server.SetReadLimit(1 << 20)
	var ways sync.WaitGroup
	defer ways.Wait()
	ways.Go(func() {
		defer cancel()
		for {
			kind, data, err := client.Read(ctx)
			if err != nil || server.Write(ctx, kind, data) != nil {
				return
			}
		}
	})
	defer cancel()
	for {
		kind, data, err := server.Read(ctx)
		if err != nil {
			code := websocket.CloseStatus(err)
			if code >= 0 {
				_ = client.Close(code, "")
			}
			return
		}
		if client.Write(ctx, kind, data) != nil {
			return
		}
		if !isNotification(data) {
			continue
		}
		if client.Write(ctx, kind, data) != nil {
			return
		}
		ways.Go(func() {
			if pause(ctx, 700*time.Millisecond) {
				_ = client.Write(ctx, kind, data)
			}
		})
	}
}

func isNotification(data []byte) bool {
	var keys map[string]json.RawMessage
	if json.Unmarshal(data, &keys) != nil {
		return false
	}
	_, check := keys["connCheck"]
	_, ack := keys["connAck"]
	return !check && !ack
}
