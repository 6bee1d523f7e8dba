package store

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tring/engine"
)

const maxCardProblems = 100 // that are told

// ImportVCard reads the contacts of a file of vCards, of version 2.1, 3.0 or
// 4.0. Somebody who is known by an address already gets what is new (merged);
// the others are added. Two people who share a number but no name stay two.
// Pictures are left out. problems says, a line each, what was not taken over;
// err is an *engine.Problem: the file is no such file, or could not be read to
// its end, and then nothing is changed; or the disk failed.
func (s *Store) ImportVCard(r io.Reader) (added, merged int, problems []string, err error) {
	people, problems, err := readCards(r)
	if err != nil {
		return 0, 0, problems, err
	}
	s.mu.Lock()
	known := map[string][]int64{} // local key → contacts
	for id, p := range s.contacts {
		for _, key := range p.keys {
			local := localKey(key, s.domain)
			known[local] = append(known[local], id)
		}
	}
	fresh := map[int64]bool{} // added by this import
	for _, c := range people {
		old := s.same(c, known, fresh)
		if old == nil && len(s.contacts) >= MaxContacts {
			problems = tell(problems, fmt.Sprintf("There are %d contacts now; the others were left out.", MaxContacts))
			break
		}
		if old != nil {
			c = merge(old.contact(), c)
			merged++
		} else {
			added++
		}
		c = s.put(c)
		fresh[c.ID] = fresh[c.ID] || old == nil
		for _, key := range s.contacts[c.ID].keys {
			local := localKey(key, s.domain)
			known[local] = append(known[local], c.ID)
		}
	}
	s.mu.Unlock()
	return added, merged, problems, s.flush()
}

// same is the contact that c is another record of; nil if there is none. It
// needs mu.
func (s *Store) same(c Contact, known map[string][]int64, fresh map[int64]bool) *person {
	var found *person
	for _, a := range c.Addresses {
		key := addressKey(a.Value)
		personal := strings.Contains(key, "@") // several people share a number, but no such address
		for _, id := range known[localKey(key, s.domain)] {
			p := s.contacts[id]
			switch {
			case fresh[id]: // one file tells its people apart
				if slices.Equal(nameWords(p.Name), nameWords(c.Name)) {
					return p
				}
			case sameName(p.Name, c.Name), unnamed(p.Contact), unnamed(c):
				return p
			case personal && found == nil:
				found = p
			}
		}
	}
	return found
}

// unnamed reports whether a contact is called by its address alone.
func unnamed(c Contact) bool {
	for _, a := range c.Addresses {
		if c.Name == a.Value {
			return true
		}
	}
	return false
}

// merge adds to a contact what another record of it has.
func merge(c, other Contact) Contact {
	if unnamed(c) {
		c.Name = other.Name
	}
	c.Organisation = cmp.Or(c.Organisation, other.Organisation)
	c.Note = cmp.Or(c.Note, other.Note)
	c.Favourite = c.Favourite || other.Favourite
	for _, a := range other.Addresses {
		found := false
		for i, b := range c.Addresses {
			if addressKey(a.Value) == addressKey(b.Value) {
				found = true
				c.Addresses[i].Label = cmp.Or(b.Label, a.Label)
			}
		}
		if !found && len(c.Addresses) < maxAddresses {
			c.Addresses = append(c.Addresses, a)
		}
	}
	return c
}

// readCards reads all cards, up to as many as can be kept.
func readCards(r io.Reader) (people []Contact, problems []string, err error) {
	reader, err := newCardReader(r)
	if err != nil {
		return nil, nil, cardProblem(err)
	}
	var current *card
	number, inner, agent := 0, 0, false // inner: depth of cards within a card, as AGENT has them
	finish := func() {
		if current != nil && !current.isGroup {
			people, problems = addCard(people, problems, current, number)
		}
		current, inner, reader.keep = nil, 0, false
	}
	for len(people) <= MaxContacts {
		p, err := reader.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, problems, cardProblem(err)
		}
		isCard := strings.EqualFold(strings.TrimSpace(p.value), "VCARD")
		switch {
		case p.name == "BEGIN" && isCard && current != nil && (agent || inner > 0):
			inner++
		case p.name == "BEGIN" && isCard:
			finish() // the one before has no end
			number++
			current = newCard()
		case p.name == "END" && isCard && inner > 0:
			inner--
		case p.name == "END" && isCard:
			finish()
		case current != nil && inner == 0:
			current.take(p)
			reader.keep = current.old
		}
		agent = p.name == "AGENT" && strings.TrimSpace(p.value) == ""
	}
	finish()
	if number == 0 {
		return nil, nil, &engine.Problem{
			Cause: "The file holds no contacts.", Next: "Choose a file of vCards; its name mostly ends with .vcf.", Err: ErrInvalid,
		}
	}
	return people, problems, nil
}

func addCard(people []Contact, problems []string, c *card, number int) ([]Contact, []string) {
	contact, ok := c.contact()
	who := fmt.Sprintf("Card %d", number)
	if name := clean(cmp.Or(c.Name, c.structured, c.Organisation), maxText); name != "" {
		who += " (“" + clip(name, 60) + "”)"
	}
	if !ok {
		return people, tell(problems, who+" has no number or address, and was left out.")
	}
	if c.lost {
		problems = tell(problems, who+" is in an unknown character set: some letters were lost.")
	}
	if c.properties > maxProperties {
		problems = tell(problems, who+" is too long: its end was left out.")
	}
	return append(people, contact), problems
}

// tell adds a line, up to a bound.
func tell(problems []string, line string) []string {
	switch {
	case len(problems) < maxCardProblems:
		return append(problems, line)
	case len(problems) == maxCardProblems:
		return append(problems, "More was left out.")
	}
	return problems
}

func cardProblem(err error) error {
	p := &engine.Problem{Cause: "The file of contacts could not be read to its end.", Next: "Choose it again.", Err: err}
	if errors.Is(err, errCardFile) {
		p.Cause, p.Next = "The file of contacts is too large.", "Export it again without pictures, or in parts."
	}
	return p
}
