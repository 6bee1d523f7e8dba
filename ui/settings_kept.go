package ui

import (
	"encoding/json"
	"strconv"
	"sync"

	"tring/ui/store"
)

// settings are what prefs reads and writes: kept in the store's file, which no
// crash leaves half written. What is set holds at once; the disk follows, off the
// main goroutine.
type settings struct {
	store *store.Store
	// save writes to the disk at some time; nil does so at once.
	save func(job func() error)

	mu     sync.Mutex
	values map[string]string // as set, whether or not the disk has it
}

func newSettings(s *store.Store) *settings { return &settings{store: s, values: s.Settings()} }

func (s *settings) get(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values[key]
}

func (s *settings) set(key, value string) {
	s.mu.Lock()
	old, there := s.values[key]
	s.values[key] = value
	s.mu.Unlock()
	if there && old == value {
		return
	}
	write := func() error { return s.store.SetSetting(key, value) }
	if s.save == nil {
		_ = write() // the store says what is wrong with its file
		return
	}
	s.save(write)
}

// String is "" for what was never set.
func (s *settings) String(key string) string    { return s.get(key) }
func (s *settings) SetString(key, value string) { s.set(key, value) }
func (s *settings) Bool(key string) bool        { return s.BoolWithFallback(key, false) }
func (s *settings) SetBool(key string, on bool) { s.set(key, strconv.FormatBool(on)) }
func (s *settings) SetInt(key string, n int)    { s.set(key, strconv.Itoa(n)) }
func (s *settings) SetFloat(key string, f float64) {
	s.set(key, strconv.FormatFloat(f, 'g', -1, 64))
}

// BoolWithFallback is fallback for what was never set, or is no such value.
func (s *settings) BoolWithFallback(key string, fallback bool) bool {
	if on, err := strconv.ParseBool(s.get(key)); err == nil {
		return on
	}
	return fallback
}

// Int is 0 for what was never set.
func (s *settings) Int(key string) int {
	n, _ := strconv.Atoi(s.get(key)) // 0 with an error
	return n
}

// FloatWithFallback is fallback for what was never set, or is no number.
func (s *settings) FloatWithFallback(key string, fallback float64) float64 {
	if f, err := strconv.ParseFloat(s.get(key), 64); err == nil {
		return f
	}
	return fallback
}

// StringList is empty for what was never set.
func (s *settings) StringList(key string) (list []string) {
	_ = json.Unmarshal([]byte(s.get(key)), &list) // a damaged one is none
	return list
}

// SetStringList keeps a list.
func (s *settings) SetStringList(key string, list []string) {
	text, err := json.Marshal(list)
	if err == nil { // text always can be written so
		s.set(key, string(text))
	}
}
