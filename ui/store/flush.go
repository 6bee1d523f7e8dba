package store

import (
	"context"
	"database/sql"
	"log/slog"
	"maps"
	"slices"

	"tring/engine"
)

// changes names what is in memory and not on the disk yet. What is named and
// no longer there was deleted.
type changes struct {
	calls, contacts map[int64]struct{}
	settings        map[string]struct{}
}

func newChanges() changes {
	return changes{map[int64]struct{}{}, map[int64]struct{}{}, map[string]struct{}{}}
}

func (c changes) empty() bool { return len(c.calls)+len(c.contacts)+len(c.settings) == 0 }

// add merges older changes in.
func (c changes) add(older changes) {
	maps.Copy(c.calls, older.calls)
	maps.Copy(c.contacts, older.contacts)
	maps.Copy(c.settings, older.settings)
}

// changeAll marks everything as changed. It needs mu.
func (s *Store) changeAll() {
	for _, r := range s.calls {
		s.pending.calls[r.ID] = struct{}{}
	}
	for id := range s.contacts {
		s.pending.contacts[id] = struct{}{}
	}
	for key := range s.settings {
		s.pending.settings[key] = struct{}{}
	}
}

// batch is a copy of what has changed, to be written in one transaction.
type batch struct {
	changes
	calls    map[int64]record
	contacts map[int64]Contact
	settings map[string]string
}

// take copies the pending changes and leaves none.
func (s *Store) take() batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := batch{changes: s.pending, calls: map[int64]record{}, contacts: map[int64]Contact{}, settings: map[string]string{}}
	s.pending = newChanges()
	for id := range b.changes.calls {
		if r := s.call(id); r != nil {
			b.calls[id] = *r
		}
	}
	for id := range b.changes.contacts {
		if p := s.contacts[id]; p != nil {
			b.contacts[id] = p.Contact // its addresses are replaced, never changed
		}
	}
	for key := range b.changes.settings {
		if value, ok := s.settings[key]; ok {
			b.settings[key] = value
		}
	}
	return b
}

// flush writes all that has changed, and returns when it is on the disk. What
// another goroutine has taken already is waited for.
func (s *Store) flush() error {
	s.disk.Lock()
	defer s.disk.Unlock()
	if s.closed {
		return &engine.Problem{Cause: "The program is closing.", Next: "Start it again.", Err: ErrClosed}
	}
	b := s.take()
	if s.file == nil || b.empty() {
		return nil
	}
	ctx := context.Background()
	err := s.file.write(ctx, b)
	if isDamage(err) {
		err = s.replace(ctx, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = nil
	if err == nil {
		return nil
	}
	s.pending.add(b.changes)
	s.failing = problemOf(err, s.path)
	slog.Warn("store: write", "err", err)
	return s.failing
}

// replace makes a new file out of what is in memory, since the open one has
// turned out to be damaged. Nothing is lost.
func (s *Store) replace(ctx context.Context, damage error) error {
	slog.Warn("store: damaged, written anew", "err", damage)
	s.file.close()
	s.file = nil
	if err := s.startOver(ctx, damage); s.file == nil {
		return err
	}
	err := s.file.write(ctx, s.take())
	if err != nil {
		s.mu.Lock()
		s.changeAll()
		s.mu.Unlock()
	}
	return err
}

// write writes a batch in one transaction.
func (f *file) write(ctx context.Context, b batch) error {
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // nothing is left to roll back after Commit
	for _, write := range []func(context.Context, *sql.Tx) error{b.writeCalls, b.writeContacts, b.writeSettings} {
		if err := write(ctx, tx); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (b batch) writeCalls(ctx context.Context, tx *sql.Tx) error {
	put := statement{text: `INSERT OR REPLACE INTO calls (id, account, address, name, incoming, video, began, answered, ended, touched, outcome, seen, receipt)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`}
	drop := statement{text: `DELETE FROM calls WHERE id = ?`}
	defer put.close()
	defer drop.close()
	for _, id := range slices.Sorted(maps.Keys(b.changes.calls)) {
		r, ok := b.calls[id]
		var err error
		if ok {
			err = put.exec(ctx, tx, id, r.Account, r.Address, r.Name, r.Incoming, r.Video,
				nanos(r.Began), nanos(r.Answered), nanos(r.Ended), nanos(r.touched), string(r.Outcome), r.Seen, r.receipt)
		} else {
			err = drop.exec(ctx, tx, id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (b batch) writeContacts(ctx context.Context, tx *sql.Tx) error {
	drop := statement{text: `DELETE FROM contacts WHERE id = ?`} // and its addresses
	put := statement{text: `INSERT INTO contacts (id, name, organisation, note, favourite) VALUES (?, ?, ?, ?, ?)`}
	reach := statement{text: `INSERT INTO addresses (contact, position, label, value) VALUES (?, ?, ?, ?)`}
	defer drop.close()
	defer put.close()
	defer reach.close()
	for _, id := range slices.Sorted(maps.Keys(b.changes.contacts)) {
		if err := drop.exec(ctx, tx, id); err != nil {
			return err
		}
		c, ok := b.contacts[id]
		if !ok {
			continue
		}
		if err := put.exec(ctx, tx, id, c.Name, c.Organisation, c.Note, c.Favourite); err != nil {
			return err
		}
		for i, a := range c.Addresses {
			if err := reach.exec(ctx, tx, id, i, a.Label, a.Value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b batch) writeSettings(ctx context.Context, tx *sql.Tx) error {
	put := statement{text: `INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)`}
	drop := statement{text: `DELETE FROM settings WHERE key = ?`}
	defer put.close()
	defer drop.close()
	for _, key := range slices.Sorted(maps.Keys(b.changes.settings)) {
		value, ok := b.settings[key]
		var err error
		if ok {
			err = put.exec(ctx, tx, key, value)
		} else {
			err = drop.exec(ctx, tx, key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// statement is prepared when it is first used.
type statement struct {
	text string
	stmt *sql.Stmt
}

func (s *statement) exec(ctx context.Context, tx *sql.Tx, args ...any) error {
	if s.stmt == nil {
		stmt, err := tx.PrepareContext(ctx, s.text)
		if err != nil {
			return err
		}
		s.stmt = stmt
	}
	_, err := s.stmt.ExecContext(ctx, args...)
	return err
}

func (s *statement) close() {
	if s.stmt != nil {
		s.stmt.Close()
	}
}
