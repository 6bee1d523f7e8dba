package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"tring/engine/switchboard"
	"tring/engine/switchboard/echo"
)

// serveFlags are what serve is given.
type serveFlags struct {
	data, listen, tls, clientID, relay string
	host                               string // of listen
}

func parseServe(args []string, out io.Writer) (serveFlags, error) {
	var f serveFlags
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.StringVar(&f.data, "data", "", "`DIR` that holds users, keys and live calls; made if missing")
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8080", "`HOST:PORT` to listen on; port 0 takes a free one")
	flags.StringVar(&f.tls, "tls", "self-signed", "`MODE` of encryption:\n"+
		"off             none; only on loopback addresses such as 127.0.0.1\n"+
		"self-signed     a certificate made and kept in the data directory;\n"+
		"                clients trust a copy of its cert.pem\n"+
		"CERT.pem,KEY.pem  files of your own")
	flags.StringVar(&f.clientID, "client-id", "tring", "`ID` that clients must name when they sign in")
	flags.StringVar(&f.relay, "relay", "", "also run a TURN relay, reached at this public `IP:PORT` (UDP and TCP)")
	if err := parse(flags, args, "Runs the server until it is interrupted.", out); err != nil {
		return f, err
	}
	if f.data == "" {
		return f, badUsage("serve needs --data.")
	}
	host, _, err := net.SplitHostPort(f.listen)
	if err != nil {
		return f, badUsage("--listen %q is not HOST:PORT.", f.listen)
	}
	f.host = host
	if f.tls == "off" && !loopback(host) {
		return f, badUsage("--tls off would send passwords over the network in the clear, so it works only on loopback addresses such as 127.0.0.1; use --tls self-signed for %s.", f.listen)
	}
	if f.tls != "off" && f.tls != "self-signed" && strings.Count(f.tls, ",") != 1 {
		return f, badUsage("--tls %q is none of off, self-signed and CERT.pem,KEY.pem.", f.tls)
	}
	if f.relay != "" {
		if at, err := netip.ParseAddrPort(f.relay); err != nil || at.Port() == 0 {
			return f, badUsage("--relay %q is not IP:PORT.", f.relay)
		}
	}
	return f, nil
}

// loopback tells whether only this machine can reach host.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

func serve(ctx context.Context, args []string, _ io.Reader, out, log io.Writer) error {
	f, err := parseServe(args, out)
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(log, nil))
	store, err := switchboard.OpenFileStore(f.data)
	if err != nil {
		return sentence("The data directory cannot be used", err)
	}
	defer store.Close()
	secure, err := f.certificate()
	if err != nil {
		return sentence("The certificate cannot be used", err)
	}
	listener, err := net.Listen("tcp", f.listen)
	if err != nil {
		return sentence("The server cannot listen", err)
	}
	if at, ok := listener.Addr().(*net.TCPAddr); f.tls == "off" && ok && !at.IP.IsLoopback() {
		listener.Close() // a name that is not what it seems
		return fmt.Errorf("%s is not a loopback address on this machine, so --tls off is refused.", f.host)
	}
	server, err := switchboard.New(f.config(store, logger))
	if err != nil {
		listener.Close()
		if errors.Is(err, switchboard.ErrInUse) {
			return fmt.Errorf("The data directory %s is in use by another switchboard.", f.data)
		}
		return sentence("The server cannot start", err)
	}
	if users, err := switchboard.ListUsers(ctx, store); err == nil && len(users) == 0 {
		logger.Warn("there are no users yet; \"switchboard user add\" adds one, also while the server runs")
	}
	fmt.Fprintf(out, "switchboard ready at %s\n", f.url(listener.Addr()))
	return sentence("The server failed", server.Serve(ctx, listener, secure))
}

func (f serveFlags) config(store switchboard.Store, logger *slog.Logger) switchboard.Config {
	config := switchboard.Config{
		Store: store, ClientID: f.clientID, Log: logger,
		Contacts: map[string]switchboard.Contact{"echo": echo.New(echo.Options{Log: logger})},
	}
	if f.relay != "" {
		at := netip.MustParseAddrPort(f.relay) // parseServe has checked it
		any := "0.0.0.0"
		if at.Addr().Unmap().Is6() {
			any = "::"
		}
		config.TURN.Relay = &switchboard.Relay{
			Listen: net.JoinHostPort(any, fmt.Sprint(at.Port())), PublicIP: at.Addr().Unmap(),
		}
	}
	return config
}

// certificate is the TLS configuration; nil for none.
func (f serveFlags) certificate() (*tls.Config, error) {
	var pair tls.Certificate
	var err error
	switch {
	case f.tls == "off":
		return nil, nil
	case f.tls == "self-signed":
		pair, err = selfSigned(f.data, f.name(), time.Now())
	default:
		cert, key, _ := strings.Cut(f.tls, ",")
		pair, err = tls.LoadX509KeyPair(cert, key)
	}
	if err != nil {
		return nil, err
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// name is how others call this machine, as far as can be told.
func (f serveFlags) name() string {
	ip := net.ParseIP(f.host)
	if f.host != "" && (ip == nil || !ip.IsUnspecified()) {
		return f.host
	}
	if machine, err := os.Hostname(); err == nil {
		return machine
	}
	return "localhost"
}

func (f serveFlags) url(at net.Addr) string {
	_, port, _ := net.SplitHostPort(at.String())
	scheme := "https"
	if f.tls == "off" {
		scheme = "http"
	}
	return scheme + "://" + net.JoinHostPort(f.name(), port)
}
