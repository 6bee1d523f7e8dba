package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Life of a self-signed certificate: what the strictest systems take (825
// days), and when it is made anew.
const (
	certificateLife  = 820 * 24 * time.Hour
	certificateRenew = 30 * 24 * time.Hour
)

// selfSigned returns the certificate kept as cert.pem and key.pem in dir, made
// anew if there is none for host or if it soon expires. Clients trust it by a
// copy of cert.pem.
func selfSigned(dir, host string, now time.Time) (tls.Certificate, error) {
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	kept, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err == nil && kept.Leaf != nil && kept.Leaf.VerifyHostname(host) == nil && now.Add(certificateRenew).Before(kept.Leaf.NotAfter) {
		return kept, nil
	}
	if err == nil && kept.Leaf != nil && kept.Leaf.Subject.CommonName != certificateName {
		return tls.Certificate{}, errors.New("cert.pem there was made by somebody else, and does not fit; use --tls CERT.pem,KEY.pem or move it away")
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return tls.Certificate{}, err
	}
	cert, key, err := makeCertificate(host, now)
	if err != nil {
		return tls.Certificate{}, err
	}
	// The key first: a certificate without its key would look like damage.
	if err := replaceFile(keyFile, key, 0o600); err != nil {
		return tls.Certificate{}, err
	}
	if err := replaceFile(certFile, cert, 0o644); err != nil {
		return tls.Certificate{}, err
	}
	return tls.X509KeyPair(cert, key)
}

const certificateName = "Tring switchboard (self-signed)"

// makeCertificate signs a key for host, this machine's name and loopback.
func makeCertificate(host string, now time.Time) (cert, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: certificateName},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              []string{"localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	names := []string{host}
	if machine, err := os.Hostname(); err == nil {
		names = append(names, machine)
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			if ip.IsUnspecified() {
				template.IPAddresses = append(template.IPAddresses, ownAddresses()...)
			} else {
				template.IPAddresses = append(template.IPAddresses, ip)
			}
		} else if name != "" && !slices.Contains(template.DNSNames, name) {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return nil, nil, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), nil
}

// replaceFile writes a file whole or not at all.
func replaceFile(path string, data []byte, mode os.FileMode) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".tmp-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // after the rename there is nothing to remove
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Chmod(mode)
	}
	if err == nil {
		err = temp.Sync()
	}
	if closing := temp.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

// ownAddresses are those of this machine's networks: who listens on all of them
// is reached by any.
func ownAddresses() (all []net.IP) {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil // the names are left
	}
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && !n.IP.IsLinkLocalUnicast() {
			all = append(all, n.IP)
		}
	}
	return all
}
