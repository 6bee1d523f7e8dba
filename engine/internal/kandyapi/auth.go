package kandyapi

// Grant types of TokenPath.
const (
	GrantPassword          = "password"
	GrantClientCredentials = "client_credentials"
	GrantRefreshToken      = "refresh_token"
)

// Token is the answer to a token request (RFC 6749 §5.1, OpenID Connect).
type Token struct {
	AccessToken      string `json:"access_token"`
	ExpiresIn        int64  `json:"expires_in"` // seconds
	RefreshToken     string `json:"refresh_token,omitempty"`
	RefreshExpiresIn int64  `json:"refresh_expires_in,omitempty"` // seconds
	TokenType        string `json:"token_type"`
	IDToken          string `json:"id_token"`
	Scope            string `json:"scope,omitempty"`
}

// TokenError is the body of a refused token request (RFC 6749 §5.2).
type TokenError struct {
	Error            string `json:"error"`
	ErrorDescription string `json:"error_description,omitempty"`
}

// IDClaims are the claims of the id token that clients read.
type IDClaims struct {
	PreferredUsername string `json:"preferred_username"` // user id in all paths
	ServicesIdentity  string `json:"services-identity"`  // public address
	Email             string `json:"email,omitempty"`
	Name              string `json:"name,omitempty"`
}

// Bodies of refusals on every other path.
type (
	// ErrorBody is {"requestError": …}.
	ErrorBody struct {
		RequestError *RequestError `json:"requestError"`
	}
	// RequestError has one of the two exceptions.
	RequestError struct {
		ServiceException *Exception `json:"serviceException,omitempty"`
		PolicyException  *Exception `json:"policyException,omitempty"`
	}
	// Exception is a message with %1, %2 … for the variables. All fields must be
	// there for the JavaScript SDK to read it.
	Exception struct {
		MessageID string   `json:"messageId"`
		Text      string   `json:"text"`
		Variables []string `json:"variables"`
	}
)
