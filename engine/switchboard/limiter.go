package switchboard

import (
	"net/netip"
	"sync"
	"time"
)

// maxBuckets bounds the limiter's memory; what is full again is forgotten
// first.
const maxBuckets = 20_000

// rate lets burst failures happen at once and one more every interval.
type rate struct {
	burst    float64
	interval time.Duration
}

// Failed log-ins that are put up with. The narrow limit is for one account from
// one network, so that a stranger who guesses does not keep the owner out; the
// wide ones stop guessing from many networks, and over many accounts.
var (
	guessRate   = rate{burst: 10, interval: 30 * time.Second}
	accountRate = rate{burst: 50, interval: 20 * time.Second}
	addressRate = rate{burst: 30, interval: 10 * time.Second}
)

// limiter counts failed log-ins in token buckets, by account, by network, and
// by both.
type limiter struct {
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	rate   rate
	tokens float64
	at     time.Time
}

func newLimiter() *limiter { return &limiter{buckets: map[string]*bucket{}} }

// attempt takes one try. If too many have failed it takes nothing and returns
// how long to wait. A try that turns out well is given back with refund.
func (l *limiter) attempt(account string, address netip.Addr, now time.Time) (wait time.Duration, refund func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	from := network(address)
	buckets := [...]*bucket{
		l.bucketLocked("guess "+from+" "+account, guessRate, now),
		l.bucketLocked("account "+account, accountRate, now),
		l.bucketLocked("address "+from, addressRate, now),
	}
	for _, b := range buckets {
		wait = max(wait, b.wait())
	}
	if wait > 0 {
		return wait, nil
	}
	for _, b := range buckets {
		b.tokens--
	}
	return 0, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, b := range buckets {
			b.tokens = min(b.tokens+1, b.rate.burst)
		}
	}
}

func (l *limiter) bucketLocked(key string, rate rate, now time.Time) *bucket {
	b := l.buckets[key]
	if b == nil {
		if len(l.buckets) >= maxBuckets {
			l.makeRoomLocked(now)
		}
		b = &bucket{rate: rate, tokens: rate.burst, at: now}
		l.buckets[key] = b
	}
	b.fill(now)
	return b
}

// prune forgets buckets that are full again.
func (l *limiter) prune(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pruneLocked(now)
}

func (l *limiter) pruneLocked(now time.Time) {
	for key, b := range l.buckets {
		if b.fill(now); b.tokens >= b.rate.burst {
			delete(l.buckets, key)
		}
	}
}

// makeRoomLocked forgets full buckets, and any others until a quarter is free:
// so the walk over all of them is rare, whatever comes in.
func (l *limiter) makeRoomLocked(now time.Time) {
	l.pruneLocked(now)
	for key := range l.buckets {
		if len(l.buckets) < maxBuckets*3/4 {
			return
		}
		delete(l.buckets, key)
	}
}

func (b *bucket) fill(now time.Time) {
	if passed := now.Sub(b.at); passed > 0 {
		b.tokens = min(b.rate.burst, b.tokens+float64(passed)/float64(b.rate.interval))
	}
	b.at = now
}

func (b *bucket) wait() time.Duration {
	if b.tokens >= 1 {
		return 0
	}
	return time.Duration((1 - b.tokens) * float64(b.rate.interval))
}

// network is what one attacker holds of the address space: an IPv4 address or
// an IPv6 /64.
func network(address netip.Addr) string {
	address = address.Unmap()
	if !address.Is6() {
		return address.String()
	}
	prefix, err := address.WithZone("").Prefix(64)
	if err != nil {
		return address.String()
	}
	return prefix.String()
}
