package peer

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"

	"tring/engine"
)

// transport is one PeerConnection: one ICE and DTLS transport with the
// sections on it.
type transport struct {
	session *session
	pc      *webrtc.PeerConnection
	role    string                   // our DTLS role, active or passive; "" before it is negotiated
	senders [kinds]*webrtc.RTPSender // those that may be bound
	started atomic.Bool              // both descriptions are set
	closed  atomic.Bool
	once    sync.Once
}

// gatherLimit bounds the wait for candidates; an offer with those found by then
// beats a late one.
const gatherLimit = 3 * time.Second

func (s *session) newTransport() (*transport, error) {
	pc, err := s.api.NewPeerConnection(s.conn.config.configuration(s.certificate))
	if err != nil {
		return nil, &engine.Problem{
			Cause: "No media connection could be set up.",
			Next:  "Check the relay servers (TURN) in the settings.",
			Err:   err,
		}
	}
	if err := setTieBreaker(pc, s.tieBreaker); err != nil {
		s.conn.log.Warn("the ICE role of this transport may be disputed after a restart", "error", err)
	}
	t := &transport{session: s, pc: pc}
	pc.OnTrack(t.onTrack)
	pc.OnConnectionStateChange(func(webrtc.PeerConnectionState) {
		// These calls may come reversed: the state is read when it is told.
		t.session.conn.stateChanged()
	})
	s.transports = append(s.transports, t)
	return t, nil
}

// add gives the transport a section of its own for kind. mid ties it to the
// section of that name.
func (t *transport) add(kind Kind, mid string) error {
	track := t.session.tracks[kind]
	transceiver, err := t.pc.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{
		Direction:     webrtc.RTPTransceiverDirectionSendrecv,
		SendEncodings: []webrtc.RTPEncodingParameters{{RTPCodingParameters: webrtc.RTPCodingParameters{SSRC: webrtc.SSRC(track.ssrc)}}},
	})
	if err != nil {
		return err
	}
	if err := transceiver.SetMid(mid); err != nil {
		return err
	}
	sender := transceiver.Sender()
	t.senders[kind] = sender
	t.session.conn.spawn(func() { drainRTCP(sender.Read) })
	return nil
}

// remove takes the sender of kind away for good, so that what belongs to
// another transport, or to none, is not sent here as well.
func (t *transport) remove(kind Kind) error {
	sender := t.senders[kind]
	if sender == nil {
		return nil
	}
	t.senders[kind] = nil
	return t.pc.RemoveTrack(sender)
}

// offer makes an offer and applies it: for a PeerConnection that was never
// negotiated, and that can be thrown away if the offer is refused.
func (t *transport) offer(ctx context.Context) (rawSDP, error) {
	offer, err := t.pc.CreateOffer(nil)
	if err != nil {
		return rawSDP{}, err
	}
	gathered := webrtc.GatheringCompletePromise(t.pc)
	if err := t.pc.SetLocalDescription(offer); err != nil {
		return rawSDP{}, err
	}
	if err := t.session.conn.waitGathered(ctx, gathered); err != nil {
		return rawSDP{}, err
	}
	return splitSDP(t.pc.LocalDescription().SDP)
}

// reoffer makes a later offer and does not apply it: Pion has no usable
// rollback, and the offer may be refused. accept applies it with the answer.
func (t *transport) reoffer(ctx context.Context, restart bool) (webrtc.SessionDescription, rawSDP, error) {
	if restart {
		// Takes effect at once, and again needs all candidates in the text.
		if _, err := t.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: true}); err != nil {
			return webrtc.SessionDescription{}, rawSDP{}, err
		}
		if err := t.session.conn.waitGathered(ctx, webrtc.GatheringCompletePromise(t.pc)); err != nil {
			return webrtc.SessionDescription{}, rawSDP{}, err
		}
	}
	offer, err := t.pc.CreateOffer(nil)
	if err != nil {
		return webrtc.SessionDescription{}, rawSDP{}, err
	}
	raw, err := splitSDP(offer.SDP)
	return offer, raw, err
}

// accept applies an answer, after the offer it belongs to unless that is
// applied already.
func (t *transport) accept(offer *webrtc.SessionDescription, answer string) error {
	if offer != nil {
		if err := t.pc.SetLocalDescription(*offer); err != nil {
			return err
		}
	}
	if err := t.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		return err
	}
	t.started.Store(true)
	return nil
}

// answer applies an offer and gives the answer to it. A far end's ICE restart
// happens in here: DTLS, SSRCs and tracks live through it.
func (t *transport) answer(ctx context.Context, offer string) (rawSDP, error) {
	if err := t.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return rawSDP{}, err
	}
	answer, err := t.pc.CreateAnswer(nil)
	if err != nil {
		return rawSDP{}, err
	}
	if err := t.pc.SetLocalDescription(answer); err != nil {
		return rawSDP{}, err
	}
	t.started.Store(true)
	if err := t.session.conn.waitGathered(ctx, webrtc.GatheringCompletePromise(t.pc)); err != nil {
		return rawSDP{}, err
	}
	return splitSDP(t.pc.LocalDescription().SDP)
}

func (c *Conn) waitGathered(ctx context.Context, gathered <-chan struct{}) error {
	limit := time.NewTimer(gatherLimit)
	defer limit.Stop()
	select {
	case <-gathered:
		return nil
	case <-limit.C:
		return nil
	case <-c.done:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// onTrack is called by Pion, from a goroutine of its own, with the first
// packet of a source.
func (t *transport) onTrack(remote *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	c := t.session.conn
	if t.isClosed() || t.session.inbound.Add(1) > maxInbound {
		return
	}
	// Reports of the far end must be read for the interceptors to see them.
	if !c.spawn(func() { drainRTCP(receiver.Read) }) {
		return
	}
	c.inbound(newInboundTrack(t, remote, receiver))
}

// state is the transport's share of the Conn's MediaState.
func (t *transport) state() engine.MediaState {
	if t.isClosed() {
		return engine.MediaFailed
	}
	switch t.pc.ConnectionState() {
	case webrtc.PeerConnectionStateConnected:
		return engine.MediaFlowing
	case webrtc.PeerConnectionStateDisconnected:
		return engine.MediaInterrupted
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		return engine.MediaFailed
	}
	return engine.MediaConnecting
}

// connected: packets can go out. A path that is silent may still carry ours.
func (t *transport) connected() bool {
	s := t.state()
	return s == engine.MediaFlowing || s == engine.MediaInterrupted
}

func (t *transport) isClosed() bool { return t.closed.Load() }

// route is the way that packets take.
type route struct {
	transport string // "direct", "relay", or "" before one is chosen
	protocol  string // "udp", "tcp" or "tls", on the way out of here
	roundTrip time.Duration
}

func (t *transport) path() route {
	if !t.connected() { // Pion's transport cannot be asked while it starts
		return route{}
	}
	iceTransport := t.pc.SCTP().Transport().ICETransport()
	pair, err := iceTransport.GetSelectedCandidatePair()
	if err != nil || pair == nil || t.isClosed() {
		return route{}
	}
	stats, _ := iceTransport.GetSelectedCandidatePairStats()
	p := route{
		transport: "direct", protocol: pair.Local.Protocol.String(),
		roundTrip: time.Duration(stats.CurrentRoundTripTime * float64(time.Second)),
	}
	if pair.Local.Typ == webrtc.ICECandidateTypeRelay || pair.Remote.Typ == webrtc.ICECandidateTypeRelay {
		p.transport = "relay"
	}
	if pair.Local.Typ == webrtc.ICECandidateTypeRelay {
		// The relay sends UDP on; how it is reached stands in the statistics alone.
		local, _ := t.pc.GetStats()[stats.LocalCandidateID].(webrtc.ICECandidateStats)
		if local.RelayProtocol != "" {
			p.protocol = local.RelayProtocol
		}
	}
	return p
}

// close ends the PeerConnection and waits for it. Never call it from one of
// Pion's handlers.
func (t *transport) close() {
	t.closed.Store(true)
	t.once.Do(func() {
		if err := t.pc.GracefulClose(); err != nil {
			t.session.conn.log.Debug("close media transport", "error", err)
		}
	})
}

// drainRTCP reads until the end: interceptors work while somebody reads.
func drainRTCP(read func([]byte) (int, interceptor.Attributes, error)) {
	buffer := make([]byte, 1500)
	for failures := 0; failures < 100; {
		_, _, err := read(buffer)
		switch {
		case err == nil:
			failures = 0
		case isOver(err):
			return
		default:
			failures++ // a packet that cannot be read; errors without end mean it is over
		}
	}
}

var errNoSection = errors.New("section missing in the local description")

// sectionOf finds the section of a mid in what Pion wrote.
func (raw rawSDP) sectionOf(mid string) ([]string, error) {
	for _, lines := range raw.sections {
		if m, _ := attribute(lines, "mid"); m == mid {
			return lines, nil
		}
	}
	return nil, errNoSection
}
