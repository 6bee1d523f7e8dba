package switchboard

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// Limits of an HTTP connection, against clients that dawdle on purpose.
const (
	headerLimit   = 10 * time.Second
	requestLimit  = 30 * time.Second
	idleLimit     = 2 * time.Minute
	shutdownLimit = time.Second
	maxHeader     = 16 << 10
)

// Server is a switchboard. It is an http.Handler; Serve runs it on a listener.
type Server struct {
	config    Config
	log       *slog.Logger
	routed    http.Handler
	keys      *keyring
	passwords *passwordChecker
	logins    *limiter
	agenda    *agenda

	turnSecret string
	turnURLs   []string
	relay      *relay // nil for none

	idPrefix string // of notifications: unique beyond a restart
	idCount  atomic.Uint64

	life    context.Context // of contacts, agenda and state keeper
	stop    context.CancelFunc
	work    sync.WaitGroup // what New and calls to contacts have started
	sockets sync.WaitGroup
	unclaim func()
	closing sync.Once

	dirtied chan struct{} // capacity 1: there is something in dirty

	mu       sync.Mutex // guards all below
	closed   bool
	channels map[string]*device            // by channel id
	devices  map[string]map[string]*device // by user id and correlator
	calls    map[string]*call
	legs     map[string]*leg
	legCount map[deviceKey]int
	over     map[string]tombstone // legs that ended a short while ago
	dirty    map[recordKey]bool
}

// New takes over what the store holds and starts the server's clock. The store
// stays the caller's to close, after the server.
func New(config Config) (*Server, error) {
	if config.Store == nil {
		return nil, errors.New("switchboard: Config.Store is missing")
	}
	config = config.withDefaults()
	s := newServer(config)
	if store, ok := config.Store.(exclusive); ok {
		release, err := store.claim()
		if err != nil {
			return nil, err
		}
		s.unclaim = release
	}
	if err := s.prepare(); err != nil {
		s.stop()
		s.unclaim()
		return nil, err
	}
	s.mu.Lock()
	s.load(s.life)
	s.mu.Unlock()
	s.work.Go(func() { s.agenda.run(s.life, &s.mu) })
	s.work.Go(func() { s.keepState(s.life) })
	s.work.Go(func() { s.watchUsers(s.life) })
	s.agenda.after(sweepEvery, s.sweepLocked)
	return s, nil
}

func (c Config) withDefaults() Config {
	if c.ClientID == "" {
		c.ClientID = "tring"
	}
	if c.Domain == "" {
		c.Domain = "example.com"
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.passwords == (argonCost{}) {
		c.passwords = defaultCost
	}
	c.Timers = c.Timers.withDefaults()
	return c
}

func newServer(config Config) *Server {
	s := &Server{
		config: config, log: config.Log,
		logins: newLimiter(), agenda: newAgenda(),
		idPrefix: "n-" + uuid.NewString()[:8] + "-", unclaim: func() {},
		dirtied:  make(chan struct{}, 1),
		channels: map[string]*device{}, devices: map[string]map[string]*device{},
		calls: map[string]*call{}, legs: map[string]*leg{}, legCount: map[deviceKey]int{},
		over: map[string]tombstone{}, dirty: map[recordKey]bool{},
	}
	s.life, s.stop = context.WithCancel(context.Background())
	s.routed = s.routes()
	return s
}

// prepare gets ready what can fail.
func (s *Server) prepare() (err error) {
	ctx, cancel := context.WithTimeout(s.life, storeLimit)
	defer cancel()
	if s.keys, err = openKeyring(ctx, s.config.Store, s.config.Timers, s.log); err != nil {
		return err
	}
	if s.passwords, err = newPasswordChecker(s.config.passwords, max(1, runtime.NumCPU()/2), 32); err != nil {
		return err
	}
	if s.turnSecret, err = loadTurnSecret(ctx, s.config); err != nil {
		return err
	}
	s.turnURLs = append([]string(nil), s.config.TURN.URLs...)
	if s.config.TURN.Relay != nil {
		if s.relay, err = startRelay(*s.config.TURN.Relay, s.config.Domain, s.turnSecret, s.log); err != nil {
			return err
		}
		s.turnURLs = append(s.turnURLs, s.relay.urls...)
	}
	return nil
}

// ServeHTTP answers API requests and carries websockets.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setCORS(w.Header())
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	if closed {
		w.Header().Set("Connection", "close")
		s.writeError(w, r, &apiError{
			status: http.StatusServiceUnavailable, id: msgServiceError,
			text: "The server is stopping", retryAfter: time.Second,
		})
		return
	}
	s.routed.ServeHTTP(w, r)
}

// Serve runs the server on listener, over TLS if config is not nil, until ctx
// ends. It then closes the server, and returns nil if all went well.
func (s *Server) Serve(ctx context.Context, listener net.Listener, config *tls.Config) error {
	if config != nil {
		// HTTP/1.1 alone: websockets need it, and its limits are simple.
		config = config.Clone()
		config.NextProtos = []string{"http/1.1"}
		listener = tls.NewListener(listener, config)
	}
	web := &http.Server{
		Handler: s, ReadHeaderTimeout: headerLimit, ReadTimeout: requestLimit, WriteTimeout: requestLimit,
		IdleTimeout: idleLimit, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- web.Serve(listener) }()
	var failed error
	select {
	case <-ctx.Done():
	case failed = <-served:
	}
	closed := s.Close()
	limit, cancel := context.WithTimeout(context.Background(), shutdownLimit)
	defer cancel()
	if web.Shutdown(limit) != nil {
		web.Close() // somebody is still sending a request
	}
	if failed != nil {
		return fmt.Errorf("listening failed: %w", failed)
	}
	<-served //nolint:errcheck // http.ErrServerClosed, always
	return closed
}

// Close ends contacts, closes the sockets with a code that has clients reopen
// them, and stores the state. It is idempotent and waits for everything.
func (s *Server) Close() error {
	s.closing.Do(func() {
		s.mu.Lock()
		s.closed = true
		for _, d := range s.channels {
			if d.socket != nil {
				d.socket.stop(closeRestart, "server restarts")
			}
		}
		s.mu.Unlock()
		s.sockets.Wait()
		s.stop()
		s.work.Wait()
		s.flush() // what the last of them have touched
		if s.relay != nil {
			s.relay.close()
		}
		s.unclaim()
	})
	return nil
}

// AddUser stores a user; see the function of the same name.
func (s *Server) AddUser(ctx context.Context, user User, password string) error {
	return addUser(ctx, s.config.Store, user, password, s.config.passwords)
}

// nextID is a new id for a notification.
func (s *Server) nextID() string {
	return s.idPrefix + strconv.FormatUint(s.idCount.Add(1), 10)
}
