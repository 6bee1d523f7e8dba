package peer

import "strings"

// Session descriptions as real programs write them: shortened only where
// things repeat, addresses and keys made up.

const (
	sampleFingerprint = "a=fingerprint:sha-256 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64:1A:24:C2:43:F0:A1:58:D0:A1:2C:19:08\n"
	samplePwd         = "a=ice-pwd:5PkV0Y6wUvZ6ZC9r4VfxMpbo\n"
)

// chromiumOffer is what Chromium writes, with the group; SDK pages of 5.x send
// it so, those up to 4.15 without the group line.
const chromiumOffer = `v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
a=extmap-allow-mixed
a=msid-semantic: WMS 9c0e6b33-1f5c-4ea0-9a61-5bb0ff6ff7a3
m=audio 51472 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
c=IN IP4 192.0.2.17
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:2327431533 1 udp 2122260223 192.0.2.17 51472 typ host generation 0 network-id 1 network-cost 10
a=candidate:1714343533 1 udp 2122194687 2001:db8::17 43812 typ host generation 0 network-id 2
a=candidate:842163049 1 udp 1686052607 203.0.113.5 51472 typ srflx raddr 192.0.2.17 rport 51472 generation 0 network-id 1
a=candidate:3629842873 1 tcp 1518280447 192.0.2.17 9 typ host tcptype active generation 0 network-id 1
a=ice-ufrag:6ZcY
` + samplePwd + `a=ice-options:renomination
` + sampleFingerprint + `a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendrecv
a=msid:9c0e6b33-1f5c-4ea0-9a61-5bb0ff6ff7a3 0b5c8d9a-5b53-4a07-9f5e-5a1a3b9fbb1f
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:13 CN/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
a=ssrc:3570614608 cname:4TOk42mSjXCkVIa6
a=ssrc:3570614608 msid:9c0e6b33-1f5c-4ea0-9a61-5bb0ff6ff7a3 0b5c8d9a-5b53-4a07-9f5e-5a1a3b9fbb1f
m=video 51474 UDP/TLS/RTP/SAVPF 96 97 98 99 45 46 127 121 125
c=IN IP4 192.0.2.17
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:2327431533 1 udp 2122260223 192.0.2.17 51474 typ host generation 0 network-id 1 network-cost 10
a=ice-ufrag:6ZcY
` + samplePwd + sampleFingerprint + `a=setup:actpass
a=mid:1
b=AS:5000
b=TIAS:5000000
a=extmap:14 urn:ietf:params:rtp-hdrext:toffset
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:13 urn:3gpp:video-orientation
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendrecv
a=msid:9c0e6b33-1f5c-4ea0-9a61-5bb0ff6ff7a3 7f1e1b0a-8f5d-4d07-8a8c-06f5a1b0b2ce
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 transport-cc
a=rtcp-fb:96 ccm fir
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:98 VP9/90000
a=rtcp-fb:98 nack
a=fmtp:98 profile-id=0
a=rtpmap:99 rtx/90000
a=fmtp:99 apt=98
a=rtpmap:45 AV1/90000
a=fmtp:45 level-idx=5;profile=0;tier=0
a=rtpmap:46 rtx/90000
a=fmtp:46 apt=45
a=rtpmap:127 red/90000
a=rtpmap:121 rtx/90000
a=fmtp:121 apt=127
a=rtpmap:125 ulpfec/90000
a=ssrc-group:FID 2231627014 632943048
a=ssrc:2231627014 cname:4TOk42mSjXCkVIa6
a=ssrc:2231627014 msid:9c0e6b33-1f5c-4ea0-9a61-5bb0ff6ff7a3 7f1e1b0a-8f5d-4d07-8a8c-06f5a1b0b2ce
a=ssrc:632943048 cname:4TOk42mSjXCkVIa6
a=ssrc:632943048 msid:9c0e6b33-1f5c-4ea0-9a61-5bb0ff6ff7a3 7f1e1b0a-8f5d-4d07-8a8c-06f5a1b0b2ce
`

// firefoxOffer has the fingerprint at session level, data channels first, and
// bundle-only for what comes after the first section.
const firefoxOffer = `v=0
o=mozilla...THIS_IS_SDPARTA-99.0 1287640122219562531 0 IN IP4 0.0.0.0
s=-
t=0 0
` + sampleFingerprint + `a=group:BUNDLE 0 1 2
a=ice-options:trickle
a=msid-semantic:WMS *
m=application 40123 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 192.0.2.33
a=candidate:0 1 UDP 2122252543 192.0.2.33 40123 typ host
a=candidate:1 1 UDP 2122252542 5f6a8e5e-52d0-4d8b-8a3b-8e9b6f7d7f10.local 40124 typ host
a=sendrecv
a=end-of-candidates
a=ice-pwd:e05a8b1f1b2c3d4e5f60718293a4b5c6
a=ice-ufrag:8d1f2c3b
a=mid:0
a=setup:actpass
a=sctp-port:5000
a=max-message-size:1073741823
m=audio 0 UDP/TLS/RTP/SAVPF 109 9 0 8 101
c=IN IP4 0.0.0.0
a=bundle-only
a=sendrecv
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level
a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
a=fmtp:101 0-15
a=ice-pwd:e05a8b1f1b2c3d4e5f60718293a4b5c6
a=ice-ufrag:8d1f2c3b
a=mid:1
a=msid:{3f0e2c2a-7b67-4f4b-9d39-86f5a6a2a4a1} {b1c1e9a2-65a0-4f0b-8b9e-2fd3c95a8d52}
a=rtcp-mux
a=rtpmap:109 opus/48000/2
a=rtpmap:9 G722/8000/1
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000/1
a=setup:actpass
a=ssrc:1913512613 cname:{9a1b6f11-3d53-43fd-9a6a-31f9dd36ca9d}
m=video 0 UDP/TLS/RTP/SAVPF 120 124 121 125 126 127
c=IN IP4 0.0.0.0
a=bundle-only
a=sendrecv
a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:4 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:5 urn:ietf:params:rtp-hdrext:toffset
a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=fmtp:126 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1
a=fmtp:120 max-fs=12288;max-fr=60
a=fmtp:124 apt=120
a=fmtp:125 apt=121
a=fmtp:127 apt=126
a=ice-pwd:e05a8b1f1b2c3d4e5f60718293a4b5c6
a=ice-ufrag:8d1f2c3b
a=mid:2
a=msid:{3f0e2c2a-7b67-4f4b-9d39-86f5a6a2a4a1} {2f6e7d58-3c5b-4f87-a3ac-4c7c7f6b7c11}
a=rtcp-fb:120 nack
a=rtcp-fb:120 nack pli
a=rtcp-fb:120 ccm fir
a=rtcp-fb:120 transport-cc
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:120 VP8/90000
a=rtpmap:124 rtx/90000
a=rtpmap:121 VP9/90000
a=rtpmap:125 rtx/90000
a=rtpmap:126 H264/90000
a=rtpmap:127 rtx/90000
a=setup:actpass
a=ssrc:2755201430 cname:{9a1b6f11-3d53-43fd-9a6a-31f9dd36ca9d}
a=ssrc-group:FID 2755201430 1023456789
a=ssrc:1023456789 cname:{9a1b6f11-3d53-43fd-9a6a-31f9dd36ca9d}
`

// sdkHold is a hold of an SDK page of 4.9: no group, inactive, no sources.
const sdkHold = `v=0
o=- 7150346711341553137 4 IN IP4 127.0.0.1
s=-
t=0 0
a=msid-semantic: WMS
m=audio 9 UDP/TLS/RTP/SAVPF 111 110 126
c=IN IP4 0.0.0.0
b=AS:5000
a=ice-ufrag:Vh3K
` + samplePwd + sampleFingerprint + `a=setup:actpass
a=mid:0
a=inactive
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
m=video 9 UDP/TLS/RTP/SAVPF 96 97
c=IN IP4 0.0.0.0
a=ice-ufrag:Vh3K
` + samplePwd + sampleFingerprint + `a=setup:actpass
a=mid:1
a=inactive
a=rtcp-mux
a=rtpmap:96 VP8/90000
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
`

// h264Only has a video section that cannot be used here.
var h264Only = strings.NewReplacer("VP8/90000", "H264/90000").Replace(chromiumOffer)

// onlyTelephony has no Opus at all.
var onlyTelephony = strings.NewReplacer("opus/48000/2", "G729/8000", "VP8/90000", "H264/90000").Replace(chromiumOffer)

var sampleSDPs = []string{chromiumOffer, withoutGroup(chromiumOffer), firefoxOffer, sdkHold, h264Only, onlyTelephony}

func init() {
	for i, s := range sampleSDPs {
		sampleSDPs[i] = strings.ReplaceAll(s, "\n", "\r\n")
	}
}
