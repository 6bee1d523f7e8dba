package kandy

import (
	"context"
	"net/http"
	"time"

	"tring/engine/internal/kandyapi"
)

// lifetime is a channel that wants to be prolonged.
type lifetime struct {
	path string
	life time.Duration
}

// lifeOf bounds what a server says, in seconds.
func lifeOf(s int64) time.Duration {
	return time.Duration(max(10, min(s, 7*24*3600))) * time.Second
}

// prolong renews the channel whenever half of its life is over, until ctx
// ends. Servers that renew a channel by its traffic do not need it, and those
// that do not know the request are left alone.
func (l *link) prolong(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	<-timer.C
	var current lifetime
	for {
		select {
		case <-ctx.Done():
			return
		case current = <-l.lifetimes:
			timer.Reset(current.life / 2)
		case <-timer.C:
			if next := l.prolongOnce(ctx, &current); next > 0 {
				timer.Reset(next)
			}
		}
	}
}

// prolongOnce gives the time to the next renewal, 0 for none.
func (l *link) prolongOnce(ctx context.Context, c *lifetime) time.Duration {
	in := kandyapi.ChannelLifetimeBody{Lifetime: &kandyapi.ChannelLifetime{ChannelLifetime: int64(l.timers.ChannelLifetime / time.Second)}}
	var out kandyapi.ChannelLifetimeBody
	err := l.session.call(ctx, http.MethodPut, c.path+"/channelLifetime", in, &out)
	if err == nil {
		if out.Lifetime != nil && out.Lifetime.ChannelLifetime > 0 {
			c.life = lifeOf(out.Lifetime.ChannelLifetime)
		}
		return c.life / 2
	}
	if ctx.Err() == nil {
		l.log.Info("channel was not prolonged", "err", err)
	}
	switch statusOf(err) {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return 0 // if the channel itself is gone, the websocket tells
	}
	return min(c.life/8, time.Minute)
}
