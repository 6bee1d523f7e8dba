package kandy

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tring/engine"
	"tring/engine/internal/kandyapi"
	"tring/engine/internal/signaling"
)

// maxIDToken bounds an id token, in bytes.
const maxIDToken = 64 << 10

// identity is what the id token says about the user.
type identity struct {
	user   string // id in all paths
	public signaling.Identity
	domain string // default for dialling; may be empty
}

// parseIDToken reads the claims of an id token. The signature is not checked:
// the token came straight from the token endpoint over TLS (OpenID Connect
// Core §3.1.3.7, point 6).
func parseIDToken(token string, account engine.Account) (identity, error) {
	if len(token) > maxIDToken {
		return identity{}, fmt.Errorf("id token of %d bytes", len(token))
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return identity{}, fmt.Errorf("id token of %d parts", len(parts))
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return identity{}, errors.New("id token is not base64url")
	}
	var claims kandyapi.IDClaims
	if err := json.Unmarshal(raw, &claims); err != nil {
		return identity{}, errors.New("id token is not JSON")
	}
	if !validID(claims.PreferredUsername) {
		return identity{}, errors.New("id token names no user")
	}
	address := publicAddress(claims.ServicesIdentity)
	if address == "" {
		address = publicAddress(claims.PreferredUsername)
	}
	id := identity{
		user:   claims.PreferredUsername,
		public: signaling.Identity{Address: address, Name: clip(claims.Name, 128)},
	}
	for _, a := range []string{address, claims.Email, account.User} {
		if _, domain, ok := cutLast(a, "@"); ok && validDomain(domain) {
			id.domain = strings.ToLower(domain)
			break
		}
	}
	return id, nil
}

// validID reports whether a foreign string can be one segment of our paths.
func validID(s string) bool {
	if s == "" || s == "." || s == ".." || len(s) > 256 {
		return false
	}
	for _, r := range s {
		if r <= 0x20 || r == 0x7f || r == '/' || r == '?' || r == '#' || r == '\\' || unsafeRune(r) {
			return false
		}
	}
	return true
}
