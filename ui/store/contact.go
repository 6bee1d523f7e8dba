package store

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tring/engine"
)

// Bounds of the contacts.
const (
	MaxContacts  = 10000
	maxAddresses = 32 // of one contact
)

// Address is one way to reach a contact.
type Address struct {
	Label string // "work", "mobile"; may be empty
	Value string // bob@example.com, bob or a number; without sip:
}

// Contact is a person or a place that can be called.
type Contact struct {
	ID           int64 // 0 for a new one
	Name         string
	Addresses    []Address // at least one
	Favourite    bool
	Note         string
	Organisation string
}

// person is a Contact as it is kept.
type person struct {
	Contact
	keys  []string // of the addresses
	words words    // of everything
	rows  []words  // with one address each
}

func newPerson(c Contact) *person {
	p := &person{Contact: c, keys: make([]string, len(c.Addresses)), rows: make([]words, len(c.Addresses))}
	values := make([]string, len(c.Addresses))
	for i, a := range c.Addresses {
		p.keys[i], values[i] = addressKey(a.Value), a.Value
		p.rows[i] = newWords(c.Name, values[i:i+1], c.Organisation)
	}
	p.words = newWords(c.Name, values, c.Organisation)
	return p
}

func (p *person) contact() Contact {
	c := p.Contact
	c.Addresses = slices.Clone(c.Addresses)
	return c
}

// compare orders by the name, as people sort: accents and case do not matter.
func (p *person) compare(q *person) int {
	return cmp.Or(cmp.Compare(p.words.text, q.words.text), cmp.Compare(p.ID, q.ID))
}

// cleanContact makes a contact fit to be kept: no double addresses, a name, all
// within bounds.
func cleanContact(c Contact) (Contact, error) {
	var addresses []Address
	seen := map[string]bool{}
	for _, a := range c.Addresses {
		a = Address{clean(a.Label, maxText), bare(clean(a.Value, maxText))}
		if key := addressKey(a.Value); key != "" && !seen[key] && len(addresses) < maxAddresses {
			seen[key] = true
			addresses = append(addresses, a)
		}
	}
	if len(addresses) == 0 {
		return c, &engine.Problem{Cause: "The contact has no address and no number.", Next: "Add one, so that it can be called.", Err: ErrInvalid}
	}
	c.Addresses = addresses
	c.Name, c.Organisation, c.Note = clean(c.Name, maxText), clean(c.Organisation, maxText), cleanLines(c.Note, maxNote)
	if c.Name == "" {
		c.Name = cmp.Or(c.Organisation, addresses[0].Value)
	}
	return c, nil
}

// SaveContact adds a contact (ID 0) or replaces the one with its ID, and returns
// it as it is kept. A deleted contact comes back when it is saved again.
func (s *Store) SaveContact(c Contact) (Contact, error) {
	c, err := cleanContact(c)
	if err != nil {
		return c, err
	}
	s.mu.Lock()
	if s.contacts[c.ID] == nil && len(s.contacts) >= MaxContacts {
		s.mu.Unlock()
		return c, &engine.Problem{
			Cause: fmt.Sprintf("There are %d contacts already.", MaxContacts), Next: "Delete some that you no longer need.", Err: ErrInvalid,
		}
	}
	saved := s.put(c)
	s.mu.Unlock()
	return saved, s.flush()
}

// put keeps a clean contact. It needs mu.
func (s *Store) put(c Contact) Contact {
	if c.ID <= 0 {
		s.lastBody++
		c.ID = s.lastBody
	}
	s.lastBody = max(s.lastBody, c.ID)
	p := newPerson(c)
	s.contacts[c.ID] = p
	s.pending.contacts[c.ID] = struct{}{}
	s.index = nil
	return p.contact()
}

// DeleteContact forgets a contact. It is no error if it is not there.
func (s *Store) DeleteContact(id int64) error {
	s.mu.Lock()
	if s.contacts[id] != nil {
		delete(s.contacts, id)
		s.pending.contacts[id] = struct{}{}
		s.index = nil
	}
	s.mu.Unlock()
	return s.flush()
}

// Contact is the contact with that ID.
func (s *Store) Contact(id int64) (Contact, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.contacts[id]; p != nil {
		return p.contact(), true
	}
	return Contact{}, false
}

// Contacts are all contacts, by name.
func (s *Store) Contacts() []Contact { return s.SearchContacts("", MaxContacts) }

// SearchContacts gives the contacts of which words of name, organisation or
// address begin like what is typed; "" gives all. Those whose name begins so come
// first, then it goes by name.
func (s *Store) SearchContacts(typed string, limit int) []Contact {
	type match struct {
		rank int
		*person
	}
	m := newMatcher(typed)
	var matches []match
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.contacts {
		if rank, ok := m.rank(p.words); ok {
			matches = append(matches, match{rank, p})
		}
	}
	slices.SortFunc(matches, func(a, b match) int { return cmp.Or(a.rank-b.rank, a.compare(b.person)) })
	found := make([]Contact, 0, min(len(matches), max(limit, 0)))
	for _, m := range matches[:cap(found)] {
		found = append(found, m.contact())
	}
	return found
}

// SetDomain says which domain addresses without one belong to: that of the own
// address. It is not kept on the disk.
func (s *Store) SetDomain(domain string) {
	if domain != "" {
		domain = "@" + strings.ToLower(domain)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.domain != domain {
		s.domain, s.index = domain, nil
	}
}

// Find is the contact with that address, to name a caller. Case, sip: and the
// own domain do not matter; of numbers the digits count. Where no number is the
// same, one that is it as dialled within the country will do, if it is the only
// one.
func (s *Store) Find(address string) (Contact, bool) {
	key := addressKey(address)
	if key == "" {
		return Contact{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key = localKey(key, s.domain)
	x := s.indexed()
	if id, ok := x.contacts[key]; ok {
		return s.contacts[id].contact(), true
	}
	if !isNumber(key) {
		return Contact{}, false
	}
	var found int64
	for other, id := range x.contacts {
		if !sameNumber(key, other) {
			continue
		}
		if found != 0 && found != id {
			return Contact{}, false
		}
		found = id
	}
	if found == 0 {
		return Contact{}, false
	}
	return s.contacts[found].contact(), true
}

// matchingKeys are the local keys of the contacts that fit. It needs mu.
func (s *Store) matchingKeys(m *matcher) map[string]bool {
	keys := map[string]bool{}
	for _, p := range s.contacts {
		if _, ok := m.rank(p.words); ok {
			for _, key := range p.keys {
				keys[localKey(key, s.domain)] = true
			}
		}
	}
	return keys
}
