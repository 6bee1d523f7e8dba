package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// transcript is who typed what and which events came, for people to read:
//
//	0.812  alice  > hold
//	0.857  alice  < call:stateChange call 1: previous Connected, state On Hold, localHold yes, remoteHold no
//
// It is logged at the end of its test, and appended to the file that
// TRING_E2E_TRANSCRIPT names. A nil one keeps nothing.
type transcript struct {
	mu    sync.Mutex
	start time.Time
	text  strings.Builder
	calls map[string]int // by program and callId: number of the call, counted for each program
	count map[string]int
}

func newTranscript(t *testing.T) *transcript {
	t.Helper()
	n := &transcript{start: time.Now(), calls: map[string]int{}, count: map[string]int{}}
	t.Cleanup(func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		t.Logf("transcript\n%s", n.text.String())
		name := os.Getenv("TRING_E2E_TRANSCRIPT")
		if name == "" {
			return
		}
		f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			t.Error(err)
			return
		}
		defer f.Close()
		if _, err := fmt.Fprintf(f, "## %s\n\n%s\n", t.Name(), n.text.String()); err != nil {
			t.Error(err)
		}
	})
	return n
}

func (n *transcript) said(who, line string) {
	if n != nil {
		n.add(who, ">", line)
	}
}

// heard takes a line of a program's output.
func (n *transcript) heard(who string, line []byte) {
	if n == nil {
		return
	}
	members, err := ordered(line)
	if err != nil {
		n.add(who, "<", string(line))
		return
	}
	n.add(who, "<", n.sentence(who, members))
}

func (n *transcript) add(who, way, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	fmt.Fprintf(&n.text, "%7.3f  %-6s %s %s\n", time.Since(n.start).Seconds(), who, way, text)
}

// sentence writes an event in words. Of statistics only the counters are kept.
func (n *transcript) sentence(who string, members object) string {
	event, call := "", ""
	var parts []string
	for _, m := range members {
		switch m.key {
		case "time":
		case "event":
			event, _ = m.value.(string)
		case "callId":
			call = fmt.Sprintf(" call %d", n.number(who, fmt.Sprint(m.value)))
		default:
			if words := n.value(who, m); words != "" {
				parts = append(parts, words)
			}
		}
	}
	text := event + call
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	return text
}

func (n *transcript) number(who, id string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	key := who + " " + id
	if n.calls[key] == 0 {
		n.count[who]++
		n.calls[key] = n.count[who]
	}
	return n.calls[key]
}

// counters are what a transcript shows of call:stats.
var counters = []string{"packets", "energy", "framesDecoded", "framesEncoded"}

func (n *transcript) value(who string, m field) string {
	switch v := m.value.(type) {
	case bool:
		return m.key + map[bool]string{true: " yes", false: " no"}[v]
	case object:
		var parts []string
		for _, in := range v {
			if _, deeper := in.value.(object); !deeper && !slices.Contains(counters, in.key) && (m.key == "inbound" || m.key == "outbound") {
				continue
			}
			if words := n.value(who, in); words != "" {
				parts = append(parts, words)
			}
		}
		return m.key + " (" + strings.Join(parts, ", ") + ")"
	case []any:
		return m.key + " " + strings.Trim(fmt.Sprint(v), "[]")
	case string:
		if v == "" {
			return ""
		}
	case float64:
		return m.key + " " + strconv.FormatFloat(v, 'g', max(4, len(strconv.Itoa(int(v)))), 64)
	}
	return fmt.Sprintf("%s %v", m.key, m.value)
}

// ordered reads a JSON object with its members in order.
func ordered(line []byte) (object, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return nil, fmt.Errorf("no object: %w", err)
	}
	return members(d)
}

// members reads on to the end of the object that has begun.
func members(d *json.Decoder) (object, error) {
	var o object
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, err
		}
		var value any
		if inner, err := ordered(raw); err == nil {
			value = inner
		} else if err := json.Unmarshal(raw, &value); err != nil {
			return nil, err
		}
		o = append(o, field{fmt.Sprint(key), value})
	}
	return o, nil
}
