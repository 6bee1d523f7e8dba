package switchboard

import (
	"net/http"
	"time"

	"github.com/google/uuid"

	"tring/engine/internal/kandyapi"
)

// createChannel is POST …/channels. A device has one channel: a second request
// replaces the first and keeps what waits for the device.
func (s *Server) createChannel(r *request) (reply, error) {
	var body kandyapi.ChannelBody
	if err := r.read(maxSmallBody, &body); err != nil {
		return reply{}, err
	}
	want := body.NotificationChannel
	if want == nil {
		return reply{}, errMissing("notificationChannel")
	}
	if err := checkCorrelator(want.ClientCorrelator); err != nil {
		return reply{}, err
	}
	role := kandyapi.RoleClient
	if want.ConnCheckRole == kandyapi.RoleServer {
		role = kandyapi.RoleServer
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := &device{channelRecord: channelRecord{
		ID: "ws-" + uuid.NewString(), User: r.user, Correlator: want.ClientCorrelator,
		Lifetime: s.lifetime(want.ChannelLifetime), Role: role,
		Expires: time.Now().Add(s.config.Timers.ChannelLinger),
	}}
	old := s.deviceLocked(d.key())
	if old == nil && len(s.devices[r.user.ID]) >= maxDevices {
		return reply{}, refuse(http.StatusForbidden, msgTooMany, "The user has too many devices")
	}
	if old != nil {
		s.replaceDeviceLocked(old, d)
	}
	s.addDeviceLocked(d)
	s.touch(bucketChannels, d.ID)
	return reply{status: http.StatusCreated, body: kandyapi.ChannelBody{NotificationChannel: d.channelAnswer()}}, nil
}

// replaceDeviceLocked hands the queue of old to its successor.
func (s *Server) replaceDeviceLocked(old, d *device) {
	d.queue, d.bytes, d.seq = old.queue, old.bytes, old.seq
	d.rewind()
	delete(s.channels, old.ID)
	s.touch(bucketChannels, old.ID)
	if old.socket != nil {
		old.socket.stop(closeGone, "channel was replaced")
		old.socket = nil
	}
}

// lifetime is what is granted of the wanted seconds.
func (s *Server) lifetime(wanted int64) int64 {
	granted := s.config.Timers.Channel
	if wanted > 0 {
		granted = max(time.Duration(min(wanted, int64(maxChannelLife/time.Second)))*time.Second, minChannelLife)
	}
	return int64(granted / time.Second)
}

// channelLocked is the caller's own channel named in the path.
func (s *Server) channelLocked(r *request) (*device, error) {
	d := s.channels[r.PathValue("id")]
	if d == nil || d.User.ID != r.user.ID {
		return nil, refuse(http.StatusNotFound, msgUnknown, "There is no channel %1", r.PathValue("id"))
	}
	return d, nil
}

func (s *Server) listChannels(r *request) (reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []*kandyapi.Channel{}
	for _, d := range sortedDevices(s.devices[r.user.ID]) {
		list = append(list, d.channelAnswer())
	}
	return reply{status: http.StatusOK, body: map[string]any{
		"notificationChannelList": map[string]any{"notificationChannel": list},
	}}, nil
}

func (s *Server) showChannel(r *request) (reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.channelLocked(r)
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: kandyapi.ChannelBody{NotificationChannel: d.channelAnswer()}}, nil
}

// renewChannel is PUT …/channels/{id}/channelLifetime, and the same at the
// channel itself.
func (s *Server) renewChannel(r *request) (reply, error) {
	var body kandyapi.ChannelLifetimeBody
	if err := r.read(maxSmallBody, &body); err != nil {
		return reply{}, err
	}
	if body.Lifetime == nil {
		return reply{}, errMissing("notificationChannelLifetime")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.channelLocked(r)
	if err != nil {
		return reply{}, err
	}
	d.Lifetime = s.lifetime(body.Lifetime.ChannelLifetime)
	d.Expires = time.Now().Add(time.Duration(d.Lifetime) * time.Second)
	s.touch(bucketChannels, d.ID)
	return reply{status: http.StatusOK, body: kandyapi.ChannelLifetimeBody{
		Lifetime: &kandyapi.ChannelLifetime{ChannelLifetime: d.Lifetime},
	}}, nil
}

func (s *Server) deleteChannel(r *request) (reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.channelLocked(r)
	if err != nil {
		return reply{}, err
	}
	s.removeDeviceLocked(d)
	return reply{status: http.StatusNoContent}, nil
}

func checkCorrelator(correlator string) error {
	if correlator == "" || len(correlator) > maxCorrelator {
		return errMissing("clientCorrelator")
	}
	return nil
}
