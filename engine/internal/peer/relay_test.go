package peer

import (
	"net"
	"testing"

	"github.com/pion/turn/v5"
)

// TestRelay: media by way of a TURN server only.
func TestRelay(t *testing.T) {
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	key := turn.GenerateAuthKey("user", "lab", "pass")
	server, err := turn.NewServer(turn.ServerConfig{
		Realm: "lab",
		AuthHandler: func(ra *turn.RequestAttributes) (string, []byte, bool) {
			return ra.Username, key, ra.Username == "user"
		},
		PacketConnConfigs: []turn.PacketConnConfig{{
			PacketConn: conn,
			RelayAddressGenerator: &turn.RelayAddressGeneratorStatic{
				RelayAddress: net.IPv4(127, 0, 0, 1), Address: "127.0.0.1",
			},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}()
	relayed := func(c *Config) {
		c.RelayOnly = true
		c.ICEServers = []ICEServer{{
			URLs: []string{"turn:" + conn.LocalAddr().String() + "?transport=udp"}, Username: "user", Credential: "pass",
		}}
	}
	c := newCall(t, untouched, relayed)
	c.exchange(c.a, c.b, withVideo, withVideo)
	c.check("start", everything)
	if got := c.a.conn.Stats(); got.Transport == "relay" && got.Protocol != "udp" {
		t.Errorf("the relay is reached by %q", got.Protocol)
	}
	if path := c.a.conn.Stats().Transport; path != "relay" {
		t.Errorf("path %q", path)
	}
	c.a.close() // gives the allocations back while the server is there
	c.b.close()
}

func TestBadRelayAddress(t *testing.T) {
	p := newParty(t, "p", func(c *Config) {
		c.LoopbackOnly = false
		c.ICEServers = []ICEServer{{URLs: []string{"http://nonsense"}}}
	})
	if _, err := p.conn.Offer(testContext(t), voice); !isOurs(err) {
		t.Errorf("error %v", err)
	}
}
