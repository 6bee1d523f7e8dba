package peer

import (
	"strings"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// feedbackEvery is how often the far end is told of its packets. It finds a
// path that narrows by that.
const feedbackEvery = 50 * time.Millisecond

// feedbackInterceptor tells the far end when its packets came, for its
// congestion control
// (draft-holmer-rmcat-transport-wide-cc-extensions-01).
type feedbackInterceptor struct {
	interceptor.NoOp
	link   *link
	worker worker
}

func newFeedbackInterceptor(l *link) *feedbackInterceptor {
	return &feedbackInterceptor{link: l, worker: newWorker()}
}

// BindRTCPWriter starts the goroutine that tells; Close waits for it.
func (i *feedbackInterceptor) BindRTCPWriter(writer interceptor.RTCPWriter) interceptor.RTCPWriter {
	i.worker.start(func() { i.run(writer) })
	return writer
}

// Close ends the telling and waits for it.
func (i *feedbackInterceptor) Close() error {
	i.worker.close()
	return nil
}

// run sleeps while nothing comes.
func (i *feedbackInterceptor) run(writer interceptor.RTCPWriter) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		select {
		case <-i.worker.done:
			return
		case <-i.worker.wake:
		}
		timer.Reset(feedbackEvery)
		select {
		case <-i.worker.done:
			return
		case <-timer.C:
		}
		if packets := i.link.report(); len(packets) > 0 {
			_, _ = writer.Write(packets, nil) // the next one makes up for it
		}
	}
}

// BindRemoteStream notes the arrival of numbered packets.
func (i *feedbackInterceptor) BindRemoteStream(info *interceptor.StreamInfo, reader interceptor.RTPReader) interceptor.RTPReader {
	extension := numbering(info)
	if extension == 0 {
		return reader
	}
	ssrc, original := info.SSRC, !strings.EqualFold(info.MimeType, webrtc.MimeTypeRTX)
	return interceptor.RTPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
		n, a, err := reader.Read(b, a)
		if err != nil || n <= 0 {
			return n, a, err
		}
		now := time.Now()
		if a == nil {
			a = make(interceptor.Attributes)
		}
		header, err := a.GetRTPHeader(b[:n])
		if err != nil {
			return n, a, nil //nolint:nilerr // whoever reads it finds out
		}
		var number rtp.TransportCCExtension
		if raw := header.GetExtension(extension); raw != nil && number.Unmarshal(raw) == nil {
			i.link.arrived(ssrc, number.TransportSequence, original, now)
			i.worker.rouse()
		}
		return n, a, nil
	})
}

// numbering is the number of the header extension with transport-wide numbers;
// 0 if it is not agreed on.
func numbering(info *interceptor.StreamInfo) uint8 {
	for _, e := range info.RTPHeaderExtensions {
		if e.URI == sdp.TransportCCURI && e.ID > 0 && e.ID < 15 {
			return uint8(e.ID)
		}
	}
	return 0
}
