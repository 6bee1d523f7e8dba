package kandy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"tring/engine"
)

// maxCAFile bounds Account.CAFile, in bytes.
const maxCAFile = 1 << 20

// newTransport makes the connections of one session. It speaks HTTP/1.1 only,
// since the websocket upgrade (RFC 6455 §4.1) wants it.
func newTransport(cfg Config, caFile string) (*http.Transport, *engine.Problem) {
	roots, problem := trustedRoots(cfg.RootCAs, caFile)
	if problem != nil {
		return nil, problem
	}
	dial := cfg.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: cfg.Timers.Request, KeepAlive: 15 * time.Second}).DialContext
	}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dial,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    cfg.Timers.Request,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        60 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}, nil
}

// trustedRoots adds a PEM file to the roots. nil means the system's own.
func trustedRoots(roots *x509.CertPool, file string) (*x509.CertPool, *engine.Problem) {
	if file == "" {
		return roots, nil
	}
	pem, err := readLimited(file, maxCAFile)
	if err != nil {
		return nil, &engine.Problem{
			Cause: fmt.Sprintf("The certificate file %s cannot be read.", file),
			Next:  "Check its path and permissions, or remove it from the account.",
			Err:   err,
		}
	}
	if roots != nil {
		roots = roots.Clone()
	} else if roots, err = x509.SystemCertPool(); err != nil {
		roots = x509.NewCertPool() // no system roots: the file alone is trusted
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, &engine.Problem{
			Cause: fmt.Sprintf("The file %s holds no certificate.", file),
			Next:  "Choose a file in PEM form, which has a line BEGIN CERTIFICATE.",
			Err:   engine.ErrCertificateUnknown,
		}
	}
	return roots, nil
}

func readLimited(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("larger than %d bytes", limit)
	}
	return b, err
}

// newHTTPClient never follows a redirect: the next host would get the
// credentials. The 3xx comes back as the answer.
func newHTTPClient(rt http.RoundTripper) *http.Client {
	return &http.Client{
		Transport: rt,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}

type tokenKey struct{}

// withQueryToken marks a request so that queryToken adds the token.
func withQueryToken(ctx context.Context, token string) context.Context {
	return context.WithValue(ctx, tokenKey{}, token)
}

// queryToken puts access_token into the query, below the http.Client: the URL
// that the client writes into its errors is the one without.
type queryToken struct{ next http.RoundTripper }

func (q queryToken) RoundTrip(req *http.Request) (*http.Response, error) {
	token, _ := req.Context().Value(tokenKey{}).(string)
	if token == "" {
		return q.next.RoundTrip(req)
	}
	clone := req.Clone(req.Context())
	query := "access_token=" + url.QueryEscape(token)
	if clone.URL.RawQuery != "" {
		query = clone.URL.RawQuery + "&" + query
	}
	clone.URL.RawQuery = query
	return q.next.RoundTrip(clone)
}
