package interop

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"embed"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tring/engine/switchboard"
	"tring/engine/switchboard/echo"
)

//go:embed page
var pages embed.FS

// exchange is a switchboard and the pages, on one address with TLS: the SDK
// opens its websocket as wss: at the host and port of its requests.
type exchange struct {
	host   string // 127.0.0.1:port
	query  string // of the pages' address
	folder string // for the scenario's files
	caFile string // certificate to trust
	trace  *trace
	middle *middle // between the media of the two sides; nil if nothing is
	relay  bool    // a TURN server is run beside the switchboard

	mu     sync.Mutex
	race   *race    // between two offers, if one is to be
	spoken []spoken // session descriptions, in order
}

// spoken is a session description that somebody sent.
type spoken struct{ path, device, sdp string }

// trace is what went over the wire, to be shown when a scenario fails.
type trace struct {
	mu    sync.Mutex
	start time.Time
	lines []string
}

func (t *trace) add(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines, fmt.Sprintf("%7.3f ", time.Since(t.start).Seconds())+fmt.Sprintf(format, args...))
}

// Write takes the switchboard's log.
func (t *trace) Write(p []byte) (int, error) {
	t.add("%s", bytes.TrimSpace(p))
	return len(p), nil
}

func (t *trace) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}

// people who have accounts; the password of each is "secret-" and the name.
var people = []string{"alice", "bob", "carol", "dave"}

// conditions are what the network between the two sides is like.
type conditions struct {
	middle bool    // media goes through us
	loss   float64 // of what goes through us, 0 to 1
	delay  time.Duration
	jitter time.Duration
	rate   int64         // bit/s; 0 for no limit
	room   time.Duration // of the queue before it
	relay  bool          // there is a TURN server
}

func startExchange(t *testing.T, folder string, b build, how conditions) *exchange {
	t.Helper()
	folder, err := os.MkdirTemp(folder, "scene-*") // goes with the browser's
	if err != nil {
		t.Fatal(err)
	}
	x := &exchange{trace: &trace{start: time.Now()}, query: b.query, folder: folder, caFile: filepath.Join(folder, "cert.pem"), relay: how.relay}
	if how.middle {
		x.middle = newMiddle(how)
		t.Cleanup(x.middle.close)
	}
	store := switchboard.NewMemoryStore()
	log := slog.New(slog.NewTextHandler(x.trace, &slog.HandlerOptions{Level: slog.LevelDebug}))
	server, err := switchboard.New(switchboard.Config{
		Store: store, Log: log,
		Contacts: map[string]switchboard.Contact{"echo": echo.New(echo.Options{})}, TURN: x.turn(),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range people {
		user := switchboard.User{Email: name + "@example.com", Name: name}
		if err := server.AddUser(t.Context(), user, "secret-"+name); err != nil {
			t.Fatal(err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	x.host = listener.Addr().String()
	mux := http.NewServeMux()
	mux.Handle("/cpaas/", x.traced(server))
	servePages(mux, b)
	web := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	secure := &tls.Config{Certificates: []tls.Certificate{x.certify(t)}, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = web.Serve(tls.NewListener(listener, secure))
	}()
	t.Cleanup(func() {
		_ = server.Close()
		_ = web.Close()
		<-served
		_ = store.Close()
	})
	return x
}

// servePages serves index.html with the scripts that make the build's page.
func servePages(mux *http.ServeMux, b build) {
	file := func(path, name, kind string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			data, err := pages.ReadFile("page/" + name)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(data)
		})
	}
	file("/{$}", "index.html", "text/html")
	file("/hook.js", "hook.js", "text/javascript")
	if b.script == nil {
		file("/phone.js", "plain.js", "text/javascript")
	} else {
		file("/phone.js", "quickstart.js", "text/javascript")
	}
	mux.HandleFunc("/sdk.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write(b.script)
	})
}

// turn is a relay on an address of this machine. To relay to its own network
// is what a relay refuses unless told.
func (x *exchange) turn() switchboard.TURN {
	if !x.relay {
		return switchboard.TURN{}
	}
	here, _ := netip.AddrFromSlice(localAddress())
	return switchboard.TURN{Relay: &switchboard.Relay{Listen: netip.AddrPortFrom(here, 0).String(), PublicIP: here, PrivatePeers: true}}
}

// traced notes requests, their bodies and their outcome.
func (x *exchange) traced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" || strings.HasSuffix(r.URL.Path, "/token") {
			next.ServeHTTP(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body)
		body = x.described(r, body)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		over := x.ready(r)
		noted := &status{ResponseWriter: w, code: http.StatusOK}
		next.ServeHTTP(noted, r)
		over()
		if r.Method != http.MethodOptions {
			x.trace.add("%s %s -> %d %.2000s", r.Method, r.URL.Path, noted.code, body)
		}
	})
}

// described notes the session description in a request, if there is one, and
// leads its addresses through the middle.
func (x *exchange) described(r *http.Request, body []byte) []byte {
	var message map[string]map[string]any
	if json.Unmarshal(body, &message) != nil {
		return body
	}
	for _, content := range message {
		holder := content
		if offer, ok := content["offer"].(map[string]any); ok {
			holder = offer
		}
		sdp, ok := holder["sdp"].(string)
		if !ok {
			return body
		}
		device, _ := content["clientCorrelator"].(string)
		x.mu.Lock()
		x.spoken = append(x.spoken, spoken{r.URL.Path, device, sdp})
		x.mu.Unlock()
		if x.middle == nil {
			return body
		}
		holder["sdp"] = x.middle.lead(sdp, device)
	}
	led, err := json.Marshal(message)
	if err != nil {
		return body
	}
	return led
}

// restarts counts how often a device changed the ICE credentials of a media
// section within a session (RFC 8839 section 4.4.1.1.1).
func (x *exchange) restarts(device string) (n int) {
	return x.changes(func(s spoken) bool { return s.device == device })
}

// restartsOfTring is restarts for everybody but the pages.
func (x *exchange) restartsOfTring() (n int) {
	return x.changes(func(s spoken) bool { return !strings.HasPrefix(s.device, "page-") })
}

func (x *exchange) changes(by func(spoken) bool) (n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	before := map[string]string{}
	for _, s := range x.spoken {
		if !by(s) {
			continue
		}
		for _, section := range strings.Split(s.sdp, "\nm=")[1:] {
			mid, ufrag := attribute(section, "mid"), attribute(section, "ice-ufrag")
			if old := before[mid]; old != "" && old != ufrag {
				n++
			}
			before[mid] = ufrag
		}
	}
	return n
}

func attribute(section, name string) string {
	_, rest, _ := strings.Cut(section, "\na="+name+":")
	value, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(value)
}

// status keeps the code of a reply.
type status struct {
	http.ResponseWriter
	code int
}

// WriteHeader implements http.ResponseWriter.
func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// Unwrap lets http.ResponseController find the writer.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// certify makes a self-signed certificate and writes it for Tring to trust.
func (x *exchange) certify(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "interop"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(x.caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
