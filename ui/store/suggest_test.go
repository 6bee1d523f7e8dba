package store

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// populate fills the memory of a store.
func populate(s *Store, calls, contacts int) {
	first := []string{"Anna", "Björn", "Chloé", "Doğan", "Elif", "Françoise", "Günther", "Hüseyin", "Ömer", "Zoë"}
	last := []string{"Müller", "Şahin", "O’Neil", "de la Croix", "Schmidt", "Yılmaz", "Núñez", "Andersson"}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range contacts {
		s.put(Contact{
			Name: fmt.Sprintf("%s %s %d", first[i%len(first)], last[i%len(last)], i), Organisation: "Acme", Favourite: i%100 == 0,
			Addresses: reach("work", fmt.Sprintf("person%d@example.com", i), "mobile", fmt.Sprintf("+49 170 %07d", i)),
		})
	}
	for i := range calls {
		r := newRecord(Entry{
			Address: fmt.Sprintf("person%d@example.com", i*i%4001), Name: first[i%len(first)], Incoming: i%3 == 0, Outcome: Answered,
			Began: start.Add(-time.Duration(calls-i) * time.Hour), Ended: start, Receipt: &Receipt{SetUp: time.Second, Width: 1280, Height: 720, LossIn: 0.01},
		})
		s.lastCall++
		r.ID = s.lastCall
		s.calls = append(s.calls, r)
	}
}

func addresses(found []Suggestion) (a []string) {
	for _, f := range found {
		a = append(a, f.Address)
	}
	return a
}

func TestSuggest(t *testing.T) {
	both(t, func(t *testing.T, s *Store, again func() *Store) {
		s.SetDomain("example.com")
		for _, c := range []Contact{
			{Name: "Anna Müller", Addresses: reach("work", "anna@example.com", "mobile", "+49 (170) 123-456")},
			{Name: "Joanna Smith", Addresses: reach("", "joanna@example.com")},
			{Name: "Zed Anna", Favourite: true, Addresses: reach("", "zed@example.com")},
			{Name: "Annika", Addresses: reach("", "annika@other.example"), Organisation: "Şirket"},
		} {
			if _, err := s.SaveContact(c); err != nil {
				t.Fatal(err)
			}
		}
		call := func(address, name string, daysAgo int, video bool) {
			t.Helper()
			at := start.AddDate(0, 0, -daysAgo)
			if _, err := s.BeginCall(Entry{Address: address, Name: name, Began: at, Ended: at, Outcome: Answered, Video: video}); err != nil {
				t.Fatal(err)
			}
		}
		for range 5 {
			call("old@example.com", "Anton Old", 400, false)
		}
		call("annika@other.example", "Wrong Name", 3, false)
		call("annika@other.example", "", 2, true)
		call("ANNA", "", 1, false)
		call("antonia@example.com", "Antonia", 0, false)
		call("antonia@example.com", "", 0, true)
		call("", "Withheld", 0, false)
		check := func(typed string, want ...string) {
			t.Helper()
			if got := addresses(s.Suggest(typed, 10)); !reflect.DeepEqual(got, want) {
				t.Errorf("%q gives %q, want %q", typed, got, want)
			}
		}
		for range 2 {
			check("an", "antonia@example.com", "annika@other.example", "anna@example.com", "old@example.com", "+49 (170) 123-456", "zed@example.com")
			check("ANN", "annika@other.example", "anna@example.com", "+49 (170) 123-456", "zed@example.com")
			check("muller an", "anna@example.com", "+49 (170) 123-456")
			check("sirket", "annika@other.example")
			check("anna@ex", "anna@example.com")
			check("sip:anna@ex", "anna@example.com")
			check("0170 12", "+49 (170) 123-456")
			check("+49170", "+49 (170) 123-456")
			check("123456", "+49 (170) 123-456")
			check("withheld")
			check("@")
			check("nobody")
			if got := s.Suggest("", 2); len(got) != 2 || got[0].Address != "zed@example.com" || !got[0].Favourite || got[1].Address != "antonia@example.com" {
				t.Errorf("nothing typed gives %+v", got)
			}
			got := s.Suggest("annika", 1)
			want := Suggestion{Name: "Annika", Address: "annika@other.example", Contact: 4, Calls: 2, Last: start.AddDate(0, 0, -2).Local(), Video: true}
			if len(got) != 1 {
				t.Fatalf("%+v", got)
			}
			got[0].weight, got[0].words, got[0].rank = 0, words{}, 0
			if !got[0].Last.Equal(want.Last) {
				t.Errorf("last call %v", got[0].Last)
			}
			if want.Last = got[0].Last; got[0] != want {
				t.Errorf("got  %+v\nwant %+v", got[0], want)
			}
			if got := s.Suggest("antonia", 1); got[0].Name != "Antonia" || got[0].Contact != 0 || !got[0].Video {
				t.Errorf("from the history: %+v", got)
			}
			s = again()
			s.SetDomain("EXAMPLE.com")
		}
		if s.Suggest("a", 0) != nil || s.Suggest("a", -1) != nil {
			t.Error("a limit of none gives some")
		}
	})
}

// TestSuggestFollowsChanges compares what is counted call by call with what is
// counted anew.
func TestSuggestFollowsChanges(t *testing.T) {
	s := Memory(clock)
	populate(s, 300, 50)
	s.Suggest("", 1)
	var last int64
	for i := range 40 {
		var err error
		if last, err = s.BeginCall(Entry{Address: fmt.Sprintf("person%d@example.com", i*7), Name: "New", Video: i%2 == 0}); err != nil {
			t.Fatal(err)
		}
	}
	compare := func() {
		t.Helper()
		got := s.Suggest("", 1000)
		s.index = nil
		if want := s.Suggest("", 1000); len(got) == 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got[:3], want[:3])
		}
	}
	compare()
	if err := s.UpdateCall(Entry{ID: last, Address: "other@example.com", Outcome: Missed, Incoming: true}); err != nil {
		t.Error(err)
	}
	compare()
	if err := s.DeleteCall(last); err != nil {
		t.Error(err)
	}
	compare()
	if err := s.DeleteContact(1); err != nil {
		t.Error(err)
	}
	compare()
	if got := s.Suggest("other", 5); len(got) != 0 {
		t.Errorf("a deleted call is suggested: %+v", got)
	}
}

func TestFold(t *testing.T) {
	for typed, want := range map[string]string{
		"Äpfel":           " apfel",
		"ŞİŞLİ ışık":      " sisli isik",
		"Straße ẞ":        " strasse ss",
		"Ångström":        " angstrom",
		"e\u0301te\u0301": " ete",
		"Nguyễn Łódź":     " nguyen lodz",
		"Ærø Þór":         " aero thor",
		"Έλληνας ΣΟΦΌΣ":   " ελληνασ σοφοσ",
		"Ёлкин й":         " елкин и",
		"أَحْمَد مُنىٰ":   " احمد مني",
		"O’Neil-Smith":    " o neil smith",
		"北京 2号":           " 北京 2号",
		"a\xffb":          " a b",
		" . ":             "",
	} {
		if got := string(appendWords(nil, typed)); got != want {
			t.Errorf("%q folds to %q, want %q", typed, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("Äß İı")
	f.Add("مـحمد ـ")
	f.Add("Bob <sip:tel://bob;x@y>?")
	f.Fuzz(func(t *testing.T, s string) {
		once := appendWords(nil, s)
		if twice := appendWords(nil, string(once)); string(once) != string(twice) {
			t.Errorf("%q folds to %q, then to %q", s, once, twice)
		}
		if len(once) > 4*len(s)+1 {
			t.Errorf("%d bytes fold to %d", len(s), len(once))
		}
		m := newMatcher(s)
		if _, ok := m.rank(newWords(s, nil, "")); !ok && len(m.words) > 0 && len(s) <= maxTyped && bare(s) == s {
			t.Errorf("%q does not find itself", s)
		}
		if a := clean(s, maxText); clean(a, maxText) != a || len(a) > maxText {
			t.Errorf("%q cleans to %q, then to %q", s, a, clean(a, maxText))
		}
		if a := bare(s); bare(a) != a || addressKey(a) != addressKey(s) || strings.TrimSpace(a) != a {
			t.Errorf("%q is bare %q, then %q", s, a, bare(a))
		}
	})
}

func BenchmarkSuggest(b *testing.B) {
	s := Memory(clock)
	populate(s, MaxCalls, 2000)
	for _, typed := range []string{"", "a", "mul", "person12", "0170 00", "nobody"} {
		b.Run(fmt.Sprintf("%q", typed), func(b *testing.B) {
			for b.Loop() {
				s.Suggest(typed, 20)
			}
		})
	}
	b.Run("anew", func(b *testing.B) {
		for b.Loop() {
			s.index = nil
			s.Suggest("a", 20)
		}
	})
}

func BenchmarkHistorySearch(b *testing.B) {
	s := Memory(clock)
	populate(s, MaxCalls, 2000)
	for b.Loop() {
		s.History(Query{Text: "nobody", Limit: 50})
	}
}
