package switchboard

import (
	"bytes"
	"context"
	"sync"
)

// memoryStore keeps records in a map: for tests, demonstrations and servers
// that may forget.
type memoryStore struct {
	mu      sync.Mutex
	buckets map[string]map[string][]byte
}

// NewMemoryStore returns an empty Store that lives as long as the process.
func NewMemoryStore() Store {
	return &memoryStore{buckets: map[string]map[string][]byte{}}
}

func (m *memoryStore) Get(_ context.Context, bucket, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok := m.buckets[bucket][key]
	if !ok {
		return nil, ErrNotFound
	}
	return bytes.Clone(value), nil
}

func (m *memoryStore) Create(_ context.Context, bucket, key string, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.buckets[bucket][key]; ok {
		return ErrExists
	}
	m.putLocked(bucket, key, value)
	return nil
}

func (m *memoryStore) Put(_ context.Context, bucket, key string, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.putLocked(bucket, key, value)
	return nil
}

func (m *memoryStore) putLocked(bucket, key string, value []byte) {
	if m.buckets[bucket] == nil {
		m.buckets[bucket] = map[string][]byte{}
	}
	m.buckets[bucket][key] = bytes.Clone(value)
}

func (m *memoryStore) Delete(_ context.Context, bucket, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.buckets[bucket], key)
	return nil
}

func (m *memoryStore) List(_ context.Context, bucket string) (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make(map[string][]byte, len(m.buckets[bucket]))
	for key, value := range m.buckets[bucket] {
		all[key] = bytes.Clone(value)
	}
	return all, nil
}

func (m *memoryStore) Close() error { return nil }
