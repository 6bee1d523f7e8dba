package switchboard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Limits of what a user record holds.
const (
	maxEmail    = 160 // bytes
	maxName     = 120
	maxPassword = 512
	minPassword = 6
)

// User is a person who can sign in. The e-mail address, in lower case, is also
// the address at which the user is called.
type User struct {
	ID    string `json:"id"`    // stands in all paths of the user; made by AddUser if empty
	Email string `json:"email"` // "alice@example.com"
	Name  string `json:"name,omitempty"`
}

// userRecord is how a user is stored.
type userRecord struct {
	User
	Password string    `json:"password"` // argon2id, PHC string format
	Created  time.Time `json:"created"`
}

// NormalEmail brings an address to the form users are stored under, or says
// what is wrong with it.
func NormalEmail(email string) (string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > maxEmail || strings.ContainsAny(email, " \"<>/\\;?%") {
		return "", fmt.Errorf("%q is not an e-mail address such as alice@example.com", email)
	}
	return email, nil
}

// AddUser stores a new user with a password; ErrExists if the address is
// taken. Servers on the same store see the user at once.
func AddUser(ctx context.Context, store Store, user User, password string) error {
	return addUser(ctx, store, user, password, defaultCost)
}

func addUser(ctx context.Context, store Store, user User, password string, cost argonCost) error {
	email, err := NormalEmail(user.Email)
	if err != nil {
		return err
	}
	user.Email, user.Name = email, strings.TrimSpace(user.Name)
	if err := checkName(user.Name); err != nil {
		return err
	}
	if user.ID == "" {
		user.ID = uuid.NewString()
	}
	if user.ID != urlSafe(user.ID) {
		return errors.New("the user id may hold only letters, digits, '-', '_' and '.'")
	}
	record := userRecord{User: user, Created: time.Now().UTC()}
	if record.Password, err = hashPassword(password, cost); err != nil {
		return err
	}
	value, err := json.Marshal(record)
	if err != nil {
		return err
	}
	if err := store.Create(ctx, bucketUsers, email, value); err != nil {
		return fmt.Errorf("user %s: %w", email, err)
	}
	return nil
}

// SetPassword gives a user a new password. Tokens issued for the old one are
// worth nothing from then on.
func SetPassword(ctx context.Context, store Store, email, password string) error {
	return setPassword(ctx, store, email, password, defaultCost)
}

func setPassword(ctx context.Context, store Store, email, password string, cost argonCost) error {
	record, err := findUser(ctx, store, email)
	if err != nil {
		return err
	}
	if record.Password, err = hashPassword(password, cost); err != nil {
		return err
	}
	value, err := json.Marshal(record)
	if err != nil {
		return err
	}
	return store.Put(ctx, bucketUsers, record.Email, value)
}

// RemoveUser deletes a user; ErrNotFound if there is none.
func RemoveUser(ctx context.Context, store Store, email string) error {
	record, err := findUser(ctx, store, email)
	if err != nil {
		return err
	}
	return store.Delete(ctx, bucketUsers, record.Email)
}

// ListUsers returns all users by address. Damaged records are left out and
// reported by the error.
func ListUsers(ctx context.Context, store Store) ([]User, error) {
	all, err := store.List(ctx, bucketUsers)
	users := make([]User, 0, len(all))
	for key, value := range all {
		var record userRecord
		if bad := json.Unmarshal(value, &record); bad != nil || record.Email != key {
			err = errors.Join(err, fmt.Errorf("user record %s is damaged", key))
			continue
		}
		users = append(users, record.User)
	}
	slices.SortFunc(users, func(a, b User) int { return strings.Compare(a.Email, b.Email) })
	return users, err
}

// findUser reads the user with this address.
func findUser(ctx context.Context, store Store, email string) (userRecord, error) {
	var record userRecord
	email, err := NormalEmail(email)
	if err != nil {
		return record, fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	value, err := store.Get(ctx, bucketUsers, email)
	if err != nil {
		return record, fmt.Errorf("user %s: %w", email, err)
	}
	if err := json.Unmarshal(value, &record); err != nil || record.ID == "" || record.Email != email {
		return record, fmt.Errorf("user record %s is damaged", email)
	}
	return record, nil
}

func checkName(name string) error {
	if len(name) > maxName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("the name is longer than %d bytes or holds control characters", maxName)
	}
	return nil
}

// urlSafe returns id without what would need escaping in a path: the
// JavaScript SDK writes it into URLs as it is.
func urlSafe(id string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.", r)) {
			return r
		}
		return -1
	}, id)
}
