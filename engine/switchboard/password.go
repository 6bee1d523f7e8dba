package switchboard

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// argonCost is how dear guessing is made; OWASP's second recommendation for
// argon2id is the default: 38 ms and 19 MiB a try.
type argonCost struct {
	time    uint32
	memory  uint32 // KiB
	threads uint8
}

var defaultCost = argonCost{time: 2, memory: 19 * 1024, threads: 1}

const (
	saltSize = 16
	hashSize = 32
)

// hashPassword returns the PHC string of a password, with a new salt.
func hashPassword(password string, cost argonCost) (string, error) {
	if len(password) < minPassword || len(password) > maxPassword {
		return "", fmt.Errorf("the password must have %d to %d bytes", minPassword, maxPassword)
	}
	salt := make([]byte, saltSize)
	rand.Read(salt) // never fails (crypto/rand)
	hash := argon2.IDKey([]byte(password), salt, cost.time, cost.memory, cost.threads, hashSize)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, cost.memory, cost.time, cost.threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(hash)), nil
}

var errBadHash = errors.New("stored password hash is damaged")

// checkPassword compares in constant time. An error means that the stored hash
// cannot be used.
func checkPassword(password, phc string) (bool, error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return false, errBadHash
	}
	var cost argonCost
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &cost.memory, &cost.time, &cost.threads); err != nil {
		return false, errBadHash
	}
	if cost.memory > 1<<20 || cost.time < 1 || cost.time > 16 || cost.threads < 1 {
		return false, errBadHash
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(salt) < 8 || len(want) < 16 || len(want) > 64 {
		return false, errBadHash
	}
	got := argon2.IDKey([]byte(password), salt, cost.time, cost.memory, cost.threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// passwordChecker bounds how many hashes are computed at once: each takes
// 19 MiB and a core.
type passwordChecker struct {
	slots chan struct{} // capacity: hashes at once
	queue chan struct{} // capacity: hashes at once and waiting
	dummy string        // compared for unknown users, so that they take as long
}

var errTooBusy = errors.New("too many log-ins at once")

func newPasswordChecker(cost argonCost, parallel, waiting int) (*passwordChecker, error) {
	random := make([]byte, 16)
	rand.Read(random)
	dummy, err := hashPassword(base64.StdEncoding.EncodeToString(random), cost)
	if err != nil {
		return nil, err
	}
	return &passwordChecker{make(chan struct{}, parallel), make(chan struct{}, parallel+waiting), dummy}, nil
}

// check compares password with phc, or with a hash that nothing fits if phc is
// empty. It waits for its turn, at most until ctx ends.
func (p *passwordChecker) check(ctx context.Context, password, phc string) (bool, error) {
	select {
	case p.queue <- struct{}{}:
		defer func() { <-p.queue }()
	default:
		return false, errTooBusy
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	if phc == "" {
		_, err := checkPassword(password, p.dummy)
		return false, err
	}
	return checkPassword(password, phc)
}
