package link

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		link, want string
		err        error
	}{
		{link: "sip:bob@example.com", want: "bob@example.com"},
		{link: "SIP:Bob@EXAMPLE.com", want: "Bob@example.com"},
		{link: "sip:bob:pass@example.com:5070;transport=tcp?subject=hello&to=x", want: "bob@example.com"},
		{link: "sip:bob%2esmith@example.com", want: "bob.smith@example.com"},
		{link: "sip:zo%C3%AB@example.com", want: "zoë@example.com"},
		{link: "sip:+49-30-1234;isub=5@example.com;user=phone", want: "+49301234@example.com"},
		{link: "sip:030-1234@example.com;user=phone", want: "0301234@example.com"},
		{link: "sip:bob@192.0.2.4", want: "bob@192.0.2.4"},
		{link: "sip:bob@[2001:DB8::9]:5060", want: "bob@[2001:db8::9]"},
		{link: "sip:atlanta.example.com", err: ErrNobody},
		{link: "sip:@example.com", err: ErrNobody},
		{link: "sip:", err: ErrNobody},
		{link: "sip:bob@", err: ErrHost},
		{link: "sip:bob@example.com:0", err: ErrHost},
		{link: "sip:bob@example.com:99999", err: ErrHost},
		{link: "sip:bob@-x", err: ErrHost},
		{link: "sip:bob@a@b", err: ErrHost},
		{link: "sip:bob@[::1", err: ErrHost},
		{link: "sip:bob%40home@example.com", err: ErrDamaged},
		{link: "sip:bob%0d%0aTo:x@example.com", err: ErrDamaged},
		{link: "sip:bob%0", err: ErrNobody},
		{link: "sip:bob%zz@example.com", err: ErrDamaged},
		{link: "sip:bob%ff@example.com", err: ErrDamaged},
		{link: "sip:bob%e2%80%aex@example.com", err: ErrDamaged},
		{link: "sip:bob\n@example.com", err: ErrDamaged},
		{link: "sip:bob smith@example.com", err: ErrDamaged},
		{link: "sip://bob@example.com", err: ErrDamaged},
		{link: "sip:" + strings.Repeat("a", 300) + "@example.com", err: ErrLong},
		{link: "sip:bob@example.com?" + strings.Repeat("a", MaxBytes), err: ErrLong},

		{link: "tel:+49-(170).123-4567", want: "+491701234567"},
		{link: "tel:+49%20170%201234567", want: "+491701234567"},
		{link: "tel:7042;phone-context=example.com", want: "7042"},
		{link: "tel:*21%23", want: "*21#"},
		{link: "tel:*21#", want: "*21#"},
		{link: "tel:", err: ErrNumber},
		{link: "tel:*#", err: ErrNumber},
		{link: "tel:bob", err: ErrNumber},
		{link: "tel:12+3", err: ErrNumber},
		{link: "tel:" + strings.Repeat("1", 65), err: ErrLong},

		{link: "kandy:bob@example.com", want: "bob@example.com"},
		{link: "kandy:bob?video=yes", want: "bob"},
		{link: "kandy:+49-170-1", want: "+491701"},
		{link: "kandy:", err: ErrNobody},

		{link: "", err: ErrScheme},
		{link: "bob@example.com", err: ErrScheme},
		{link: "mailto:bob@example.com", err: ErrScheme},
		{link: "sip", err: ErrScheme},
	} {
		got, err := Parse(tt.link)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%q: %q, %v, want %q, %v", tt.link, got, err, tt.want, tt.err)
		}
	}
}

// FuzzParse: what comes out is one clean word, and means the same once more.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"sip:bob:x@example.com:1;user=phone?a=b", "tel:+49(30)%201.2-3;ext=4", "kandy:zo%C3%AB", "sip:a@[::1]:5", "sip:%25@b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		address, err := Parse(s)
		if err != nil {
			if address != "" {
				t.Fatalf("%q with %v", address, err)
			}
			return
		}
		if address == "" || len(address) > maxAddress || !utf8.ValidString(address) || strings.Count(address, "@") > 1 {
			t.Fatalf("%q gives %q", s, address)
		}
		for _, r := range address {
			if unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == ';' || r == '?' {
				t.Fatalf("%q gives %q", s, address)
			}
		}
		user, host, ok := strings.Cut(address, "@")
		again := "kandy:" + escape(user)
		if ok {
			again = "sip:" + escape(user) + "@" + host
		}
		if twice, err := Parse(again); err != nil || twice != address {
			t.Fatalf("%q gives %q, which gives %q, %v", s, address, twice, err)
		}
	})
}

// escape writes all but plain letters and digits as %HH.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '+' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
