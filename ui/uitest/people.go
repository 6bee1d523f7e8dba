package uitest

import (
	"fmt"
	"time"

	"tring/ui/store"
)

// LongArabicName is written from right to left.
const LongArabicName = "عبد الرحمن بن محمد الهاشمي"

// Fill puts sample contacts and a sample history into an empty store, as they
// are at now.
func Fill(s *store.Store, now time.Time) error {
	s.SetDomain("example.com")
	for _, c := range []store.Contact{
		{Name: "Bob Smith", Favourite: true, Organisation: "Example Ltd", Note: "Mornings only", Addresses: []store.Address{
			{Label: "work", Value: "bob.smith@example.com"}, {Label: "mobile", Value: "+49 170 1234567"},
		}},
		{Name: "Anna Müller", Favourite: true, Addresses: []store.Address{{Value: "anna@example.com"}}},
		{Name: "Carol Jones", Addresses: []store.Address{{Value: "carol@example.com"}}},
		{Name: LongArabicName, Addresses: []store.Address{{Value: "arm@example.com"}}},
		{Name: LongName, Organisation: "A department with a name that is long as well", Addresses: []store.Address{{Label: "switchboard", Value: "a.very.long.address.indeed@a-very-long-domain.example.com"}}},
		{Name: "Zoë", Addresses: []store.Address{{Value: "zoe@other.example"}}},
	} {
		if _, err := s.SaveContact(c); err != nil {
			return err
		}
	}
	for _, e := range Calls(now) {
		if _, err := s.BeginCall(e); err != nil {
			return err
		}
	}
	return nil
}

// Calls are a sample history, the oldest first.
func Calls(now time.Time) []store.Entry {
	ago := func(d time.Duration, e store.Entry) store.Entry {
		e.Account, e.Began = "alice@example.com", now.Add(-d)
		if e.Outcome == store.Answered {
			e.Answered = e.Began.Add(6 * time.Second)
			e.Ended = e.Answered.Add(12*time.Minute + 34*time.Second)
		} else {
			e.Ended = e.Began.Add(20 * time.Second)
		}
		return e
	}
	const day = 24 * time.Hour
	return []store.Entry{
		ago(400*day, store.Entry{Address: "zoe@other.example", Incoming: true, Outcome: store.Over}),
		ago(60*day, store.Entry{Address: "dave@example.com", Name: "Dave", Outcome: store.Busy}),
		ago(5*day, store.Entry{Address: "carol@example.com", Incoming: true, Outcome: store.AnsweredElsewhere, Video: true}),
		ago(3*day, store.Entry{Address: "nobody@example.com", Outcome: store.UnknownUser}),
		ago(2*day, store.Entry{Incoming: true, Outcome: store.Declined}),
		ago(day, store.Entry{Address: "arm@example.com", Outcome: store.NoAnswer, Video: true}),
		ago(3*time.Hour, store.Entry{Address: "+49 30 901820", Incoming: true, Outcome: store.Missed, Seen: true}),
		ago(2*time.Hour, store.Entry{Address: "bob.smith@example.com", Name: "bob", Outcome: store.Answered, Video: true, Receipt: &store.Receipt{
			SetUp: 140 * time.Millisecond, RoundTrip: 38 * time.Millisecond, Width: 1280, Height: 720,
			LossIn: 0.021, LossOut: 0.004, Freezes: 2, FrozenFor: 1300 * time.Millisecond, DeviceChanges: 1,
		}}),
		ago(40*time.Minute, store.Entry{Address: "anna@example.com", Incoming: true, Outcome: store.Missed, Video: true}),
		ago(9*time.Minute, store.Entry{
			Address: "a.very.long.address.indeed@a-very-long-domain.example.com", Incoming: true, Outcome: store.Missed,
		}),
	}
}

// ManyCalls are n calls with some hundred people, for lists that are long.
func ManyCalls(n int, now time.Time) []store.Entry {
	outcomes := []store.Outcome{store.Answered, store.Missed, store.NoAnswer, store.Declined}
	calls := make([]store.Entry, n)
	for i := range calls {
		began := now.Add(-time.Duration(n-i) * time.Hour)
		calls[i] = store.Entry{
			Address: fmt.Sprintf("person%d@example.com", i%300), Name: fmt.Sprintf("Person %d", i%300),
			Incoming: i%2 == 0, Video: i%3 == 0, Outcome: outcomes[i%len(outcomes)], Seen: true, Began: began, Ended: began.Add(time.Minute),
		}
	}
	return calls
}
