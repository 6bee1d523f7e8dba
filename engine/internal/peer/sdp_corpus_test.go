package peer

import (
	"embed"
	"maps"
	"net/netip"
	"path"
	"slices"
	"strings"
	"testing"
)

// corpus is what Chromium, Firefox and pages with the Kandy SDK really offer
// and answer, with addresses, credentials and names replaced. TestCorpus of
// engine/interop writes it; the names tell who wrote a file and in which step.
//
//go:embed testdata/sdp/*.sdp
var corpus embed.FS

// init adds the corpus to the samples, which seed all fuzz targets. The init of
// sdp_samples_test.go, which comes after it, gives all of them their line ends:
// files are initialised in the order of their names.
func init() {
	all := readCorpus()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		sampleSDPs = append(sampleSDPs, all[name])
	}
}

// readCorpus gives the corpus by name, with line feeds alone.
func readCorpus() map[string]string {
	entries, err := corpus.ReadDir("testdata/sdp")
	if err != nil {
		panic(err) // it is part of this program
	}
	all := map[string]string{}
	for _, e := range entries {
		data, err := corpus.ReadFile(path.Join("testdata/sdp", e.Name()))
		if err != nil {
			panic(err)
		}
		all[e.Name()] = string(data)
	}
	return all
}

// TestCorpus: what real programs write is understood, and survives splitting
// and joining as it is.
func TestCorpus(t *testing.T) {
	for name, text := range readCorpus() {
		text = strings.ReplaceAll(text, "\n", "\r\n")
		raw, err := splitSDP(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if joined := raw.join(); joined != text {
			t.Errorf("%s became\n%s", name, joined)
		}
		remote, err := Inspect(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		step := strings.Split(strings.TrimSuffix(name, ".sdp"), ".")
		switch what := step[len(step)-2]; {
		case !remote.HasAudio:
			t.Errorf("%s: no sound in %+v", name, remote)
		case what == "hold" && (!remote.Held || remote.SendsAudio || remote.SendsVideo):
			t.Errorf("%s is a hold: %+v", name, remote)
		case what == "video" && (!remote.SendsVideo || !remote.ReceivesVideo || !remote.SendsAudio || !remote.Bundled):
			t.Errorf("%s is a video call: %+v", name, remote)
		case what == "voice" && (remote.HasVideo || !remote.SendsAudio && step[len(step)-1] == "offer"):
			t.Errorf("%s is a voice call: %+v", name, remote)
		case what == "video-stopped" && remote.HasVideo:
			t.Errorf("%s has its video rejected: %+v", name, remote)
		}
		if strings.HasPrefix(name, "sdk-4.") && remote.Bundled {
			t.Errorf("%s: this SDK bundles nothing", name)
		}
	}
}

// TestCorpusIsAnonymous: addresses are for documentation (RFC 5737, RFC 3849).
func TestCorpusIsAnonymous(t *testing.T) {
	documentation := []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}
	for name, text := range readCorpus() {
		for line := range strings.SplitSeq(text, "\n") {
			for word := range strings.FieldsSeq(line) {
				ip, err := netip.ParseAddr(word)
				if err != nil || ip.IsUnspecified() || ip.IsLoopback() || documentation[0].Contains(ip) || documentation[1].Contains(ip) {
					continue
				}
				t.Errorf("%s: %s", name, line)
			}
			for _, secret := range []struct{ start, stand string }{
				{"a=ice-pwd:", "a=ice-pwd:documentation-"},
				{"a=ice-ufrag:", "a=ice-ufrag:uf"},
				{"a=fingerprint:", "a=fingerprint:sha-256 00:00:00:00:"},
				{"a=tls-id:", "a=tls-id:0000"},
			} {
				if strings.HasPrefix(line, secret.start) && !strings.HasPrefix(line, secret.stand) {
					t.Errorf("%s: %s", name, line)
				}
			}
		}
	}
}
