package switchboard

import (
	"context"
	"errors"
)

// Buckets of a Store.
const (
	bucketUsers    = "users"    // by e-mail address, in lower case
	bucketKeys     = "keys"     // token signing keys by key id; the TURN secret
	bucketChannels = "channels" // notification channels by id
	bucketCalls    = "calls"    // live calls by id
)

// Errors of a Store.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("exists already")
	ErrInUse    = errors.New("data directory is in use by another switchboard")
)

// Store keeps what outlives the process as small records (JSON, some KiB, at
// most 1 MiB) under bucket and key. It is deliberately no more than what a
// directory or a replicated key-value service can offer.
//
// Methods may be called from any goroutine. A record is replaced whole or not
// at all. Returned slices belong to the caller.
type Store interface {
	// Get returns ErrNotFound for what is not there.
	Get(ctx context.Context, bucket, key string) ([]byte, error)
	// Create returns ErrExists if there is a record already, also one that
	// another process made meanwhile.
	Create(ctx context.Context, bucket, key string, value []byte) error
	// Put creates or replaces.
	Put(ctx context.Context, bucket, key string, value []byte) error
	// Delete of what is not there is no error.
	Delete(ctx context.Context, bucket, key string) error
	// List returns all records of a bucket by key. What cannot be read is left
	// out and reported by the error; the rest is still returned.
	List(ctx context.Context, bucket string) (map[string][]byte, error)
	// Close gives back what the store holds. It is idempotent.
	Close() error
}

// exclusive is what a Store offers if only one server may work on it. New
// claims it and Close releases it; tools that only manage users do not.
type exclusive interface {
	claim() (release func(), err error)
}
