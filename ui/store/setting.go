package store

import (
	"maps"
	"strconv"

	"tring/engine"
)

// Bounds of the settings.
const (
	maxSettings = 1000
	maxKey      = 128      // bytes
	maxValue    = 64 << 10 // bytes
)

// Setting is what SetSetting kept, and whether it did. No secret is ever kept
// here: see the package comment.
func (s *Store) Setting(key string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.settings[key]
	return value, ok
}

// SetSetting keeps a value under a key. Setting what is set already writes
// nothing.
func (s *Store) SetSetting(key, value string) error {
	s.mu.Lock()
	old, ok := s.settings[key]
	if key == "" || len(key) > maxKey || len(value) > maxValue || !ok && len(s.settings) >= maxSettings {
		s.mu.Unlock()
		return &engine.Problem{Cause: "The setting “" + clean(key, maxKey) + "” is too long to be saved.", Next: "Choose a shorter value.", Err: ErrInvalid}
	}
	if !ok || old != value {
		s.settings[key] = value
		s.pending.settings[key] = struct{}{}
	}
	s.mu.Unlock()
	return s.flush()
}

// DeleteSetting goes back to what holds when nothing was set.
func (s *Store) DeleteSetting(key string) error {
	s.mu.Lock()
	if _, ok := s.settings[key]; ok {
		delete(s.settings, key)
		s.pending.settings[key] = struct{}{}
	}
	s.mu.Unlock()
	return s.flush()
}

// Settings is a copy of all of them.
func (s *Store) Settings() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.settings)
}

// Flag is a setting that is on or off; fallback where it is not set.
func (s *Store) Flag(key string, fallback bool) bool {
	value, _ := s.Setting(key)
	if on, err := strconv.ParseBool(value); err == nil {
		return on
	}
	return fallback
}

// SetFlag keeps what Flag reads.
func (s *Store) SetFlag(key string, on bool) error { return s.SetSetting(key, strconv.FormatBool(on)) }

// Number is a setting that is a whole number; fallback where it is not set.
func (s *Store) Number(key string, fallback int64) int64 {
	value, _ := s.Setting(key)
	if n, err := strconv.ParseInt(value, 10, 64); err == nil {
		return n
	}
	return fallback
}

// SetNumber keeps what Number reads.
func (s *Store) SetNumber(key string, n int64) error {
	return s.SetSetting(key, strconv.FormatInt(n, 10))
}
