package switchboard

import (
	"context"
	"errors"
	"time"
)

const (
	sweepEvery   = 5 * time.Second
	watchEvery   = 15 * time.Second
	tombstoneAge = 2 * time.Minute
)

// sweepLocked clears away what has had its time, and comes again.
func (s *Server) sweepLocked() {
	defer s.agenda.after(sweepEvery, s.sweepLocked)
	now := time.Now()
	for _, d := range s.channels {
		if d.socket == nil && now.After(d.Expires) && !s.talksLocked(d) {
			s.log.Info("channel expired", "user", d.User.Email)
			s.removeDeviceLocked(d)
		}
	}
	s.auditLocked(now)
	for id, stone := range s.over {
		if now.Sub(stone.at) > tombstoneAge {
			delete(s.over, id)
		}
	}
	s.logins.prune(now)
}

// talksLocked reports whether a device is in an established call, whose end it
// would have to be told if it came back.
func (s *Server) talksLocked(d *device) bool {
	if s.legCount[d.key()] == 0 {
		return false
	}
	for _, l := range s.legs {
		c := s.calls[l.CallID]
		if l.key() == d.key() && c != nil && c.Phase == phaseEstablished && !c.rings(l) {
			return true
		}
	}
	return false
}

// watchUsers looks now and then who has been removed, until ctx ends.
func (s *Server) watchUsers(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.dropRemovedUsers(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// dropRemovedUsers ends the channels of users that are no longer in the store:
// a websocket outlives the token it was opened with.
func (s *Server) dropRemovedUsers(ctx context.Context) {
	s.mu.Lock()
	users := map[string]User{}
	for _, d := range s.channels {
		users[d.User.ID] = d.User
	}
	s.mu.Unlock()
	for id, user := range users {
		record, err := findUser(ctx, s.config.Store, user.Email)
		if err == nil && record.ID == id || err != nil && !errors.Is(err, ErrNotFound) {
			continue
		}
		s.log.Info("user was removed", "user", user.Email)
		s.dropUser(id)
	}
}

// dropUser ends all that a user has under way.
func (s *Server) dropUser(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.devices[id] {
		s.removeDeviceLocked(d)
	}
	for _, l := range s.legs {
		if c := s.calls[l.CallID]; l.User.ID == id && c != nil {
			s.endCall(c, endLost, nil)
		}
	}
}
