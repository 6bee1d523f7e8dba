package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net"
	"sync"

	"tring/engine"
	"tring/engine/switchboard"
	"tring/engine/switchboard/echo"
)

// demoDomain is the domain of the demo's addresses: it exists nowhere else.
const demoDomain = "tring.demo"

// demo is a switchboard inside this process with one user and the echo contact.
type demo struct {
	account engine.Account
	secret  engine.Secret
	contact string

	server *switchboard.Server
	cancel context.CancelFunc
	served sync.WaitGroup
}

func startDemo(log *slog.Logger) (*demo, error) {
	log = log.With("part", "switchboard")
	server, err := switchboard.New(switchboard.Config{
		Store: switchboard.NewMemoryStore(), Domain: demoDomain, Log: log,
		Contacts: map[string]switchboard.Contact{"echo": echo.New(echo.Options{LoopbackOnly: true, Log: log})},
	})
	if err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		_ = server.Close()
		return nil, err
	}
	d := &demo{
		account: engine.Account{Server: "http://" + listener.Addr().String(), ClientID: "tring", User: "you@" + demoDomain},
		secret:  engine.Secret{Password: rand.Text()},
		contact: "echo@" + demoDomain,
		server:  server,
	}
	if err := server.AddUser(context.Background(), switchboard.User{Email: d.account.User, Name: "You"}, d.secret.Password); err != nil {
		_ = listener.Close()
		_ = server.Close()
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	d.cancel = cancel
	d.served.Go(func() {
		if err := server.Serve(ctx, listener, nil); err != nil {
			log.Error("the demo's switchboard stopped", "error", err)
		}
	})
	return d, nil
}

func (d *demo) close() {
	d.cancel()
	d.served.Wait()
	_ = d.server.Close()
}
