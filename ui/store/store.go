package store

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"tring/engine"
)

// Sentinels for errors.Is. Every one arrives wrapped in an *engine.Problem.
var (
	ErrInUse    = errors.New("store in use by another process")
	ErrNewer    = errors.New("store written by a newer version")
	ErrDamaged  = errors.New("store damaged")
	ErrDisk     = errors.New("store not writable")
	ErrClosed   = errors.New("store closed")
	ErrNotFound = errors.New("not in the store")
	ErrInvalid  = errors.New("cannot be stored")
)

// Store holds the history, the contacts and the settings.
type Store struct {
	now  func() time.Time
	path string // "" in memory

	// disk is held for the length of a transaction, and taken before mu.
	disk   sync.Mutex
	file   *file // nil in memory
	closed bool

	// mu guards what follows, and is never held while the disk works.
	mu       sync.Mutex
	calls    []*record // by ID, the oldest first
	contacts map[int64]*person
	settings map[string]string
	lastCall int64           // highest ID ever given to a call, …
	lastBody int64           // … and to a contact: an ID is not used again while the program runs
	domain   string          // own, with the @ before it; "" if it is not known
	pending  changes         // in memory, not on the disk yet
	index    *index          // nil if it must be made anew
	opening  *engine.Problem // what happened in Open
	failing  *engine.Problem // why the last change is not on the disk
}

// Open opens the file at path, or begins one, with mode 0600. The Store that
// it returns always works. The error, if there is one, is an *engine.Problem to
// be shown: the file was damaged (ErrDamaged: set aside, a new one is begun),
// or nothing will outlive the program (ErrInUse, ErrNewer, ErrDisk: all is kept
// in memory, and the file is as it was). now is the clock.
//
// Calls that a crash left unfinished are completed: see Touch.
func Open(ctx context.Context, path string, now func() time.Time) (*Store, error) {
	s := empty(now)
	s.path = path
	err := s.open(ctx)
	if err != nil {
		s.opening = problemOf(err, path)
		slog.Warn("store", "problem", s.opening.Cause, "err", s.opening.Err)
	}
	s.complete()
	err = s.flush()
	if s.opening != nil {
		return s, s.opening
	}
	return s, err
}

// Memory makes a Store that forgets everything when it is closed.
func Memory(now func() time.Time) *Store { return empty(now) }

func empty(now func() time.Time) *Store {
	return &Store{
		now: now, contacts: map[int64]*person{}, settings: map[string]string{}, pending: newChanges(),
	}
}

// open opens and reads the file. A damaged one is replaced by a new one, into
// which the next flush writes what could be read.
func (s *Store) open(ctx context.Context) error {
	f, err := openFile(ctx, s.path)
	if err == nil {
		if err = s.load(ctx, f); err == nil {
			s.file = f
			return nil
		}
		f.close()
	}
	if !isDamage(err) {
		s.clear()
		return err
	}
	s.salvage(ctx)
	return s.startOver(ctx, err)
}

// salvage reads what can still be read of a damaged file.
func (s *Store) salvage(ctx context.Context) {
	s.clear()
	f, err := connect(s.path)
	if err != nil {
		return
	}
	defer f.close()
	err = s.load(ctx, f)
	slog.Warn("store: read what is left", "calls", len(s.calls), "contacts", len(s.contacts), "settings", len(s.settings), "err", err)
}

// clear forgets everything.
func (s *Store) clear() {
	s.calls, s.lastCall, s.lastBody = nil, 0, 0
	s.contacts, s.settings = map[int64]*person{}, map[string]string{}
	s.index = nil
}

// startOver sets the damaged file aside and begins a new one, for everything
// that is in memory.
func (s *Store) startOver(ctx context.Context, damage error) error {
	aside, err := setAside(s.path, s.now())
	if err != nil {
		return errors.Join(err, damage)
	}
	f, err := openFile(ctx, s.path)
	if err != nil {
		return err
	}
	s.file = f
	s.mu.Lock()
	s.changeAll()
	s.mu.Unlock()
	return &damageError{aside: aside, err: damage}
}

// Problem is why what is stored now may not outlive the program, or what
// happened to the file in Open; nil if all is well.
func (s *Store) Problem() *engine.Problem {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failing != nil {
		return s.failing
	}
	return s.opening
}

// Close writes what is still to be written and closes the file. It may be
// called more than once. The Store can still be read; changes return ErrClosed.
func (s *Store) Close() error {
	err := s.flush()
	s.disk.Lock()
	defer s.disk.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	if s.file != nil {
		s.file.close()
		s.file = nil
	}
	return err
}
