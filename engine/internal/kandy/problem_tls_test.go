package kandy

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tring/engine"
)

func TestProblemsOfTLS(t *testing.T) {
	now := time.Now()
	authority := newAuthority(t)
	trusted := x509.NewCertPool()
	trusted.AddCert(authority.cert)
	good := authority.issue(t, "127.0.0.1", now.Add(-time.Hour), now.Add(time.Hour))
	for name, c := range map[string]struct {
		cert     tls.Certificate
		roots    *x509.CertPool
		sentinel error
		words    string
	}{
		"expired":       {authority.issue(t, "127.0.0.1", now.Add(-2*time.Hour), now.Add(-time.Hour)), trusted, engine.ErrCertificateExpired, "has expired"},
		"not valid yet": {authority.issue(t, "127.0.0.1", now.Add(time.Hour), now.Add(2*time.Hour)), trusted, engine.ErrCertificateExpired, "not valid yet"},
		"unknown":       {good, x509.NewCertPool(), engine.ErrCertificateUnknown, "Nobody known vouches"},
		"other name":    {authority.issue(t, "192.0.2.7", now.Add(-time.Hour), now.Add(time.Hour)), trusted, engine.ErrCertificateName, "for another name"},
	} {
		t.Run(name, func(t *testing.T) {
			server := tlsServer(t, c.cert)
			wants(t, signInError(t, Config{RootCAs: c.roots}, engine.Account{Server: server.URL}), c.sentinel, c.words)
		})
	}
	t.Run("CA file", func(t *testing.T) {
		server := tlsServer(t, good)
		dir := t.TempDir()
		file, junk := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "junk.pem")
		write(t, file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.cert.Raw}))
		write(t, junk, []byte("hello"))
		account := engine.Account{Server: server.URL, CAFile: file}
		wants(t, signInError(t, Config{RootCAs: x509.NewCertPool()}, account), engine.ErrServerNotKandy, "does not look like a Kandy server")
		account.CAFile = junk
		wants(t, signInError(t, Config{}, account), engine.ErrCertificateUnknown, "holds no certificate")
		account.CAFile = filepath.Join(dir, "absent.pem")
		wants(t, signInError(t, Config{}, account), os.ErrNotExist, "cannot be read")
	})
	t.Run("TLS on a plain port", func(t *testing.T) {
		server := httptest.NewServer(http.NotFoundHandler())
		defer server.Close()
		account := engine.Account{Server: strings.Replace(server.URL, "http://", "https://", 1)}
		wants(t, signInError(t, Config{}, account), engine.ErrServerNotKandy, "does not speak TLS on this port")
	})
	t.Run("plain on a TLS port", func(t *testing.T) {
		server := tlsServer(t, good)
		account := engine.Account{Server: strings.Replace(server.URL, "https://", "http://", 1)}
		wants(t, signInError(t, Config{}, account), engine.ErrServerNotKandy, "Write https://")
	})
	t.Run("not a web server", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				_, _ = c.Read(make([]byte, 4096))
				_, _ = io.WriteString(c, "220 mail.example.com ESMTP\r\n")
				c.Close()
			}
		}()
		wants(t, signInError(t, Config{}, engine.Account{Server: "http://" + l.Addr().String()}), engine.ErrServerNotKandy, "not a web server")
		l.Close()
		<-done
	})
}

// authority signs certificates for tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key}
}

func (a authority) issue(t *testing.T, ip string, from, until time.Time) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: from, NotAfter: until, IPAddresses: []net.IP{net.ParseIP(ip)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, a.cert, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: a.key}
}

func tlsServer(t *testing.T, cert tls.Certificate) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
