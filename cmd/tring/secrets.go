package main

import (
	"encoding/json"
	"errors"

	"github.com/zalando/go-keyring"

	"tring/engine"
)

// keyringService is the name under which secrets stand in the system's keyring.
const keyringService = "app.tring.softphone"

// keyringStore keeps secrets in the system's keyring: Keychain, Credential
// Manager or the Secret Service.
type keyringStore struct{}

func keyringUser(a engine.Account) string { return a.ClientID + " " + a.User + " " + a.Server }

// Available says whether there is a keyring, and if not, why.
func (keyringStore) Available() (bool, string) {
	_, err := keyring.Get(keyringService, "availability")
	if err == nil || errors.Is(err, keyring.ErrNotFound) {
		return true, ""
	}
	return false, "This system has no keyring that answers, so the sign-in is kept only until Tring is closed."
}

// Load gives what was saved for the account.
func (keyringStore) Load(a engine.Account) (engine.Secret, bool) {
	var s engine.Secret
	text, err := keyring.Get(keyringService, keyringUser(a))
	if err != nil || json.Unmarshal([]byte(text), &s) != nil {
		return engine.Secret{}, false
	}
	return s, s != engine.Secret{}
}

// Save replaces what is kept for the account.
func (keyringStore) Save(a engine.Account, s engine.Secret) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return keyring.Set(keyringService, keyringUser(a), string(text))
}

// Delete forgets the account's secret.
func (keyringStore) Delete(a engine.Account) error {
	err := keyring.Delete(keyringService, keyringUser(a))
	if errors.Is(err, keyring.ErrNotFound) {
		return nil
	}
	return err
}

// noStore keeps nothing: the demo's account is gone with the program.
type noStore struct{}

func (noStore) Available() (bool, string)                 { return false, "The demo's account ends with the program." }
func (noStore) Load(engine.Account) (engine.Secret, bool) { return engine.Secret{}, false }
func (noStore) Save(engine.Account, engine.Secret) error  { return nil }
func (noStore) Delete(engine.Account) error               { return nil }
