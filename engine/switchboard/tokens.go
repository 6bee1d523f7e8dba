package switchboard

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"tring/engine/internal/kandyapi"
)

// What a token is good for; one is never taken for another.
const (
	useAccess  = "access"
	useRefresh = "refresh"
	useID      = "id"
)

const maxToken = 4 << 10 // bytes

// claims are those of all three kinds of token. Clients read the embedded
// IDClaims of the id token and verify nothing.
type claims struct {
	jwt.RegisteredClaims
	kandyapi.IDClaims
	Use     string `json:"use"`
	Client  string `json:"azp"`
	Version string `json:"pv"` // of the password: a new one makes old tokens worthless
}

// keyRecord is a stored Ed25519 signing key.
type keyRecord struct {
	Created time.Time `json:"created"`
	Seed    []byte    `json:"seed"`
}

// keyring signs tokens with its newest key and verifies them with any that may
// still have live tokens.
type keyring struct {
	store  Store
	log    *slog.Logger
	timers Timers

	mu     sync.Mutex
	keys   map[string]keyRecord // by key id
	newest string
}

// openKeyring reads the stored keys.
func openKeyring(ctx context.Context, store Store, timers Timers, log *slog.Logger) (*keyring, error) {
	all, err := store.List(ctx, bucketKeys)
	if err != nil {
		log.Warn("some signing keys cannot be read; their tokens are refused", "err", err)
	}
	k := &keyring{store: store, log: log, timers: timers, keys: map[string]keyRecord{}}
	for id, value := range all {
		var key keyRecord
		if json.Unmarshal(value, &key) != nil || len(key.Seed) != ed25519.SeedSize || uuid.Validate(id) != nil {
			continue // another kind of secret, or damage
		}
		k.keys[id] = key
		if k.newest == "" || key.Created.After(k.keys[k.newest].Created) {
			k.newest = id
		}
	}
	return k, nil
}

// signer returns the key to sign with, made anew when the last one is old.
func (k *keyring) signer(ctx context.Context, now time.Time) (id string, key ed25519.PrivateKey, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	current, ok := k.keys[k.newest]
	if !ok || now.Sub(current.Created) >= k.timers.KeyRotation {
		if err := k.rotateLocked(ctx, now); err != nil {
			return "", nil, err
		}
	}
	return k.newest, ed25519.NewKeyFromSeed(k.keys[k.newest].Seed), nil
}

// rotateLocked stores a new key before it signs anything, and drops those
// whose last token has expired.
func (k *keyring) rotateLocked(ctx context.Context, now time.Time) error {
	record := keyRecord{Created: now.UTC(), Seed: make([]byte, ed25519.SeedSize)}
	rand.Read(record.Seed)
	value, err := json.Marshal(record)
	if err != nil {
		return err
	}
	id := uuid.NewString()
	if err := k.store.Create(ctx, bucketKeys, id, value); err != nil {
		return fmt.Errorf("signing key: %w", err)
	}
	k.keys[id], k.newest = record, id
	last := k.timers.KeyRotation + max(k.timers.AccessToken, k.timers.RefreshToken)
	for old, key := range k.keys {
		if now.Sub(key.Created) > last {
			delete(k.keys, old)
			if err := k.store.Delete(ctx, bucketKeys, old); err != nil {
				k.log.Warn("old signing key not deleted", "err", err)
			}
		}
	}
	return nil
}

// issue makes the answer to a log-in or a refresh.
func (k *keyring) issue(ctx context.Context, user userRecord, client string, now time.Time) (kandyapi.Token, error) {
	kid, key, err := k.signer(ctx, now)
	if err != nil {
		return kandyapi.Token{}, err
	}
	sign := func(use string, life time.Duration) string {
		if err != nil {
			return ""
		}
		token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims{
			RegisteredClaims: jwt.RegisteredClaims{
				ID: uuid.NewString(), Subject: user.ID, Audience: jwt.ClaimStrings{client},
				IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(life)),
			},
			IDClaims: kandyapi.IDClaims{
				PreferredUsername: user.ID, ServicesIdentity: user.Email, Email: user.Email, Name: user.Name,
			},
			Use: use, Client: client, Version: passwordVersion(user),
		})
		token.Header["kid"] = kid
		var signed string
		signed, err = token.SignedString(key)
		return signed
	}
	answer := kandyapi.Token{
		AccessToken:      sign(useAccess, k.timers.AccessToken),
		ExpiresIn:        int64(k.timers.AccessToken / time.Second),
		RefreshToken:     sign(useRefresh, k.timers.RefreshToken),
		RefreshExpiresIn: int64(k.timers.RefreshToken / time.Second),
		TokenType:        "bearer",
		IDToken:          sign(useID, k.timers.AccessToken),
		Scope:            "openid",
	}
	return answer, err
}

var errBadToken = errors.New("token not valid")

// verify returns the claims of a token of ours that is still good for use.
func (k *keyring) verify(token, use string) (claims, error) {
	var c claims
	if token == "" || len(token) > maxToken {
		return c, errBadToken
	}
	_, err := jwt.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) {
		kid, _ := t.Header["kid"].(string)
		k.mu.Lock()
		key, ok := k.keys[kid]
		k.mu.Unlock()
		if !ok {
			return nil, errBadToken
		}
		return ed25519.NewKeyFromSeed(key.Seed).Public(), nil
	}, jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithExpirationRequired(), jwt.WithIssuedAt())
	if err != nil {
		return claims{}, fmt.Errorf("%w: %w", errBadToken, err)
	}
	if c.Use != use || c.Subject == "" {
		return claims{}, errBadToken
	}
	return c, nil
}

// passwordVersion changes with the password and tells nothing about it.
func passwordVersion(user userRecord) string {
	sum := sha256.Sum256([]byte("password version " + user.Password))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}
