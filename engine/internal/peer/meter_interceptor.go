package peer

import (
	"strings"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// meterFactory makes one interceptor for each PeerConnection of a far end.
type meterFactory struct {
	meter   *meter
	rtxSSRC uint32
}

func (f *meterFactory) NewInterceptor(string) (interceptor.Interceptor, error) {
	return &meterInterceptor{meter: f.meter, rtxSSRC: f.rtxSSRC}, nil
}

type meterInterceptor struct {
	interceptor.NoOp
	meter   *meter
	rtxSSRC uint32
}

// BindLocalStream counts what is sent. It also fixes the SSRC of
// retransmissions to the one our descriptions announce: Pion lets only the
// main SSRC be chosen.
func (i *meterInterceptor) BindLocalStream(info *interceptor.StreamInfo, writer interceptor.RTPWriter) interceptor.RTPWriter {
	kind := kindOf(info.MimeType)
	if info.SSRCRetransmission != 0 {
		info.SSRCRetransmission = i.rtxSSRC
	}
	main := info.SSRC
	i.meter.mu.Lock()
	i.meter.local[main] = kind
	i.meter.mu.Unlock()
	return interceptor.RTPWriterFunc(func(header *rtp.Header, payload []byte, a interceptor.Attributes) (int, error) {
		n, err := writer.Write(header, payload, a)
		if err == nil && n > 0 { // 0: no transport yet
			i.meter.sent(kind, header.SSRC == i.rtxSSRC, header.MarshalSize()+len(payload))
		}
		return n, err
	})
}

// BindRemoteStream counts what is received.
func (i *meterInterceptor) BindRemoteStream(info *interceptor.StreamInfo, reader interceptor.RTPReader) interceptor.RTPReader {
	kind := kindOf(info.MimeType)
	main := info.SSRC != 0 && !strings.EqualFold(info.MimeType, "video/rtx")
	return interceptor.RTPReaderFunc(func(b []byte, a interceptor.Attributes) (int, interceptor.Attributes, error) {
		n, a, err := reader.Read(b, a)
		if err != nil || n <= 0 {
			return n, a, err
		}
		if a == nil {
			a = make(interceptor.Attributes)
		}
		if header, err := a.GetRTPHeader(b[:n]); err == nil {
			i.meter.received(info, kind, main && header.SSRC == info.SSRC, header, n)
		}
		return n, a, nil
	})
}

// BindRTCPReader listens to reports and key-frame requests.
func (i *meterInterceptor) BindRTCPReader(reader interceptor.RTCPReader) interceptor.RTCPReader {
	return overhear(reader, i.meter.feedback)
}

// BindRTCPWriter counts the key-frame requests that go out.
func (i *meterInterceptor) BindRTCPWriter(writer interceptor.RTCPWriter) interceptor.RTCPWriter {
	return interceptor.RTCPWriterFunc(func(packets []rtcp.Packet, a interceptor.Attributes) (int, error) {
		for _, packet := range packets {
			if _, ok := packet.(*rtcp.PictureLossIndication); ok {
				i.meter.asked()
			}
		}
		return writer.Write(packets, a)
	})
}
