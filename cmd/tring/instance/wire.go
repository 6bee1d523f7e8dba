package instance

import (
	"bufio"
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits, in bytes.
const (
	maxLine = 4 << 10
	maxLink = 1100 // a little more than a link may have, so that the window can say so
)

// request is what the second one sends.
type request struct {
	Token string `json:"token"`
	Start
}

var errRequest = errors.New("no message of Tring's")

// hand gives the start to the first one.
func hand(ctx context.Context, dir string, start Start) error {
	text, err := readBounded(filepath.Join(dir, "instance.json"))
	if err != nil {
		return err
	}
	var to address
	if err := json.Unmarshal(text, &to); err != nil {
		return err
	}
	conn, err := dial(ctx, to)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * lineTime))
	if err := checkPeer(conn); err != nil {
		return err
	}
	start.Link = clean(start.Link)
	var line bytes.Buffer
	encoder := json.NewEncoder(&line) // ends it with a line feed
	encoder.SetEscapeHTML(false)      // which would make six bytes of one &
	if err := encoder.Encode(request{to.Token, start}); err != nil {
		return err
	}
	allowFront()
	if _, err := conn.Write(line.Bytes()); err != nil {
		return err
	}
	word, err := bufio.NewReader(io.LimitReader(conn, 16)).ReadString('\n')
	if err == nil && word != "ok\n" {
		err = fmt.Errorf("it says %q", word)
	}
	return err
}

// dial calls the first one, on this machine alone whatever the file says.
func dial(ctx context.Context, to address) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, lineTime)
	defer cancel()
	if to.Network == "tcp" {
		host, _, err := net.SplitHostPort(to.Address)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			return nil, fmt.Errorf("%q is not on this machine", to.Address)
		}
	} else if to.Network != "unix" {
		return nil, fmt.Errorf("%q is no network to call", to.Network)
	}
	return new(net.Dialer).DialContext(ctx, to.Network, to.Address)
}

func readBounded(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxAddress))
}

// readRequest takes one line, and believes nothing of it.
func readRequest(r io.Reader, token string) (Start, error) {
	line, err := bufio.NewReader(io.LimitReader(r, maxLine)).ReadBytes('\n')
	if err != nil {
		return Start{}, fmt.Errorf("%w: %w", errRequest, err)
	}
	var q request
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&q); err != nil {
		return Start{}, errRequest // the line may hold a token: it is not repeated
	}
	if subtle.ConstantTimeCompare([]byte(q.Token), []byte(token)) != 1 {
		return Start{}, errors.New("the token is wrong")
	}
	if q.Link != clean(q.Link) {
		return Start{}, errRequest
	}
	return q.Start, nil
}

// clean makes a command line's argument fit to be handed on: bounded, whole
// characters, none that controls anything.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return '\uFFFD'
		}
		return r
	}, s[:min(len(s), maxLink)])
	if len(s) <= maxLink {
		return s
	}
	end := maxLink
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}
