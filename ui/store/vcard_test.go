package store

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// imported is what a file of vCards gives to an empty store.
func imported(t *testing.T, file string) ([]Contact, []string) {
	t.Helper()
	s := Memory(clock)
	_, _, problems, err := s.ImportVCard(iotest.OneByteReader(strings.NewReader(file)))
	if err != nil {
		t.Fatalf("ImportVCard: %v", err)
	}
	all := s.Contacts()
	for i := range all {
		all[i].ID = 0
	}
	return all, problems
}

func card21(lines string) string {
	return "BEGIN:VCARD\r\nVERSION:2.1\r\n" + strings.ReplaceAll(lines, "\n", "\r\n") + "\r\nEND:VCARD\r\n"
}

func card4(lines string) string { return strings.Replace(card21(lines), "2.1", "4.0", 1) }

func reach(pairs ...string) (a []Address) {
	for i := 0; i < len(pairs); i += 2 {
		a = append(a, Address{pairs[i], pairs[i+1]})
	}
	return a
}

func TestImportVCard(t *testing.T) {
	for _, c := range []struct {
		name, file string
		want       Contact
	}{
		{"3.0, folded and grouped", card4("N:Müller;Anna;Maria;Dr.;\nFN:Dr. Anna M\n üller\nORG:Acme\\, Inc.;Sales\nitem1.TEL;TYPE=pref:+49 170 1234\nitem1.X-ABLabel:_$!<Mobile>!$_\nEMAIL;TYPE=INTERNET,WORK:anna@example.com\nNOTE:one\\ntwo\\; three\\\\"), Contact{
			Name: "Dr. Anna Müller", Organisation: "Acme, Inc., Sales", Note: "one\ntwo; three\\",
			Addresses: reach("mobile", "+49 170 1234", "work", "anna@example.com"),
		}},
		{"4.0 URIs", card4("FN:Bob\nTEL;VALUE=uri;TYPE=\"voice,home\":tel:+49-170-99;ext=5\nIMPP;PREF=1:sip:bob%2B1@example.com;transport=tls\nIMPP:xmpp:bob@jabber.example\nURL:https://example.com\nURL:kandy:bob@kandy.example"), Contact{
			Name: "Bob", Addresses: reach("home", "+49-170-99", "", "bob+1@example.com", "", "bob@kandy.example"),
		}},
		{"2.1 quoted-printable over lines", card21("N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C5=9Eahin;Ay=\n=C5=9Fe;;;\nTEL;CELL;VOICE:0170 1\nTEL;HOME;FAX:0170 2\nNOTE;QUOTED-PRINTABLE:a=0D=0Ab=3"), Contact{
			Name: "Ayşe Şahin", Note: "a\nb=3", Addresses: reach("mobile", "0170 1"),
		}},
		{"2.1 charsets", card21("N;CHARSET=ISO-8859-9;ENCODING=QUOTED-PRINTABLE:=DEahin;I=FE=FDk\nORG;CHARSET=windows-1252:Caf\xe9 \x80\nTEL:1"), Contact{
			Name: "Işık Şahin", Organisation: "Café €", Addresses: reach("", "1"),
		}},
		{"no charset told", card21("FN:J\xfcrgen\nTEL:1"), Contact{Name: "Jürgen", Addresses: reach("", "1")}},
		{"2.1 backslashes and folds", card21("FN:C:\\new\n  name\nTEL:1"), Contact{Name: `C:\new  name`, Addresses: reach("", "1")}},
		{"picture", card4("FN:P\nPHOTO;ENCODING=b;TYPE=JPEG:" + strings.Repeat("QUJD\n ", 40000) + "\nTEL:1"), Contact{Name: "P", Addresses: reach("", "1")}},
		{"agent within", card21("FN:Boss\nAGENT:\nBEGIN:VCARD\nFN:Agent\nTEL:2\nEND:VCARD\nTEL:1"), Contact{Name: "Boss", Addresses: reach("", "1")}},
		{"favourite", card4("FN:F\nCATEGORIES:friends,Starred\nTEL:1"), Contact{Name: "F", Favourite: true, Addresses: reach("", "1")}},
		{"organisation alone", card4("ORG:Acme\nTEL:1\nTEL:1"), Contact{Name: "Acme", Organisation: "Acme", Addresses: reach("", "1")}},
		{"address alone", "begin:vcard\nemail:<mailto:x@y.example>\nend:vcard", Contact{Name: "x@y.example", Addresses: reach("", "x@y.example")}},
		{"no end", "BEGIN:VCARD\nFN:N\nTEL:1", Contact{Name: "N", Addresses: reach("", "1")}},
		{"UTF-8 mark", "\ufeff" + card4("FN:N\nTEL:1"), Contact{Name: "N", Addresses: reach("", "1")}},
		{"UTF-16", "\xff\xfeB\x00E\x00G\x00I\x00N\x00:\x00V\x00C\x00A\x00R\x00D\x00\n\x00F\x00N\x00:\x00\x5e\x01\n\x00T\x00E\x00L\x00:\x001\x00", Contact{Name: "Ş", Addresses: reach("", "1")}},
		{"control characters", card4("FN:A\x00\u202eB\\nC\nTEL:1"), Contact{Name: "AB C", Addresses: reach("", "1")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, problems := imported(t, c.file)
			if len(problems) != 0 || len(got) != 1 || !reflect.DeepEqual(got[0], c.want) {
				t.Errorf("got  %+v\nwant %+v\nproblems %q", got, c.want, problems)
			}
		})
	}
}

func TestImportTellsWhatIsMissing(t *testing.T) {
	got, problems := imported(t, card4("FN:Nobody\nTEL;TYPE=fax:1")+card4("KIND:group\nFN:Team")+card21("FN;CHARSET=KOI8-R:\xc1\xc2\nTEL:2"))
	if len(got) != 1 || len(problems) != 2 || !strings.Contains(problems[0], "Card 1 (“Nobody”) has no number") || !strings.Contains(problems[1], "Card 3") {
		t.Errorf("contacts %+v, problems %q", got, problems)
	}
	many := strings.Repeat(card4("FN:x"), 2*maxCardProblems)
	if _, problems = imported(t, many); len(problems) != maxCardProblems+1 {
		t.Errorf("%d problems", len(problems))
	}
}

func TestImportRefuses(t *testing.T) {
	s := Memory(clock)
	_, _, _, err := s.ImportVCard(strings.NewReader("<html>"))
	wantProblem(t, err, ErrInvalid)
	_, _, _, err = s.ImportVCard(io.MultiReader(strings.NewReader(card4("FN:A\nTEL:1")), iotest.ErrReader(io.ErrUnexpectedEOF)))
	wantProblem(t, err, io.ErrUnexpectedEOF)
	_, _, _, err = s.ImportVCard(io.MultiReader(strings.NewReader("BEGIN:VCARD\nNOTE:"), endless{}))
	wantProblem(t, err, errCardFile)
	if len(s.Contacts()) != 0 {
		t.Error("a file that was refused has left contacts")
	}
}

// endless never ends.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func TestImportMerges(t *testing.T) {
	both(t, func(t *testing.T, s *Store, again func() *Store) {
		s.SetDomain("example.com")
		anna, err := s.SaveContact(Contact{Name: "Anna", Addresses: reach("", "anna@example.com", "", "100")})
		if err != nil {
			t.Fatal(err)
		}
		added, merged, problems, err := s.ImportVCard(strings.NewReader(
			card4("FN:Anna Müller\nEMAIL;TYPE=work:ANNA@example.com\nTEL:+49 1\nCATEGORIES:Favourite\nNOTE:hello") + // by address
				card4("FN:Bob\nTEL:100") + // shares a number alone
				card4("FN:Anna\nIMPP:sip:anna\nORG:Acme") +
				card4("FN:Bobby\nEMAIL:bob2@example.com\nTEL:200") +
				card4("FN:Robert\nEMAIL:bob2@example.com")))
		if err != nil || added != 3 || merged != 2 || len(problems) != 0 {
			t.Fatalf("added %d, merged %d, problems %q: %v", added, merged, problems, err)
		}
		s = again()
		c, _ := s.Contact(anna.ID)
		want := Contact{
			ID: anna.ID, Name: "Anna", Favourite: true, Note: "hello", Organisation: "Acme",
			Addresses: reach("work", "anna@example.com", "", "100", "", "+49 1", "", "anna"),
		}
		want.Addresses = want.Addresses[:len(c.Addresses)]
		if !reflect.DeepEqual(c, want) {
			t.Errorf("got  %+v\nwant %+v", c, want)
		}
		if n := len(s.Contacts()); n != 4 {
			t.Errorf("%d contacts", n)
		}
	})
}

func roundTrip(t *testing.T, from *Store) {
	t.Helper()
	var file bytes.Buffer
	if err := from.ExportVCard(&file); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(file.String(), "\r\n") {
		if len(line) > lineWidth {
			t.Errorf("the line %q is too long", line)
		}
	}
	if len(from.Contacts()) == 0 {
		return
	}
	to := Memory(clock)
	if _, _, problems, err := to.ImportVCard(bytes.NewReader(file.Bytes())); err != nil || len(problems) != 0 {
		t.Fatalf("%v, %q", err, problems)
	}
	a, b := from.Contacts(), to.Contacts()
	for i := range a {
		a[i].ID = 0
	}
	for i := range b {
		b[i].ID = 0
	}
	if len(a) != len(b) {
		t.Fatalf("%d contacts came back of %d:\n%s", len(b), len(a), file.String())
	}
	for i := range a {
		if !reflect.DeepEqual(a[i], b[i]) {
			t.Errorf("out  %#v\nback %#v\nfile %s", a[i], b[i], file.String())
		}
	}
}

func TestExportComesBack(t *testing.T) {
	s := Memory(clock)
	for i, c := range []Contact{
		{Name: "Ayşe; \\ , Şahin", Organisation: "A, B; C", Note: "one\n  two\\n", Favourite: true, Addresses: reach("mobile", "+90 (212) 1-2", "Büro: Süd", "ayse@example.com", "cell", "ayse")},
		{Name: strings.Repeat("عبد الرحمن ", 20), Addresses: reach("home", "عبد@example.com", "work", "*98#", "Home", "bob+1%/x y@[::1]:5060")},
		{Name: "shared", Addresses: reach("", "100")},
		{Name: "also shared", Addresses: reach("", "100")},
		{Addresses: reach("", "sip:sips:no.name@example.com")},
	} {
		if _, err := s.SaveContact(c); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	roundTrip(t, s)
}

func TestExportTellsAFullDisk(t *testing.T) {
	s := Memory(clock)
	fill(t, s)
	wantProblem(t, s.ExportVCard(fullWriter{}), io.ErrShortWrite)
}

type fullWriter struct{}

func (fullWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func FuzzImportVCard(f *testing.F) {
	f.Add([]byte(card4("FN:A\nTEL;TYPE=\"a,b\":1\nitem1.IMPP:sip:x\nitem1.X-ABLABEL:l")))
	f.Add([]byte(card21("N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C5=9E;A=\n=\nTEL:1\nAGENT:\nBEGIN:VCARD\nEND:VCARD")))
	f.Add([]byte("\xfe\xff\x00B"))
	f.Add([]byte("BEGIN:VCARD\nEMAIL:<<sip:a>@b\nTEL:\\\\\\\nNOTE:\\"))
	f.Fuzz(func(t *testing.T, file []byte) {
		s := Memory(clock)
		added, merged, problems, err := s.ImportVCard(bytes.NewReader(file))
		if err != nil {
			return
		}
		if len(s.Contacts()) != added || merged < 0 || len(problems) > maxCardProblems+1 {
			t.Fatalf("%d added, %d contacts, %d problems", added, len(s.Contacts()), len(problems))
		}
		for _, c := range s.Contacts() {
			clean, err := cleanContact(c)
			if err != nil || !reflect.DeepEqual(clean, c) {
				t.Fatalf("%+v is kept, cleaned again it is %+v (%v)", c, clean, err)
			}
		}
	})
}

// FuzzRoundTrip saves any contact, and wants it back as it was kept.
func FuzzRoundTrip(f *testing.F) {
	f.Add("A", "+49 1", "work", "b@c", "x\ny", "Acme", true)
	f.Add("A\\", "sip:<a", "item1.TEL", "a:b;c?d", "\r\n ", ";", false)
	f.Fuzz(func(t *testing.T, name, first, label, second, note, organisation string, favourite bool) {
		s := Memory(clock)
		if _, err := s.SaveContact(Contact{Name: name, Note: note, Organisation: organisation, Favourite: favourite, Addresses: reach(label, first, "", second)}); err != nil {
			return
		}
		roundTrip(t, s)
	})
}

func BenchmarkImportVCard(b *testing.B) {
	var file strings.Builder
	for i := range 2000 {
		fmt.Fprint(&file, card4(fmt.Sprintf("FN:Person %d\nTEL;TYPE=cell:+49 170 %d\nEMAIL:p%d@example.com", i, i, i)))
	}
	for b.Loop() {
		if _, _, _, err := Memory(clock).ImportVCard(strings.NewReader(file.String())); err != nil {
			b.Fatal(err)
		}
	}
}
