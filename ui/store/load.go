package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// load reads everything into memory. Of a damaged file it reads what it can,
// and returns the first error. Nobody else uses the Store yet.
func (s *Store) load(ctx context.Context, f *file) error {
	return errors.Join(s.loadSettings(ctx, f.db), s.loadContacts(ctx, f.db), s.loadCalls(ctx, f.db))
}

func (s *Store) loadSettings(ctx context.Context, db *sql.DB) error {
	return each(ctx, db, `SELECT key, value FROM settings`, func(rows *sql.Rows) error {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return err
		}
		s.settings[key] = value
		return nil
	})
}

func (s *Store) loadContacts(ctx context.Context, db *sql.DB) error {
	found := map[int64]*Contact{}
	err := each(ctx, db, `SELECT id, name, organisation, note, favourite FROM contacts`, func(rows *sql.Rows) error {
		var c Contact
		if err := rows.Scan(&c.ID, &c.Name, &c.Organisation, &c.Note, &c.Favourite); err != nil {
			return err
		}
		found[c.ID] = &c
		return nil
	})
	err = errors.Join(err, each(ctx, db, `SELECT contact, label, value FROM addresses ORDER BY contact, position`, func(rows *sql.Rows) error {
		var id int64
		var a Address
		if err := rows.Scan(&id, &a.Label, &a.Value); err != nil {
			return err
		}
		if c := found[id]; c != nil {
			c.Addresses = append(c.Addresses, a)
		}
		return nil
	}))
	for id, c := range found {
		if len(c.Addresses) == 0 {
			continue // the rest of it was lost
		}
		s.contacts[id] = newPerson(*c)
		s.lastBody = max(s.lastBody, id)
	}
	return err
}

func (s *Store) loadCalls(ctx context.Context, db *sql.DB) error {
	return each(ctx, db, `SELECT id, account, address, name, incoming, video, began, answered, ended, touched, outcome, seen, receipt
		FROM calls ORDER BY id`, func(rows *sql.Rows) error {
		var r record
		var began, answered, ended, touched int64
		err := rows.Scan(&r.ID, &r.Account, &r.Address, &r.Name, &r.Incoming, &r.Video,
			&began, &answered, &ended, &touched, &r.Outcome, &r.Seen, &r.receipt)
		if err != nil {
			return err
		}
		r.Began, r.Answered, r.Ended, r.touched = moment(began), moment(answered), moment(ended), moment(touched)
		r.prepare()
		if r.ID <= s.lastCall {
			return nil // of a damaged file
		}
		s.calls = append(s.calls, &r)
		s.lastCall = r.ID
		return nil
	})
}

// each calls row for every row of the answer.
func each(ctx context.Context, db *sql.DB, query string, row func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// nanos is a time as it is stored.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

// moment is the time that nanos stored.
func moment(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n)
}
