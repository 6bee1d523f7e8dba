package store

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func save(t *testing.T, s *Store, c Contact) Contact {
	t.Helper()
	saved, err := s.SaveContact(c)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func names(contacts []Contact) (n []string) {
	for _, c := range contacts {
		n = append(n, c.Name)
	}
	return n
}

func TestContactComesAndGoes(t *testing.T) {
	both(t, func(t *testing.T, s *Store, again func() *Store) {
		anna := save(t, s, Contact{Name: " Anna\tM ", Addresses: reach("work", " sip:anna@example.com;x=y ", "", "", "", "ANNA@example.com", "home", "100"), Note: "a\r\nb", Organisation: "Acme"})
		want := Contact{ID: anna.ID, Name: "Anna M", Addresses: reach("work", "anna@example.com", "home", "100"), Note: "a\nb", Organisation: "Acme"}
		if !reflect.DeepEqual(anna, want) {
			t.Errorf("got  %+v\nwant %+v", anna, want)
		}
		anna.Favourite, anna.Addresses = true, anna.Addresses[1:]
		anna = save(t, s, anna)
		s = again()
		if got, ok := s.Contact(anna.ID); !ok || !reflect.DeepEqual(got, anna) {
			t.Errorf("changed: %+v", got)
		}
		if err := s.DeleteContact(anna.ID); err != nil {
			t.Fatal(err)
		}
		bob := save(t, s, Contact{Name: "Bob", Addresses: reach("", "bob")})
		if bob.ID == anna.ID {
			t.Error("the ID of a deleted contact is used again")
		}
		if _, ok := s.Find("100"); ok {
			t.Error("the deleted contact is found")
		}
		save(t, s, anna) // undo
		s = again()
		if got := names(s.Contacts()); !reflect.DeepEqual(got, []string{"Anna M", "Bob"}) {
			t.Errorf("after undo: %q", got)
		}
		got, _ := s.Contact(anna.ID)
		got.Addresses[0].Value = "changed"
		if kept, _ := s.Contact(anna.ID); !reflect.DeepEqual(kept, anna) {
			t.Errorf("the caller can change what is kept: %+v", kept)
		}
	})
}

func TestContactThatCannotBeKept(t *testing.T) {
	s := Memory(clock)
	for _, c := range []Contact{{Name: "A"}, {Name: "A", Addresses: reach("home", " ", "", "sip:")}} {
		_, err := s.SaveContact(c)
		wantProblem(t, err, ErrInvalid)
	}
	var many []Address
	for i := range 3 * maxAddresses {
		many = append(many, Address{Value: fmt.Sprint("a", i)})
	}
	c := save(t, s, Contact{Name: strings.Repeat("x", 1<<20), Note: strings.Repeat("ä", 1<<20), Addresses: many})
	if len(c.Name) != maxText || len(c.Note) != maxNote || len(c.Addresses) != maxAddresses {
		t.Errorf("%d, %d, %d", len(c.Name), len(c.Note), len(c.Addresses))
	}
	populate(s, 0, MaxContacts-1)
	_, err := s.SaveContact(Contact{Addresses: reach("", "one.more")})
	wantProblem(t, err, ErrInvalid)
	if c.Name = "y"; save(t, s, c).Name != "y" {
		t.Error("a contact cannot be changed where there are many")
	}
	_, _, problems, err := s.ImportVCard(strings.NewReader(card4("FN:N\nTEL:99999999")))
	if err != nil || len(problems) != 1 || len(s.Contacts()) != MaxContacts {
		t.Errorf("%q, %v", problems, err)
	}
}

func TestFind(t *testing.T) {
	both(t, func(t *testing.T, s *Store, again func() *Store) {
		for _, c := range []Contact{
			{Name: "Anna", Addresses: reach("", "Anna@Example.com", "", "+49 170 1234567")},
			{Name: "Bob", Addresses: reach("", "bob", "", "100")},
			{Name: "Carol", Addresses: reach("", "030/7654321")},
			{Name: "Twin", Addresses: reach("", "+49 211 5555555")},
			{Name: "Other Twin", Addresses: reach("", "+43 211 5555555")},
			{Name: "First", Addresses: reach("", "shared")},
			{Name: "Favourite", Favourite: true, Addresses: reach("", "shared")},
			{Name: "Star", Addresses: reach("", "*98#")},
		} {
			save(t, s, c)
		}
		s = again()
		check := func(cases map[string]string) {
			t.Helper()
			for address, want := range cases {
				got, ok := s.Find(address)
				if got.Name != want || ok != (want != "") {
					t.Errorf("%q is %q, want %q", address, got.Name, want)
				}
			}
		}
		check(map[string]string{
			"anna@example.com": "Anna", "sip:ANNA@EXAMPLE.COM;user=phone": "Anna", "anna": "", "bob": "Bob", "bob@example.com": "",
			"anna@example.com.evil.example": "", "ann@example.com": "", "": "", "@": "", "@example.com": "",
			"00491701234567": "Anna", "tel:+49-170-1234567": "Anna", "491701234567": "Anna", "01701234567": "Anna", "1701234567": "",
			"100": "Bob", "0100": "", "+49 30 7654321": "Carol", "7654321": "", "02115555555": "", "+492115555555": "Twin",
			"shared": "Favourite", "*98#": "Star", "98": "",
		})
		s.SetDomain("Example.COM")
		check(map[string]string{
			"anna": "Anna", "Bob@example.com": "Bob", "bob@other.example": "", "100@example.com": "Bob", "+491701234567@example.com": "Anna",
			"01701234567@example.com": "Anna", "+491701234567@other.example": "", "@example.com": "",
		})
	})
}

func TestSearchContacts(t *testing.T) {
	s := Memory(clock)
	for _, c := range []Contact{
		{Name: "Élodie Zimmer", Addresses: reach("", "ez@example.com"), Organisation: "Acme"},
		{Name: "Zoë", Addresses: reach("", "zoe@example.com", "", "+49 170 1")},
		{Name: "ahmet İnce", Addresses: reach("", "ince")},
	} {
		save(t, s, c)
	}
	for typed, want := range map[string][]string{
		"": {"ahmet İnce", "Élodie Zimmer", "Zoë"}, "z": {"Zoë", "Élodie Zimmer"}, "elo": {"Élodie Zimmer"}, "acm zim": {"Élodie Zimmer"},
		"INCE": {"ahmet İnce"}, "ınce": {"ahmet İnce"}, "49170": {"Zoë"}, "lodie": nil, "acme zoe": nil,
	} {
		if got := names(s.SearchContacts(typed, 10)); !reflect.DeepEqual(got, want) {
			t.Errorf("%q finds %q, want %q", typed, got, want)
		}
	}
	if got := s.SearchContacts("", 1); len(got) != 1 {
		t.Errorf("a limit of 1 gives %d", len(got))
	}
	if got := s.SearchContacts("", -1); len(got) != 0 {
		t.Errorf("a limit of -1 gives %d", len(got))
	}
}

func TestSettings(t *testing.T) {
	both(t, func(t *testing.T, s *Store, again func() *Store) {
		for key, value := range map[string]string{"a": "1", "b": "", "c": "x\x00ü"} {
			if err := s.SetSetting(key, value); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(s.SetFlag("flag", true), s.SetNumber("number", -7), s.DeleteSetting("a"), s.DeleteSetting("a")); err != nil {
			t.Fatal(err)
		}
		s = again()
		if got, want := s.Settings(), map[string]string{"b": "", "c": "x\x00ü", "flag": "true", "number": "-7"}; !reflect.DeepEqual(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if _, ok := s.Setting("a"); ok {
			t.Error("a deleted setting is there")
		}
		if v, ok := s.Setting("b"); v != "" || !ok {
			t.Error("an empty setting is not there")
		}
		if !s.Flag("flag", false) || !s.Flag("none", true) || s.Flag("number", false) || s.Number("number", 1) != -7 || s.Number("b", 5) != 5 {
			t.Error("flags or numbers differ")
		}
		s.Settings()["b"] = "changed"
		if v, _ := s.Setting("b"); v != "" {
			t.Error("the caller can change what is kept")
		}
		wantProblem(t, s.SetSetting("", "x"), ErrInvalid)
		wantProblem(t, s.SetSetting(strings.Repeat("k", maxKey+1), "x"), ErrInvalid)
		wantProblem(t, s.SetSetting("long", strings.Repeat("v", maxValue+1)), ErrInvalid)
		for i := len(s.Settings()); i < maxSettings; i++ {
			s.settings[fmt.Sprint("key", i)] = ""
		}
		wantProblem(t, s.SetSetting("one more", "x"), ErrInvalid)
	})
}
