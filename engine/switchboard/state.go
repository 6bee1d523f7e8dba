package switchboard

import (
	"context"
	"encoding/json"
	"maps"
	"time"
)

// storeLimit bounds one access to the store.
const storeLimit = 10 * time.Second

// recordKey names a stored record.
type recordKey struct{ bucket, key string }

// touch notes that a channel or call has changed or gone; it is written soon.
// Replies do not wait for the disk: a crash in these milliseconds costs what
// a client repairs by itself (a refused reconnection, an audit with 404).
func (s *Server) touch(bucket, key string) {
	s.dirty[recordKey{bucket, key}] = true
	signal(s.dirtied)
}

// keepState writes what was touched until ctx ends, and once more then.
func (s *Server) keepState(ctx context.Context) {
	for {
		select {
		case <-s.dirtied:
			s.flush()
		case <-ctx.Done():
			s.flush()
			return
		}
	}
}

// flush writes everything touched, each record as it is now.
func (s *Server) flush() {
	s.mu.Lock()
	changes := make(map[recordKey][]byte, len(s.dirty)) // nil: delete
	for key := range s.dirty {
		changes[key] = s.recordLocked(key)
	}
	clear(s.dirty)
	s.mu.Unlock()

	ctx, cancel := context.WithTimeout(context.Background(), storeLimit)
	defer cancel()
	for key, value := range changes {
		var err error
		if value == nil {
			err = s.config.Store.Delete(ctx, key.bucket, key.key)
		} else {
			err = s.config.Store.Put(ctx, key.bucket, key.key, value)
		}
		if err != nil {
			s.log.Error("state not stored; a restart would lose it", "bucket", key.bucket, "err", err)
		}
	}
}

func (s *Server) recordLocked(key recordKey) []byte {
	var record any
	switch key.bucket {
	case bucketChannels:
		if d := s.channels[key.key]; d != nil {
			record = d.channelRecord
		}
	case bucketCalls:
		if c := s.calls[key.key]; c != nil {
			record = c
		}
	}
	if record == nil {
		return nil
	}
	value, err := encode(record)
	if err != nil {
		s.log.Error("state not encoded", "bucket", key.bucket, "err", err)
		return nil
	}
	return value
}

// load takes up what a server before this one left. It runs before anything
// else does.
func (s *Server) load(ctx context.Context) {
	now := time.Now()
	channels, err := s.config.Store.List(ctx, bucketChannels)
	if err != nil {
		s.log.Warn("some channels cannot be read; their clients will sign in again", "err", err)
	}
	for id, value := range channels {
		d := &device{}
		if json.Unmarshal(value, &d.channelRecord) != nil || d.ID != id || d.User.ID == "" {
			s.touch(bucketChannels, id)
			continue
		}
		// The clock stood still for the clients while there was no server.
		d.Expires = now.Add(s.config.Timers.ChannelLinger)
		s.addDeviceLocked(d)
	}
	calls, err := s.config.Store.List(ctx, bucketCalls)
	if err != nil {
		s.log.Warn("some calls cannot be read; they are over", "err", err)
	}
	for id, value := range calls {
		c := &call{}
		if json.Unmarshal(value, c) != nil || c.ID != id || !c.sound() {
			s.touch(bucketCalls, id)
			continue
		}
		s.adopt(c, now)
	}
	for _, c := range maps.Clone(s.calls) {
		s.resume(c)
	}
}

// sound checks that the ids in a stored call belong together.
func (c *call) sound() bool {
	for id, l := range c.Legs {
		if l == nil || l.ID != id || l.CallID != c.ID {
			return false
		}
	}
	for _, id := range c.Ringing {
		if c.Legs[id] == nil {
			return false
		}
	}
	a, b := c.Legs[c.A], c.Legs[c.B]
	switch c.Phase {
	case phaseRinging:
		return a != nil
	case phaseAnswering:
		return a != nil && b != nil
	case phaseEstablished:
		if t := c.Transfer; t != nil {
			return c.Legs[t.Of] != nil
		}
		return a != nil || b != nil
	}
	return false
}

// adopt enters a stored call with its legs.
func (s *Server) adopt(c *call, now time.Time) {
	s.calls[c.ID] = c
	for _, l := range c.Legs {
		l.seen = now
		s.legs[l.ID] = l
		if l.Contact == "" {
			s.legCount[l.key()]++
		}
	}
}

// resume gives a call back its timer. What needed this process's predecessor,
// a contact or a transfer half done, ends.
func (s *Server) resume(c *call) {
	if s.calls[c.ID] != c {
		return // ended by another that was resumed
	}
	defer s.touch(bucketCalls, c.ID)
	for _, l := range c.Legs {
		if l.Contact != "" {
			gone, cancel := context.WithCancel(s.life)
			l.contact = &contactLeg{gone, cancel, make(chan string, 1)}
			s.endCall(c, endLost, l)
			return
		}
	}
	switch {
	case c.Transfer != nil:
		s.failTransfer(c, endLost)
	case c.Pending != nil && c.Pending.ForCall != "":
		c.Pending = nil
	case c.Phase != phaseEstablished:
		s.armNoAnswer(c)
	}
}
