package instance

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Patience.
const (
	lineTime  = 2 * time.Second        // for a line to come or to be taken
	claimTime = 10 * time.Second       // for the first one to answer, or to be gone
	retryTime = 100 * time.Millisecond // between two tries
)

var (
	// ErrHandedOver says that the first one took the message: this one is done.
	ErrHandedOver = errors.New("tring is running already")
	// ErrSilent says that there is a first one, which does not answer.
	ErrSilent = errors.New("tring is running already and does not answer")

	errHeld = errors.New("the lock is held")
)

// Start is what a start of the program is for.
type Start struct {
	Link   string `json:"link,omitempty"`
	Hidden bool   `json:"hidden,omitempty"` // no window is asked for: one that runs already is enough
}

// Instance is the first one. Close ends it.
type Instance struct {
	log      *slog.Logger
	unlock   func()
	address  *address
	listener net.Listener
	starts   chan string
	over     chan struct{}
	once     sync.Once
	served   sync.WaitGroup
}

// Claim makes this program the first one for the directory, or else hands the link to
// the one that is. Other errors say that the directory cannot be used, so that
// nobody can tell who is first.
func Claim(ctx context.Context, dir string, start Start, log *slog.Logger) (*Instance, error) {
	ctx, cancel := context.WithTimeout(ctx, claimTime)
	defer cancel()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	for {
		unlock, err := lock(filepath.Join(dir, "instance.lock"))
		if err == nil {
			return begin(dir, unlock, log)
		}
		if !errors.Is(err, errHeld) {
			return nil, err
		}
		if err = hand(ctx, dir, start); err == nil {
			return nil, ErrHandedOver
		}
		log.Debug("the first window does not take this start", "error", err)
		select { // it may be about to open, or to close
		case <-ctx.Done():
			return nil, ErrSilent
		case <-time.After(retryTime):
		}
	}
}

func begin(dir string, unlock func(), log *slog.Logger) (*Instance, error) {
	i := &Instance{log: log, unlock: unlock, starts: make(chan string), over: make(chan struct{})}
	listener, address, err := listen(dir)
	if err == nil {
		address.Token = rand.Text()
		if err = address.write(dir); err != nil {
			_ = listener.Close()
		}
	}
	if err != nil {
		if address != nil {
			address.remove()
		}
		unlock()
		return nil, fmt.Errorf("a second start could not be heard: %w", err)
	}
	i.listener, i.address = listener, address
	i.served.Go(i.serve)
	return i, nil
}

// Starts are the later ones that ask for the window: the link of each, ""
// without one. A start that nobody
// takes in time is told to try again.
// A nil Instance has none.
func (i *Instance) Starts() <-chan string {
	if i == nil {
		return nil
	}
	return i.starts
}

// serve answers one caller after another; each has little time.
func (i *Instance) serve() {
	for {
		conn, err := i.listener.Accept()
		if err != nil {
			select {
			case <-i.over:
			default:
				i.log.Warn("further starts are not heard any more", "error", err)
			}
			return
		}
		if err := i.answer(conn); err != nil {
			i.log.Warn("a further start was not understood", "error", err)
		}
		_ = conn.Close()
	}
}

func (i *Instance) answer(conn net.Conn) error {
	_ = conn.SetDeadline(time.Now().Add(2 * lineTime))
	if err := checkPeer(conn); err != nil {
		return err
	}
	start, err := readRequest(conn, i.address.Token)
	if err != nil {
		return err
	}
	word := "ok"
	if start.Link != "" || !start.Hidden {
		word = i.deliver(start.Link)
	}
	_, err = conn.Write([]byte(word + "\n"))
	return err
}

// deliver gives a link, or that there is none, to whoever reads Starts.
func (i *Instance) deliver(link string) (word string) {
	select {
	case i.starts <- link:
		return "ok"
	case <-i.over:
	case <-time.After(lineTime):
	}
	return "busy"
}

// Close stops listening and lets another one be first. It can be called more
// than once, and on nil.
func (i *Instance) Close() {
	if i == nil {
		return
	}
	i.once.Do(func() {
		close(i.over)
		_ = i.listener.Close()
		i.served.Wait()
		i.address.remove()
		i.unlock()
	})
}

// address is where the first one listens.
type address struct {
	Network string `json:"network"`
	Address string `json:"address"`
	Token   string `json:"token"`

	file string
	dir  string // made for the socket; "" for none
}

// maxAddress bounds the file.
const maxAddress = 4 << 10

// write puts a whole file in the place of the old one.
func (a *address) write(dir string) error {
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	a.file = filepath.Join(dir, "instance.json")
	next := a.file + ".new"
	if err := os.WriteFile(next, text, 0o600); err != nil {
		return err
	}
	return os.Rename(next, a.file)
}

func (a *address) remove() {
	_ = os.Remove(a.file)
	if a.dir != "" {
		_ = os.RemoveAll(a.dir)
	}
}
