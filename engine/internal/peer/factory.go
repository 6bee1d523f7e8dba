package peer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"net"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/sdp/v3"
	pionnet "github.com/pion/transport/v4"
	"github.com/pion/webrtc/v4"
)

const (
	opusParameters = "minptime=10;useinbandfec=1"

	mimeOpus   = webrtc.MimeTypeOpus
	mimeVP8    = webrtc.MimeTypeVP8
	mimeEvents = "audio/telephone-event"
)

// newAPI sets Pion up for one far end. All PeerConnections towards it share
// the media engine: the numbers of header extensions and payload types must
// agree over all sections, since a browser bundles them before the SDK cuts
// the group again, and dies of "Duplicate extension ID" otherwise.
func newAPI(c *Conn, sources [kinds]source, shared *link) (*webrtc.API, error) {
	engine := &webrtc.MediaEngine{}
	if err := registerCodecs(engine); err != nil {
		return nil, err
	}
	registry, err := newRegistry(c, sources, shared)
	if err != nil {
		return nil, err
	}
	settings := newSettings(c.config, c.network, pionLog{c.log})
	settings.BufferFactory = shared.buffers(sources[Video].rtxSSRC)
	return webrtc.NewAPI(
		webrtc.WithMediaEngine(engine),
		webrtc.WithInterceptorRegistry(registry),
		webrtc.WithSettingEngine(settings),
	), nil
}

func registerCodecs(engine *webrtc.MediaEngine) error {
	audio := []webrtc.RTPCodecParameters{
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mimeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: opusParameters}, PayloadType: 111},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mimeEvents, ClockRate: 48000}, PayloadType: 110},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mimeEvents, ClockRate: 8000}, PayloadType: 126},
	}
	feedback := []webrtc.RTCPFeedback{
		{Type: "nack"},
		{Type: "nack", Parameter: "pli"},
		{Type: "ccm", Parameter: "fir"},
		// For video only: a browser numbers packets over all its transports, each
		// of our PeerConnections sees its own alone, and what the other one got
		// would look lost and starve the picture.
		{Type: webrtc.TypeRTCPFBTransportCC},
	}
	video := []webrtc.RTPCodecParameters{
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mimeVP8, ClockRate: 90000, RTCPFeedback: feedback}, PayloadType: 96},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeRTX, ClockRate: 90000, SDPFmtpLine: "apt=96"}, PayloadType: 97},
	}
	for _, codec := range audio {
		if err := engine.RegisterCodec(codec, webrtc.RTPCodecTypeAudio); err != nil {
			return err
		}
	}
	for _, codec := range video {
		if err := engine.RegisterCodec(codec, webrtc.RTPCodecTypeVideo); err != nil {
			return err
		}
	}
	return engine.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: sdp.TransportCCURI}, webrtc.RTPCodecTypeVideo)
}

// newRegistry lists the interceptors, nearest to the wire first. The meter
// must be first: it sees what is sent again, and it fixes the SSRC of
// retransmissions, which must be the same on every PeerConnection. Reports come
// after repair: they count the streams themselves, without retransmissions.
func newRegistry(c *Conn, sources [kinds]source, shared *link) (*interceptor.Registry, error) {
	received, err := report.NewReceiverInterceptor()
	if err != nil {
		return nil, err
	}
	sent, err := report.NewSenderInterceptor()
	if err != nil {
		return nil, err
	}
	flow, err := flowInterceptors(shared)
	if err != nil {
		return nil, err
	}
	registry := &interceptor.Registry{}
	registry.Add(&meterFactory{meter: c.meter, rtxSSRC: sources[Video].rtxSSRC})
	for _, factory := range append(flow, received, sent) {
		registry.Add(factory)
	}
	return registry, nil
}

// flowInterceptors repair losses and control congestion. Benchmarks put others
// in their place.
var flowInterceptors = func(shared *link) ([]interceptor.Factory, error) {
	return []interceptor.Factory{shared}, nil
}

func newSettings(config Config, network pionnet.Net, log pionLog) webrtc.SettingEngine {
	s := webrtc.SettingEngine{LoggerFactory: log}
	s.DisableMediaEngineCopy(true)
	s.SetSDPMediaLevelFingerprints(true)
	s.SetHandleUndeclaredSSRCWithoutAnswer(true)
	s.SetFireOnTrackBeforeFirstRTP(false)

	// Pion's defaults wait 1 s before they take a path learnt from checks and
	// 2 s before a relay; a quarter of calls took over a second to connect.
	s.SetPrflxAcceptanceMinWait(0)
	s.SetSrflxAcceptanceMinWait(50 * time.Millisecond)
	s.SetRelayAcceptanceMinWait(200 * time.Millisecond)
	s.SetSTUNGatherTimeout(2 * time.Second)
	// Checks go on for 8 s at 200 ms each: the answer may take its time through
	// the signalling server while we already check.
	s.SetICEMaxBindingRequests(40)
	s.SetICETimeouts(4*time.Second, 20*time.Second, time.Second)
	s.DisableActiveTCP(true) // see kick.go before changing this

	// RFC 6347's 1 s is for unknown paths; this one was just checked.
	s.SetDTLSRetransmissionInterval(100 * time.Millisecond)
	// The cookie exchange proves the sender's address; ICE has done that.
	s.SetDTLSInsecureSkipHelloVerify(true)

	s.SetIncludeLoopbackCandidate(true) // calls between programs on one machine need no network
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeQueryOnly)
	if config.LoopbackOnly {
		s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
		s.SetIPFilter(net.IP.IsLoopback)
	}
	s.SetNet(network)
	return s
}

// newCertificate makes the key of one far end. A new far end gets a new one: a
// browser that kept its DTLS association would wait for good otherwise.
func newCertificate() (webrtc.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return webrtc.Certificate{}, err
	}
	certificate, err := webrtc.GenerateCertificate(key)
	if err != nil {
		return webrtc.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	return *certificate, nil
}

func (config Config) configuration(certificate webrtc.Certificate) webrtc.Configuration {
	configuration := webrtc.Configuration{Certificates: []webrtc.Certificate{certificate}}
	if config.RelayOnly {
		configuration.ICETransportPolicy = webrtc.ICETransportPolicyRelay
	}
	if config.LoopbackOnly && !config.RelayOnly {
		return configuration
	}
	for _, server := range config.ICEServers {
		configuration.ICEServers = append(configuration.ICEServers, webrtc.ICEServer{
			URLs: server.URLs, Username: server.Username, Credential: server.Credential,
		})
	}
	return configuration
}
