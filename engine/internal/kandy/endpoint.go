package kandy

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"tring/engine"
)

// endpoint is the server's base: a scheme, a host and a port.
type endpoint struct {
	scheme string // "https", or "http" on a loopback address
	host   string // with the port if one was given
}

// parseEndpoint reads Account.Server. A bare host means https.
func parseEndpoint(server string) (endpoint, *engine.Problem) {
	bad := func(cause string) (endpoint, *engine.Problem) {
		return endpoint{}, &engine.Problem{
			Cause: cause,
			Next:  "Enter the server as https://host or https://host:port.",
			Err:   engine.ErrBadAddress,
		}
	}
	server = strings.TrimSpace(server)
	if server == "" {
		return bad("No server is given.")
	}
	if !strings.Contains(server, "://") {
		server = "https://" + server
	}
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || len(server) > 300 {
		return bad("The server's address cannot be read.")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "" {
		return bad("The server's address holds more than a host and a port.")
	}
	switch u.Scheme = strings.ToLower(u.Scheme); u.Scheme {
	case "https":
	case "http":
		if !loopback(u.Hostname()) {
			return endpoint{}, &engine.Problem{
				Cause: fmt.Sprintf("Without encryption the password could be read on its way to %s.", u.Hostname()),
				Next:  "Use https:// in the server's address; http:// works for a server on this computer only.",
				Err:   engine.ErrBadAddress,
			}
		}
	default:
		return bad(fmt.Sprintf("The server's address begins with %s://, which is not a web address.", clip(u.Scheme, 20)))
	}
	return endpoint{scheme: u.Scheme, host: u.Host}, nil
}

// loopback reports whether a host name can only mean this computer
// (RFC 6761 §6.3 for localhost).
func loopback(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// url is the address of a path (with or without query) on this server.
func (e endpoint) url(path string) string { return e.scheme + "://" + e.host + path }

// name is the server as people know it.
func (e endpoint) name() string { return e.host }

// resource reduces a resourceURL, href or channelURL to path and query.
// Relative and full forms are allowed; one on another host is refused, since
// requests carry credentials.
func (e endpoint) resource(ref string) (string, error) {
	if len(ref) > 2048 {
		return "", fmt.Errorf("resource address of %d bytes", len(ref))
	}
	u, err := url.Parse(ref)
	if err != nil {
		return "", fmt.Errorf("resource address %q cannot be read", clip(ref, 80))
	}
	if u.Host != "" && !e.sameHost(u) {
		return "", fmt.Errorf("resource on another host, %q", clip(u.Host, 80))
	}
	path := u.EscapedPath()
	if !strings.HasPrefix(path, "/") || strings.Contains(path, "/../") || strings.HasSuffix(path, "/..") {
		return "", fmt.Errorf("resource address %q is no path", clip(ref, 80))
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return path, nil
}

func (e endpoint) sameHost(u *url.URL) bool {
	base := &url.URL{Scheme: e.scheme, Host: e.host}
	return strings.EqualFold(u.Hostname(), base.Hostname()) && port(u) == port(base)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	switch u.Scheme {
	case "http", "ws":
		return "80"
	}
	return "443"
}

// clip shortens foreign text and takes control characters out of it.
func clip(s string, limit int) string {
	var b strings.Builder
	for i, r := range []rune(clipBytes(s, 4*limit)) {
		if i == limit {
			b.WriteString("…")
			break
		}
		if r < 0x20 || r == 0x7f || unsafeRune(r) {
			r = ' '
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

func clipBytes(s string, limit int) string {
	if len(s) > limit+8 {
		return s[:limit+8]
	}
	return s
}

// unsafeRune reports characters that change how the text around them looks:
// C1 controls and the Unicode bidirectional controls (UAX #9 §2).
func unsafeRune(r rune) bool {
	switch {
	case r >= 0x80 && r <= 0x9f, r == 0x061c, r == 0x200e, r == 0x200f,
		r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x2028, r == 0x2029, r == 0xfffd:
		return true
	}
	return false
}
