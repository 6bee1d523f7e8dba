package store

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"
)

// Suggestion is somebody who can be called, while a person types.
type Suggestion struct {
	Name      string // may be empty
	Address   string
	Label     string // of a contact's address
	Contact   int64  // 0 if it comes from the history alone
	Favourite bool
	Calls     int       // with this address
	Last      time.Time // of them; zero if there was none
	Video     bool      // the last one was a video call

	rank   int
	weight float64
	words  words
}

// compare says which is to be shown first: what begins as typed, then
// favourites, then who is called often and lately.
func (a *Suggestion) compare(b *Suggestion) int {
	switch {
	case a.rank != b.rank:
		return cmp.Compare(a.rank, b.rank)
	case a.Favourite != b.Favourite:
		if a.Favourite {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.words.text, b.words.text), cmp.Compare(a.Address, b.Address))
}

// Suggest gives who can be meant by what is typed, from favourites, contacts and
// history: one row per address. Nothing typed gives favourites, then who is
// called most.
func (s *Store) Suggest(typed string, limit int) []Suggestion {
	if limit <= 0 {
		return nil
	}
	m := newMatcher(typed)
	s.mu.Lock()
	defer s.mu.Unlock()
	var best []*Suggestion
	for _, c := range s.indexed().people {
		rank, ok := m.rank(c.words)
		if !ok {
			continue
		}
		c.rank = rank
		if len(best) == limit && c.compare(best[limit-1]) >= 0 {
			continue
		}
		i, _ := slices.BinarySearchFunc(best, c, (*Suggestion).compare)
		best = slices.Insert(best, i, c)
		best = best[:min(len(best), limit)]
	}
	found := make([]Suggestion, len(best))
	for i, c := range best {
		found[i] = *c
	}
	return found
}

// index is who can be suggested, and who has which address.
type index struct {
	byKey    map[string]*Suggestion
	people   []*Suggestion
	room     []Suggestion     // for the next ones: one piece of memory for many
	contacts map[string]int64 // local key → contact
	epoch    time.Time
}

// halfLife is after what time a call counts half.
const halfLife = 30 * 24 * time.Hour

const roomStep = 256

// indexed is the index, made if it has to be. It needs mu.
func (s *Store) indexed() *index {
	if s.index != nil {
		return s.index
	}
	x := &index{byKey: make(map[string]*Suggestion, 2*len(s.contacts)+len(s.calls)/2), contacts: make(map[string]int64, 2*len(s.contacts)), epoch: s.now()}
	all := slices.SortedFunc(maps.Values(s.contacts), func(a, b *person) int {
		if a.Favourite != b.Favourite {
			if a.Favourite {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.ID, b.ID)
	})
	for _, p := range all {
		for i, a := range p.Addresses {
			key := localKey(p.keys[i], s.domain)
			if x.byKey[key] != nil {
				continue // the first contact has it
			}
			x.contacts[key] = p.ID
			x.add(key, Suggestion{
				Name: p.Name, Address: a.Value, Label: a.Label, Contact: p.ID, Favourite: p.Favourite,
				words: p.rows[i],
			})
		}
	}
	for _, r := range s.calls {
		x.count(r, s.domain)
	}
	s.index = x
	return x
}

func (x *index) add(key string, c Suggestion) *Suggestion {
	if len(x.room) == cap(x.room) {
		x.room = make([]Suggestion, 0, roomStep)
	}
	x.room = append(x.room, c)
	added := &x.room[len(x.room)-1]
	x.byKey[key] = added
	x.people = append(x.people, added)
	return added
}

// count adds a call. Its weight is halved with every half-life before the epoch;
// sums of such weights keep their order as time goes by.
func (x *index) count(r *record, domain string) {
	if r.key == "" {
		return
	}
	key := localKey(r.key, domain)
	c := x.byKey[key]
	if c == nil {
		c = x.add(key, Suggestion{Address: r.Address})
	}
	if c.Contact == 0 && (r.Name != "" || c.Name == "") {
		c.Name, c.words = r.Name, r.words
	}
	c.Calls++
	c.Last, c.Video = r.Began, r.Video
	c.weight += math.Exp2(min(max(float64(r.Began.Sub(x.epoch))/float64(halfLife), -200), 20)) // clocks can be wrong
}
