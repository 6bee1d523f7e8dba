package switchboard

import (
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"tring/engine/internal/kandyapi"
)

// subscribe is POST …/subscriptions: from then on the device is rung. The
// channel named by notifyURL says which device it is; repeating replaces.
func (s *Server) subscribe(r *request) (reply, error) {
	var body kandyapi.SubscriptionBody
	if err := r.read(maxSmallBody, &body); err != nil {
		return reply{}, err
	}
	if body.Subscription == nil || body.Subscription.CallbackReference == nil {
		return reply{}, errMissing("notifyURL")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.channels[body.Subscription.CallbackReference.NotifyURL]
	if d == nil || d.User.ID != r.user.ID {
		return reply{}, errMissing("notifyURL")
	}
	d.Subscription = uuid.NewString()
	s.touch(bucketChannels, d.ID)
	return reply{status: http.StatusCreated, body: kandyapi.SubscriptionBody{Subscription: d.subscriptionAnswer()}}, nil
}

func (s *Server) listSubscriptions(r *request) (reply, error) {
	only := r.URL.Query().Get("clientCorrelator")
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []*kandyapi.Subscription{}
	for _, d := range sortedDevices(s.devices[r.user.ID]) {
		if d.Subscription != "" && (only == "" || only == d.Correlator) {
			list = append(list, d.subscriptionAnswer())
		}
	}
	return reply{status: http.StatusOK, body: map[string]any{
		"wrtcsNotificationSubscriptionList": map[string]any{"wrtcsNotificationSubscription": list},
	}}, nil
}

// subscriptionLocked is the device with the subscription named in the path.
func (s *Server) subscriptionLocked(r *request) (*device, error) {
	for _, d := range s.devices[r.user.ID] {
		if d.Subscription != "" && d.Subscription == r.PathValue("id") {
			return d, nil
		}
	}
	return nil, refuse(http.StatusNotFound, msgUnknown, "There is no subscription %1", r.PathValue("id"))
}

func (s *Server) showSubscription(r *request) (reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.subscriptionLocked(r)
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: kandyapi.SubscriptionBody{Subscription: d.subscriptionAnswer()}}, nil
}

func (s *Server) unsubscribe(r *request) (reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.subscriptionLocked(r)
	if err != nil {
		return reply{}, err
	}
	d.Subscription = ""
	s.touch(bucketChannels, d.ID)
	return reply{status: http.StatusNoContent}, nil
}

func sortedDevices(devices map[string]*device) []*device {
	list := make([]*device, 0, len(devices))
	for _, d := range devices {
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b *device) int { return strings.Compare(a.Correlator, b.Correlator) })
	return list
}
