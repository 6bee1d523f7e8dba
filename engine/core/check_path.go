package core

import (
	"context"
	"net/url"
	"strings"
	"time"

	"tring/engine"
	"tring/engine/internal/checkup"
	"tring/engine/internal/peer"
	"tring/engine/internal/signaling"
)

const (
	serverAnswers = 5 * time.Second
	signInTakes   = 6 * time.Second
	relayAnswers  = 4 * time.Second
)

// server reaches the server of the account, or the one that was named.
func (k *check) server(ctx context.Context) {
	k.begin(engine.CheckServer)
	account := k.core.Snapshot().Registration.Account
	if account.Server == "" {
		account = engine.Account{Server: k.options.Server, CAFile: k.options.CAFile}
	}
	s := checkup.Server{Host: hostOf(account.Server)}
	if prober, can := k.core.backend.(signaling.Prober); can && s.Host != "" {
		limited, cancel := context.WithTimeout(ctx, checkSlack*serverAnswers)
		reach, err := prober.Probe(limited, account)
		cancel()
		if ctx.Err() != nil {
			return
		}
		s.LookUp, s.Connect, s.TLS, s.Answer, s.Problem = reach.LookUp, reach.Connect, reach.TLS, reach.Answer, err
	}
	k.end(engine.CheckServer, s.Judge())
}

// hostOf is a server as people know it.
func hostOf(server string) string {
	server = strings.TrimSpace(server)
	if u, err := url.Parse(server); err == nil && u.Host != "" {
		return u.Host
	}
	return server
}

// account waits for a sign-in that is under way. It reports false if the check
// ended before.
func (k *check) account(ctx context.Context) bool {
	k.begin(engine.CheckAccount)
	limited, cancel := context.WithTimeout(ctx, checkSlack*signInTakes)
	defer cancel()
	var last engine.RegistrationState
	for s := range k.core.Watch(limited) {
		last = s.Registration
		if last.State != engine.Registering && last.State != engine.Reconnecting {
			break
		}
	}
	if ctx.Err() != nil {
		return false
	}
	k.end(engine.CheckAccount, checkup.Account(last))
	return true
}

// relays asks the STUN and TURN servers that calls would use.
func (k *check) relays(ctx context.Context) {
	k.begin(engine.CheckUDP, engine.CheckTCP, engine.CheckTLS)
	limited, cancel := context.WithTimeout(ctx, checkSlack*relayAnswers)
	defer cancel()
	servers, known := k.iceServers(limited)
	var ways checkup.Ways
	for _, r := range peer.Reach(limited, servers, k.core.log) {
		a := &ways[r.Way]
		a.Asked++
		switch {
		case r.Err != nil && a.Problem == nil:
			a.Problem = r.Err
		case r.Err == nil && (a.Took == 0 || r.Took < a.Took):
			a.Took = r.Took
		}
	}
	if ctx.Err() != nil {
		return
	}
	for i, r := range ways.Judge(known) {
		k.end(engine.CheckUDP+engine.CheckStep(i), r)
	}
}

// iceServers are those of the account, or else those of the command line. known
// says that there are no others.
func (k *check) iceServers(ctx context.Context) (servers []peer.ICEServer, known bool) {
	var session signaling.Session
	_ = k.core.ask(func() error { session = k.core.account.session; return nil })
	list := extraICE(k.core.cfg.ICEServers)
	if session != nil {
		var err error
		if list, err = session.ICEServers(ctx); err != nil {
			k.core.log.Warn("no relay servers for the check", "error", err)
		}
	}
	for _, s := range list {
		servers = append(servers, peer.ICEServer(s))
	}
	return servers, session != nil || len(servers) > 0
}
