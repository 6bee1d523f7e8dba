package peer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Parity (package fec) is agreed on in the text alone; Pion is told only that
// its source is no video. It needs to know no more: parity goes out beside the
// video, like retransmissions, and what comes in is led to the reader of the
// video (mediaBuffer).
const (
	parityEncoding = "flexfec-03/90000"
	// parityPayload is its payload type in our offers, that of Chromium's.
	parityPayload = 49
	// repairWindow is within how many microseconds of a packet its parity leaves.
	repairWindow = 200_000
	// longestWindow tells those who use it as it is done here from Chromium: that
	// offers to take it where it sends nothing itself, with a window of 10 s, and
	// no longer once it sends.
	longestWindow = 1_000_000
)

// parityType finds the payload type of parity in a section; 0 for none.
func parityType(formats, lines []string) uint8 {
	for _, c := range listCodecs(formats, lines) {
		if !c.is(parityEncoding) {
			continue
		}
		for _, parameter := range strings.Split(c.fmtp, ";") {
			value, ok := strings.CutPrefix(strings.TrimSpace(parameter), "repair-window=")
			if window, err := strconv.ParseUint(value, 10, 32); ok && err == nil && window > 0 && window <= longestWindow {
				n, _ := strconv.ParseUint(c.payloadType, 10, 7) // listCodecs has checked it
				return uint8(n)
			}
		}
	}
	return 0
}

// withParity adds parity to a section that Pion wrote. It adds nothing where
// the number is in use.
func withParity(lines []string, payloadType uint8) (with []string, ok bool) {
	words := strings.Fields(lines[0])
	number := strconv.Itoa(int(payloadType))
	if payloadType == 0 || len(words) < 4 || slices.Contains(words[3:], number) {
		return lines, false
	}
	with = append([]string{lines[0] + " " + number}, lines[1:]...)
	return append(with,
		fmt.Sprintf("a=rtpmap:%s %s", number, parityEncoding),
		fmt.Sprintf("a=fmtp:%s repair-window=%d", number, repairWindow)), true
}
