package switchboard

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"tring/engine/internal/kandyapi"
)

// TURN says how clients relay their media.
type TURN struct {
	URLs   []string // of relays that share Secret, e.g. "turn:turn.example.com:3478?transport=udp"
	Secret string   // of those relays; made and stored if empty
	Relay  *Relay   // one that runs in this process; nil for none
}

const turnSecretKey = "turn-secret" // in bucketKeys

// turnCredentials is POST …/turn: a name that says when it expires, and its
// HMAC as the password, which any relay with the secret can check
// (draft-uberti-behave-turn-rest-00 §2.2). That draft fixes SHA-1.
func (s *Server) turnCredentials(r *request) (reply, error) {
	var body kandyapi.TurnBody
	if err := r.read(maxSmallBody, &body); err != nil {
		return reply{}, err
	}
	if body.Credentials == nil {
		return reply{}, errMissing("wrtcsTurnCredentials")
	}
	username := strconv.FormatInt(time.Now().Add(s.config.Timers.TURN).Unix(), 10) + ":" + r.user.ID
	return reply{status: http.StatusOK, body: kandyapi.TurnBody{Credentials: &kandyapi.TurnCredentials{
		Username: username, Password: turnPassword(s.turnSecret, username), URLs: s.turnURLs,
	}}}, nil
}

func turnPassword(secret, username string) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(username))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// loadTurnSecret returns the configured secret, or the stored one, or makes one.
func loadTurnSecret(ctx context.Context, config Config) (string, error) {
	if config.TURN.Secret != "" {
		return config.TURN.Secret, nil
	}
	var stored struct {
		Secret string `json:"turnSecret"`
	}
	value, err := config.Store.Get(ctx, bucketKeys, turnSecretKey)
	if err == nil {
		if json.Unmarshal(value, &stored) == nil && stored.Secret != "" {
			return stored.Secret, nil
		}
	} else if !errors.Is(err, ErrNotFound) {
		return "", fmt.Errorf("TURN secret: %w", err)
	}
	random := make([]byte, 32)
	rand.Read(random)
	stored.Secret = base64.StdEncoding.EncodeToString(random)
	if value, err = json.Marshal(stored); err != nil {
		return "", err
	}
	if err := config.Store.Put(ctx, bucketKeys, turnSecretKey, value); err != nil {
		return "", fmt.Errorf("TURN secret: %w", err)
	}
	return stored.Secret, nil
}
