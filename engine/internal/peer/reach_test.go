package peer

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pion/turn/v5"

	"tring/engine"
)

// relayHouse is a TURN server over UDP, TCP and TLS. It gives its addresses.
func relayHouse(t *testing.T) (udp, tcp, secure string) {
	t.Helper()
	packets, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	streams, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewUnstartedServer(nil) // for its certificate, which nobody trusts
	web.StartTLS()
	certificate := web.TLS.Certificates[0]
	web.Close()
	over, err := tls.Listen("tcp4", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	generator := &turn.RelayAddressGeneratorStatic{RelayAddress: net.IPv4(127, 0, 0, 1), Address: "127.0.0.1"}
	key := turn.GenerateAuthKey("user", "lab", "pass")
	server, err := turn.NewServer(turn.ServerConfig{
		Realm: "lab",
		AuthHandler: func(ra *turn.RequestAttributes) (string, []byte, bool) {
			return ra.Username, key, ra.Username == "user"
		},
		PacketConnConfigs: []turn.PacketConnConfig{{PacketConn: packets, RelayAddressGenerator: generator}},
		ListenerConfigs: []turn.ListenerConfig{
			{Listener: streams, RelayAddressGenerator: generator}, {Listener: over, RelayAddressGenerator: generator},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// What is given back is not waited for: the server may hear of it a little later.
		for end := time.Now().Add(5 * time.Second); server.AllocationCount() != 0; runtime.Gosched() {
			if time.Now().After(end) {
				t.Errorf("%d addresses were not given back", server.AllocationCount())
				break
			}
		}
		_ = server.Close()
	})
	return packets.LocalAddr().String(), streams.Addr().String(), over.Addr().String()
}

func TestReach(t *testing.T) {
	udp, tcp, secure := relayHouse(t)
	deaf, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	closed, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	tests := map[string]struct {
		url, user, words string
		way              Way
		relay            bool
	}{
		"STUN":               {url: "stun:" + udp},
		"UDP":                {url: "turn:" + udp + "?transport=udp", user: "user", relay: true},
		"TCP":                {url: "turn:" + tcp + "?transport=tcp", user: "user", way: OverTCP, relay: true},
		"wrong credentials":  {url: "turn:" + udp + "?transport=udp", user: "mallory", relay: true, words: "refuses us (4"},
		"wrong certificate":  {url: "turns:" + secure + "?transport=tcp", user: "user", way: OverTLS, relay: true, words: "The certificate of " + secure + " cannot be trusted."},
		"nobody answers UDP": {url: "stun:" + deaf.LocalAddr().String(), words: deaf.LocalAddr().String() + " does not answer over UDP."},
		"nobody answers TCP": {url: "turn:" + closed.Addr().String() + "?transport=tcp", user: "user", way: OverTCP, relay: true, words: "does not answer over TCP."},
		"no TLS there":       {url: "turns:" + tcp + "?transport=tcp", user: "user", way: OverTLS, relay: true, words: "does not answer over TLS."},
		"no such name":       {url: "stun:nowhere.invalid:3478", words: "nowhere.invalid"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			limit := patience
			if name == "nobody answers UDP" || name == "no TLS there" { // they tell nothing at all
				limit = 300 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			got := Reach(ctx, []ICEServer{{URLs: []string{tt.url}, Username: tt.user, Credential: "pass"}}, slog.New(slog.DiscardHandler))
			if len(got) != 1 || got[0].Way != tt.way || got[0].Relay != tt.relay || got[0].Took <= 0 {
				t.Fatalf("reached %+v", got)
			}
			var p *engine.Problem
			switch told := errors.As(got[0].Err, &p); {
			case tt.words == "" && got[0].Err != nil, tt.words != "" && !told:
				t.Error(got[0].Err)
			case told && (!strings.Contains(p.Cause, tt.words) || p.Next == ""):
				t.Errorf("said %q %q", p.Cause, p.Next)
			}
		})
	}
	if got := Reach(t.Context(), []ICEServer{{URLs: []string{"http://nonsense", "turns:example.com?transport=udp", ""}}}, slog.New(slog.DiscardHandler)); len(got) != 0 {
		t.Errorf("nonsense was asked: %+v", got)
	}
}
