package interop

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
)

// pageByRelay has the page send all media through the switchboard's relay, with
// credentials fetched as the SDK does.
func (s *scene) pageByRelay() {
	s.t.Helper()
	client := s.x.client(s.t)
	var tokens struct {
		Access string `json:"access_token"`
		ID     string `json:"id_token"`
	}
	s.fetch(client, "/cpaas/auth/v1/token", "application/x-www-form-urlencoded", "", []byte(url.Values{
		"client_id": {"tring"}, "username": {"alice@example.com"}, "password": {"secret-alice"}, "grant_type": {"password"}, "scope": {"openid"},
	}.Encode()), &tokens)
	var claims struct {
		User string `json:"preferred_username"`
	}
	if err := json.Unmarshal(payload(tokens.ID), &claims); err != nil {
		s.t.Fatal(err)
	}
	var turn struct {
		Credentials struct {
			Username, Password string
			URLs               []string
		} `json:"wrtcsTurnCredentials"`
	}
	s.fetch(client, "/cpaas/webrtcsignaling/v1/"+claims.User+"/turn", "application/json", tokens.Access,
		[]byte(`{"wrtcsTurnCredentials":{"clientCorrelator":"page-alice"}}`), &turn)
	c := turn.Credentials
	data, err := json.Marshal(map[string]any{"urls": c.URLs, "username": c.Username, "credential": c.Password})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.page.eval("window.forceRelay = "+string(data), nil); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) fetch(client *http.Client, path, kind, token string, body []byte, result any) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, "https://"+s.x.host+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	reply, err := client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer reply.Body.Close()
	data, err := io.ReadAll(reply.Body)
	if err != nil || reply.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %v, %s: %s", path, err, reply.Status, data)
	}
	if err := json.Unmarshal(data, result); err != nil {
		s.t.Fatal(err)
	}
}

// payload is the middle part of a token.
func payload(token string) []byte {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil
	}
	data, _ := base64.RawURLEncoding.DecodeString(parts[1])
	return data
}

// client trusts the exchange.
func (x *exchange) client(t *testing.T) *http.Client {
	t.Helper()
	certificate, err := os.ReadFile(x.caFile)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certificate)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience}
}
