package store

import (
	"context"
	"fmt"
)

// migrations lead from each version of the file to the next; the file's
// user_version says how many were done. One that was released is never changed:
// a new one follows it.
//
// Times are nanoseconds since 1970, 0 for none; there are no indexes, since
// everything is read at once and searched in memory.
var migrations = []string{
	`CREATE TABLE calls (
		id       INTEGER PRIMARY KEY,
		account  TEXT    NOT NULL,
		address  TEXT    NOT NULL,
		name     TEXT    NOT NULL,
		incoming INTEGER NOT NULL,
		video    INTEGER NOT NULL,
		began    INTEGER NOT NULL,
		answered INTEGER NOT NULL,
		ended    INTEGER NOT NULL,
		touched  INTEGER NOT NULL, -- known to go on then
		outcome  TEXT    NOT NULL,
		seen     INTEGER NOT NULL,
		receipt  TEXT    NOT NULL  -- JSON, '' for none
	) STRICT;
	CREATE TABLE settings (
		key   TEXT PRIMARY KEY,
		value TEXT NOT NULL
	) STRICT, WITHOUT ROWID;`,

	`CREATE TABLE contacts (
		id           INTEGER PRIMARY KEY,
		name         TEXT    NOT NULL,
		organisation TEXT    NOT NULL,
		note         TEXT    NOT NULL,
		favourite    INTEGER NOT NULL
	) STRICT;
	CREATE TABLE addresses (
		contact  INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
		position INTEGER NOT NULL, -- from 0, in the order that the person gave
		label    TEXT    NOT NULL,
		value    TEXT    NOT NULL,
		PRIMARY KEY (contact, position)
	) STRICT, WITHOUT ROWID;`,
}

func (f *file) version(ctx context.Context) (int, error) {
	var version int
	err := f.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	return version, err
}

// migrate takes each step from version on in a transaction of its own, so that
// one that fails leaves the version before it whole.
func (f *file) migrate(ctx context.Context, version int, steps []string) error {
	for ; version < len(steps); version++ {
		if err := f.step(ctx, steps[version], version+1); err != nil {
			return fmt.Errorf("migration to version %d: %w", version+1, err)
		}
	}
	return nil
}

func (f *file) step(ctx context.Context, statements string, version int) error {
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // nothing is left to roll back after Commit
	if _, err := tx.ExecContext(ctx, statements); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
		return err
	}
	return tx.Commit()
}
