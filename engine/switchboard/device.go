package switchboard

import (
	"time"

	"tring/engine/internal/kandyapi"
)

// deviceKey names a device: clients choose a correlator for each.
type deviceKey struct{ user, correlator string }

// channelRecord is what is stored of a device: its notification channel and
// its subscription to calls.
type channelRecord struct {
	ID           string    `json:"id"` // also the callbackURL; unguessable
	User         User      `json:"user"`
	Correlator   string    `json:"correlator"`
	Lifetime     int64     `json:"lifetime"` // seconds
	Role         string    `json:"role"`     // who sends connCheck
	Subscription string    `json:"subscription,omitempty"`
	Expires      time.Time `json:"expires"` // counts while no socket is open
}

// device is a client with a channel: where its notifications wait and how they
// get out. Guarded by Server.mu.
type device struct {
	channelRecord
	socket *socket // nil while none is open
	queue  []queued
	bytes  int // in queue
	seq    uint64
}

// queued is a notification on its way. It stays in the queue until the client
// has confirmed the websocket ping that followed it; after a reconnection the
// rest is sent again, and the client drops what it has by the id.
type queued struct {
	seq  uint64
	data []byte
	sent bool // on the present socket
}

func (d *device) key() deviceKey { return deviceKey{d.User.ID, d.Correlator} }

// push queues a notification. A device that stays away loses the oldest.
func (d *device) push(data []byte) (dropped bool) {
	for len(d.queue) > 0 && (len(d.queue) >= maxQueue || d.bytes+len(data) > maxQueueBytes) {
		d.bytes -= len(d.queue[0].data)
		d.queue = d.queue[1:]
		dropped = true
	}
	d.seq++
	d.bytes += len(data)
	d.queue = append(d.queue, queued{seq: d.seq, data: data})
	d.poke()
	return dropped
}

// poke wakes the socket's writer, if there is one.
func (d *device) poke() {
	if d.socket != nil {
		d.socket.poke()
	}
}

// unsent returns what has not gone out on the present socket, marks it as
// gone, and tells the number of the last of them.
func (d *device) unsent() (batch [][]byte, last uint64) {
	for i := range d.queue {
		if !d.queue[i].sent {
			d.queue[i].sent = true
			batch = append(batch, d.queue[i].data)
		}
		last = d.queue[i].seq
	}
	return batch, last
}

// confirm forgets notifications up to number seq: they have arrived.
func (d *device) confirm(seq uint64) {
	n := 0
	for n < len(d.queue) && d.queue[n].seq <= seq {
		d.bytes -= len(d.queue[n].data)
		n++
	}
	d.queue = d.queue[n:]
	if len(d.queue) == 0 {
		d.queue = nil
	}
}

// rewind makes everything unconfirmed go out again, on a new socket.
func (d *device) rewind() {
	for i := range d.queue {
		d.queue[i].sent = false
	}
}

// channelAnswer is the channel as the API shows it.
func (d *device) channelAnswer() *kandyapi.Channel {
	path := kandyapi.ChannelsPath(d.User.ID) + "/" + d.ID
	return &kandyapi.Channel{
		CallbackURL:      d.ID,
		ChannelData:      &kandyapi.ChannelData{ChannelURL: path + "/websocket"},
		ChannelLifetime:  d.Lifetime,
		ChannelType:      kandyapi.ChannelTypeAnswer,
		ClientCorrelator: d.Correlator,
		ConnCheckRole:    d.Role,
		ResourceURL:      path,
	}
}

func (d *device) subscriptionAnswer() *kandyapi.Subscription {
	return &kandyapi.Subscription{
		CallbackReference: &kandyapi.CallbackReference{NotifyURL: d.ID},
		ClientCorrelator:  d.Correlator,
		ResourceURL:       kandyapi.SubscriptionsPath(d.User.ID) + "/" + d.Subscription,
	}
}

// addDevice takes a device into the maps.
func (s *Server) addDeviceLocked(d *device) {
	s.channels[d.ID] = d
	if s.devices[d.User.ID] == nil {
		s.devices[d.User.ID] = map[string]*device{}
	}
	s.devices[d.User.ID][d.Correlator] = d
}

// deviceLocked is the device with this key, or nil.
func (s *Server) deviceLocked(key deviceKey) *device { return s.devices[key.user][key.correlator] }

// removeDeviceLocked ends a channel for good. Calls of the device that are
// still being set up end with it; established ones are left to the audit, for
// the client may come back with a new channel.
func (s *Server) removeDeviceLocked(d *device) {
	delete(s.channels, d.ID)
	delete(s.devices[d.User.ID], d.Correlator)
	if len(s.devices[d.User.ID]) == 0 {
		delete(s.devices, d.User.ID)
	}
	s.touch(bucketChannels, d.ID)
	if d.socket != nil {
		d.socket.stop(closeGone, "channel is gone")
		d.socket = nil
	}
	for _, l := range s.legs {
		if l.Device == d.key().correlator && l.User.ID == d.User.ID {
			s.deviceGoneLocked(l)
		}
	}
}
