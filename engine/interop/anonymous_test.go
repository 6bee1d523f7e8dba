package interop

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"testing"
)

// private finds what names a machine or a person, or could open something, in a
// session description. The first group, or all, is replaced by what stand gives.
var private = []struct {
	find  *regexp.Regexp
	stand func(n int, old string) string // n counts different ones
}{
	{regexp.MustCompile(`(?m)^a=ice-ufrag:(.*)$`), func(n int, _ string) string { return fmt.Sprintf("uf%02d", n) }},
	{regexp.MustCompile(`(?m)^a=ice-pwd:(.*)$`), func(n int, _ string) string { return fmt.Sprintf("documentation-password%02d", n) }},
	{regexp.MustCompile(`(?m)^a=fingerprint:sha-256 (.*)$`), func(n int, _ string) string {
		return strings.Repeat("00:", 31) + fmt.Sprintf("%02X", n)
	}},
	{regexp.MustCompile(`(?m)^a=tls-id:(.*)$`), func(n int, _ string) string { return fmt.Sprintf("%064d", n) }},
	{regexp.MustCompile(`(?m)^o=\S+ (\d+) `), func(n int, _ string) string { return fmt.Sprint(4611731400430051336 + n) }},
	{regexp.MustCompile(`cname:(\S+)`), func(n int, _ string) string { return fmt.Sprintf("cname%d", n) }},
	{regexp.MustCompile(`(?m)^a=candidate:(\S+) `), func(n int, _ string) string { return fmt.Sprint(n) }},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), func(n int, _ string) string {
		return fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	}},
	{regexp.MustCompile(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|\b[0-9a-f:]*:[0-9a-f]*:[0-9a-f:]+\b`), address},
}

// address is one for documentation (RFC 5737, RFC 3849) in place of any that
// says something.
func address(n int, old string) string {
	ip, err := netip.ParseAddr(old)
	switch {
	case err != nil || ip.IsUnspecified() || ip.IsLoopback():
		return old
	case ip.Is4():
		return fmt.Sprintf("192.0.2.%d", n)
	}
	return fmt.Sprintf("2001:db8::%d", n)
}

// anonymous replaces what is private; what was equal stays equal.
func anonymous(sdp string) string {
	for _, p := range private {
		seen, replaced := map[string]string{}, 0
		var b strings.Builder
		rest := 0
		for _, at := range p.find.FindAllStringSubmatchIndex(sdp, -1) {
			from, to := at[0], at[1]
			if len(at) > 2 {
				from, to = at[2], at[3]
			}
			old := sdp[from:to]
			if _, ok := seen[old]; !ok {
				if seen[old] = p.stand(replaced+1, old); seen[old] != old {
					replaced++
				}
			}
			b.WriteString(sdp[rest:from])
			b.WriteString(seen[old])
			rest = to
		}
		b.WriteString(sdp[rest:])
		sdp = b.String()
	}
	return sdp
}

func TestAnonymous(t *testing.T) {
	const told = "o=- 77 2 IN IP4 127.0.0.1\na=ice-ufrag:AbCd\na=ice-ufrag:AbCd\na=ice-pwd:0123456789abcdef01234567\n" +
		"a=fingerprint:sha-256 AA:BB\nc=IN IP4 10.1.2.3\na=candidate:99 1 udp 1 10.1.2.3 5000 typ host\n" +
		"a=candidate:98 1 udp 1 fe80::1:2 5000 typ host\na=candidate:97 1 udp 1 1b4e28ba-2fa1-11d2-883f-0016d3cca427.local 5 typ host\n" +
		"a=ssrc:5 cname:me\na=fingerprint:sha-256 AA:BB\n"
	const kept = "o=- 4611731400430051337 2 IN IP4 127.0.0.1\na=ice-ufrag:uf01\na=ice-ufrag:uf01\na=ice-pwd:documentation-password01\n" +
		"a=fingerprint:sha-256 00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:01\nc=IN IP4 192.0.2.1\na=candidate:1 1 udp 1 192.0.2.1 5000 typ host\n" +
		"a=candidate:2 1 udp 1 2001:db8::2 5000 typ host\na=candidate:3 1 udp 1 00000000-0000-4000-8000-000000000001.local 5 typ host\n" +
		"a=ssrc:5 cname:cname1\na=fingerprint:sha-256 00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:01\n"
	if got := anonymous(told); got != kept {
		t.Errorf("%s\nwant\n%s", got, kept)
	}
}
