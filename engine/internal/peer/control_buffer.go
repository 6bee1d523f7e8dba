package peer

import (
	"io"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/transport/v4/packetio"
)

// Limits of the buffers of one source, in bytes; Pion's own.
const (
	maxBuffered        = 1000 * 1000
	maxBufferedControl = 100 * 1000
)

// buffers makes the buffers between Pion's sockets and its readers.
//
// Pion hands RTCP over by the source that it is about, and has no reader for
// what is about our retransmissions. But browsers say that feedback is about
// the source of the packet that came last, which may be just that; so it is
// read on its way into the buffer.
func (l *link) buffers(rtxSSRC uint32) func(packetio.BufferPacketType, uint32) io.ReadWriteCloser {
	return func(kind packetio.BufferPacketType, ssrc uint32) io.ReadWriteCloser {
		buffer := packetio.NewBuffer()
		buffer.SetLimitSize(maxBuffered)
		if kind != packetio.RTCPBufferPacket {
			return l.newMediaBuffer(buffer, ssrc)
		}
		buffer.SetLimitSize(maxBufferedControl)
		if ssrc == rtxSSRC {
			return controlBuffer{buffer, l}
		}
		return buffer
	}
}

// controlBuffer takes the feedback out of what nobody else reads.
type controlBuffer struct {
	*packetio.Buffer
	link *link
}

func (b controlBuffer) Write(packet []byte) (int, error) {
	packets, err := rtcp.Unmarshal(packet)
	if err != nil {
		return len(packet), nil //nolint:nilerr // what cannot be read is dropped
	}
	for _, p := range packets {
		if feedback, ok := p.(*rtcp.TransportLayerCC); ok {
			b.link.feedback(feedback, time.Now())
		}
	}
	return len(packet), nil
}
