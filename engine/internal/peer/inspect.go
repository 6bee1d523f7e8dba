package peer

import "slices"

// Inspect checks a far end's session description, offer or answer, and says
// what is in it. It needs no connection and starts nothing. Every inbound
// description should pass it first. Errors are *engine.Problem wrapping
// engine.ErrBadSDP.
func Inspect(sdp string) (Remote, error) {
	d, err := parseSDP(sdp)
	if err != nil {
		return Remote{}, err
	}
	if err := d.checkUsable(); err != nil {
		return Remote{}, err
	}
	r := d.remote()
	r.Held = d.holds()
	return r, nil
}

// checkUsable sees that there is something to talk over.
func (d *description) checkUsable() error {
	media := false
	for i := range d.sections {
		s := &d.sections[i]
		if s.usable {
			return nil
		}
		media = media || !s.rejected && (s.media == "audio" || s.media == "video")
	}
	if media {
		return badSDP("offers no way to talk that is known here (it needs Opus sound or VP8 video over DTLS)")
	}
	return badSDP("offers neither sound nor video")
}

// first is the first usable section of a kind, or nil: others of the kind are
// not used.
func (d *description) first(k Kind) *remoteSection {
	for i := range d.sections {
		if s := &d.sections[i]; s.usable && s.kind == k {
			return s
		}
	}
	return nil
}

// remote is the description's content but for Held.
func (d *description) remote() Remote {
	var r Remote
	audio, video := d.first(Audio), d.first(Video)
	if audio != nil {
		r.HasAudio, r.SendsAudio, r.ReceivesAudio = true, audio.dir.send, audio.dir.recv
		r.TelephoneEvent = slices.ContainsFunc(audio.codecs, func(c remoteCodec) bool {
			return c.is("telephone-event/48000") || c.is("telephone-event/8000")
		})
		r.PacketTime = audio.packetTime
	}
	if video != nil {
		r.HasVideo, r.SendsVideo, r.ReceivesVideo = true, video.dir.send, video.dir.recv
	}
	r.Bundled = d.bundled()
	return r
}

// bundled says whether all usable sections share one group.
func (d *description) bundled() bool {
	var group []string
	for i := range d.sections {
		s := &d.sections[i]
		if !s.usable {
			continue
		}
		g := d.groupOf(s.mid)
		if g == nil || group != nil && !slices.Equal(g, group) {
			return false
		}
		group = g
	}
	return group != nil
}

// holds says whether the far end receives nothing. Kandy's pages hold with
// inactive; hold with music is sendonly.
func (d *description) holds() bool {
	usable := false
	for _, k := range []Kind{Audio, Video} {
		if s := d.first(k); s != nil {
			if s.dir.recv {
				return false
			}
			usable = true
		}
	}
	return usable
}
