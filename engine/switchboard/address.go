package switchboard

import (
	"context"
	"errors"
	"net/http"
	"strings"
)

// resolve finds whom an address such as "sip:bob@example.com" belongs to: a
// user, or else a contact by its local part.
func (s *Server) resolve(ctx context.Context, caller User, address string) (target, error) {
	unknown := refuse(http.StatusNotFound, msgNoAddress, "No valid addresses provided in message part %1", "tParticipantAddress")
	email := s.dialled(caller, address)
	user, err := findUser(ctx, s.config.Store, email)
	if err == nil {
		return target{User: user.User}, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return target{}, err
	}
	local, domain, _ := strings.Cut(email, "@")
	if s.config.Contacts[local] != nil && (domain == s.config.Domain || domain == domainOf(caller.Email)) {
		return target{User: User{Email: email}, Contact: local}, nil
	}
	return target{}, unknown
}

// dialled strips scheme and parameters off an address, and adds the caller's
// domain where there is none (RFC 3261 §19.1).
func (s *Server) dialled(caller User, address string) string {
	if len(address) > 2*maxEmail {
		return ""
	}
	address = strings.ToLower(strings.TrimSpace(address))
	if scheme, rest, ok := strings.Cut(address, ":"); ok && !strings.Contains(scheme, "@") {
		address = rest
	}
	if i := strings.IndexAny(address, ";?"); i >= 0 {
		address = address[:i]
	}
	if address == "" || strings.Contains(address, "@") {
		return address
	}
	if domain := domainOf(caller.Email); domain != "" {
		return address + "@" + domain
	}
	return address + "@" + s.config.Domain
}

func domainOf(email string) string {
	_, domain, _ := strings.Cut(email, "@")
	return domain
}
