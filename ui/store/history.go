package store

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"tring/engine"
)

// MaxCalls is how many calls the history holds; the oldest go first.
const MaxCalls = 5000

const defaultPage = 100 // entries of a Query without a limit

// Query asks for a page of the history.
type Query struct {
	Text       string // words of the name, the address or the contact's name begin so; "" for all
	MissedOnly bool
	Before     int64 // only calls with a lower ID: the last one of the page before; 0 for the newest
	Limit      int   // at most so many; 0 for 100
}

// BeginCall writes a call down when it rings or is dialled, and returns the ID
// that UpdateCall takes. With an error of the disk the ID is good all the same:
// the call is kept in memory.
func (s *Store) BeginCall(e Entry) (int64, error) {
	if e.Began.IsZero() {
		e.Began = s.now()
	}
	if e.Outcome == "" {
		e.Outcome = Ringing
	}
	r := newRecord(e)
	s.mu.Lock()
	s.lastCall++
	r.ID = s.lastCall
	s.calls = append(s.calls, r)
	s.pending.calls[r.ID] = struct{}{}
	if over := len(s.calls) - MaxCalls; over > 0 {
		for _, old := range s.calls[:over] {
			s.pending.calls[old.ID] = struct{}{}
		}
		s.calls = slices.Delete(s.calls, 0, over)
	}
	if s.index != nil {
		s.index.count(r, s.domain)
	}
	s.mu.Unlock()
	return r.ID, s.flush()
}

// UpdateCall writes down how a call goes on or ended. What was seen stays seen.
// A call that was deleted in the meantime stays so: ErrNotFound.
func (s *Store) UpdateCall(e Entry) error {
	r := newRecord(e)
	s.mu.Lock()
	old := s.call(e.ID)
	if old == nil {
		s.mu.Unlock()
		return notInHistory(e.ID)
	}
	r.touched, r.Seen = old.touched, old.Seen || r.Seen
	if r.Began.IsZero() {
		r.Began = old.Began
	}
	if old.key != r.key || old.Name != r.Name || old.Video != r.Video {
		s.index = nil
	}
	*old = *r
	s.pending.calls[r.ID] = struct{}{}
	s.mu.Unlock()
	return s.flush()
}

// Touch notes that a call still goes on at t. After a crash it is taken to have
// ended then.
func (s *Store) Touch(id int64, t time.Time) error {
	s.mu.Lock()
	r := s.call(id)
	if r == nil {
		s.mu.Unlock()
		return notInHistory(id)
	}
	if t = stamp(t); r.Ended.IsZero() && t.After(r.touched) {
		r.touched = t
		s.pending.calls[id] = struct{}{}
	}
	s.mu.Unlock()
	return s.flush()
}

func notInHistory(id int64) error {
	return &engine.Problem{
		Cause: "This call is no longer in the history.", Next: "Close and open the history again.",
		Err: fmt.Errorf("call %d: %w", id, ErrNotFound),
	}
}

// complete ends the calls that a crash left unfinished, as far as is known: one
// that rang here was missed, one that was answered ended when it was last known
// to go on.
func (s *Store) complete() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.calls {
		if !r.Ended.IsZero() && r.Outcome != Ringing {
			continue
		}
		switch {
		case r.Outcome != Ringing:
		case !r.Answered.IsZero():
			r.Outcome = Answered
		case r.Incoming:
			r.Outcome = Missed
		default:
			r.Outcome = Failed
		}
		if r.Ended.IsZero() {
			r.Ended = latest(r.Began, r.Answered, r.touched)
		}
		s.pending.calls[r.ID] = struct{}{}
	}
}

func latest(times ...time.Time) time.Time {
	return slices.MaxFunc(times, time.Time.Compare)
}

// History is a page of the history, the newest first.
func (s *Store) History(q Query) []Entry {
	if q.Limit <= 0 {
		q.Limit = defaultPage
	}
	m := newMatcher(q.Text)
	s.mu.Lock()
	defer s.mu.Unlock()
	var known map[string]bool // addresses of contacts that fit
	if !m.all {
		known = s.matchingKeys(&m)
	}
	end := len(s.calls)
	if q.Before != 0 {
		end, _ = s.place(q.Before)
	}
	var found []Entry
	for i := end - 1; i >= 0 && len(found) < q.Limit; i-- {
		r := s.calls[i]
		if q.MissedOnly && r.Outcome != Missed {
			continue
		}
		if _, ok := m.rank(r.words); ok || known[localKey(r.key, s.domain)] {
			found = append(found, r.entry())
		}
	}
	return found
}

// Call is one call of the history.
func (s *Store) Call(id int64) (Entry, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.call(id); r != nil {
		return r.entry(), true
	}
	return Entry{}, false
}

// MissedUnseen counts the missed calls that MarkSeen was not called for.
func (s *Store) MissedUnseen() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, r := range s.calls {
		if r.Outcome == Missed && !r.Seen {
			n++
		}
	}
	return n
}

// MarkSeen says that the person has seen the missed calls.
func (s *Store) MarkSeen() error {
	s.mu.Lock()
	for _, r := range s.calls {
		if r.Outcome == Missed && !r.Seen {
			r.Seen = true
			s.pending.calls[r.ID] = struct{}{}
		}
	}
	s.mu.Unlock()
	return s.flush()
}

// DeleteCall forgets one call. It is no error if it is not there.
func (s *Store) DeleteCall(id int64) error {
	s.mu.Lock()
	if i, ok := s.place(id); ok {
		s.calls = slices.Delete(s.calls, i, i+1)
		s.pending.calls[id] = struct{}{}
		s.index = nil
	}
	s.mu.Unlock()
	return s.flush()
}

// ClearHistory forgets all calls but those that still go on.
func (s *Store) ClearHistory() error {
	s.mu.Lock()
	s.calls = slices.DeleteFunc(s.calls, func(r *record) bool {
		if r.Ended.IsZero() {
			return false
		}
		s.pending.calls[r.ID] = struct{}{}
		return true
	})
	s.index = nil
	s.mu.Unlock()
	return s.flush()
}

// place is where a call is, or would be. It needs mu.
func (s *Store) place(id int64) (int, bool) {
	return slices.BinarySearchFunc(s.calls, id, func(r *record, id int64) int { return cmp.Compare(r.ID, id) })
}

// call is nil if there is none. It needs mu.
func (s *Store) call(id int64) *record {
	if i, ok := s.place(id); ok {
		return s.calls[i]
	}
	return nil
}
