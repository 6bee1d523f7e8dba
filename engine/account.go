package engine

import "time"

// Account says which server to sign in to, and as whom. It holds nothing
// secret: it may be written to preferences and logs.
type Account struct {
	Server   string // base URL: https://host[:port], or http:// on a loopback address
	ClientID string // public project key, the OAuth2 client_id
	User     string // e-mail address
	CAFile   string // PEM file of an additional trusted certificate; "" for the system's roots alone
}

// Secret proves an Account. It never reaches a log: its String is fixed.
type Secret struct {
	Password     string // used where RefreshToken is empty or refused
	RefreshToken string // as handed out by a former Credential event
}

// String keeps secrets out of logs and error texts.
func (Secret) String() string { return "(secret)" }

// GoString keeps secrets out of %#v.
func (Secret) GoString() string { return "engine.Secret{…}" }

// Registration says whether the account can make and receive calls.
type Registration int

// The registration states, in the order of a sign-in.
const (
	Offline        Registration = iota // nobody is signed in
	Registering                        // signing in: token, channel, websocket, subscription
	Registered                         // calls can be made and received
	Reconnecting                       // the way back to the server is lost; it is tried again by itself
	SignInRequired                     // the server refuses the credentials; only a new sign-in helps
)

// RegistrationState is the account's part of a Snapshot.
type RegistrationState struct {
	State      Registration
	Account    Account
	Address    string    // own public address, alice@example.com; "" until known
	Name       string    // own display name; may be empty
	Subscribed []string  // services subscribed to, e.g. "call"
	RetryAt    time.Time // while Reconnecting: when the next try starts; zero while one is under way
	Problem    *Problem  // why it is not Registered; nil if it is, or if nobody asked
}
