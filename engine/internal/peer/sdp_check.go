package peer

import (
	"encoding/hex"
	"strings"
)

func isDTLSTransport(proto string) bool {
	switch proto {
	case "UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "TCP/TLS/RTP/SAVPF", "RTP/SAVPF":
		return true // RFC 8829 section 5.1.2; RTP/SAVPF is what old peers write
	}
	return false
}

// fingerprintOf picks the strongest hash that DTLS here knows (RFC 8122).
func fingerprintOf(lines []string) string {
	sizes := map[string]int{"sha-256": 32, "sha-384": 48, "sha-512": 64, "sha-1": 20}
	best := ""
	for _, value := range attributes(lines, "fingerprint") {
		algorithm, digest, ok := strings.Cut(value, " ")
		algorithm = strings.ToLower(algorithm)
		if !ok || sizes[algorithm] == 0 || !isDigest(digest, sizes[algorithm]) {
			continue
		}
		f := algorithm + " " + strings.ToUpper(digest)
		if algorithm == "sha-256" {
			return f
		}
		if best == "" || strings.HasPrefix(best, "sha-1 ") {
			best = f
		}
	}
	return best
}

func isDigest(text string, size int) bool {
	if len(text) != 3*size-1 {
		return false
	}
	raw, err := hex.DecodeString(strings.ReplaceAll(text, ":", ""))
	return err == nil && len(raw) == size
}

// isToken: visible ASCII without spaces, and short.
func isToken(text string) bool {
	if text == "" || len(text) > maxTokenBytes {
		return false
	}
	for i := 0; i < len(text); i++ {
		if text[i] <= ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// isICEText: ice-char of RFC 8839 section 5.4, and "-_", which some send.
func isICEText(text string) bool {
	if len(text) > maxTokenBytes {
		return false
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case c == '+', c == '/', c == '-', c == '_', c == '=':
		default:
			return false
		}
	}
	return true
}
