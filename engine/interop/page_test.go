package interop

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// page is a web page in the browser, signed in.
type page struct {
	t       *testing.T
	browser *chromium
	session string
	name    string

	mu      sync.Mutex
	console []string
}

// openPage opens the exchange's page and signs it in as user.
func openPage(t *testing.T, c *chromium, x *exchange, user string) *page {
	t.Helper()
	p := &page{t: t, browser: c, name: "page " + user}
	session, shut, err := c.open(t.Context(), "https://"+x.host+"/"+x.query)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(shut)
	p.session = session
	c.on(session, p.listen)
	t.Cleanup(func() {
		if t.Failed() {
			p.tell()
		}
	})
	p.awaitLoaded()
	p.do("phone.logIn(%v)", map[string]string{
		"host": x.host, "clientId": "tring", "user": user + "@example.com",
		"password": "secret-" + user, "correlator": "page-" + user,
	})
	return p
}

// awaitLoaded waits until the page's scripts have run.
func (p *page) awaitLoaded() {
	p.t.Helper()
	ready := false
	for end := time.Now().Add(patience); !ready; {
		if err := p.eval("location.protocol === 'https:' && !!window.phone", &ready); err != nil && time.Now().After(end) {
			p.t.Fatalf("%s: %v", p.name, err)
		}
		if !ready && time.Now().After(end) {
			p.t.Fatalf("%s does not load", p.name)
		}
		pause()
	}
}

// pause is the time between two looks at something that cannot tell by itself.
func pause() { <-time.After(50 * time.Millisecond) }

// listen keeps what the page writes to its console.
func (p *page) listen(method string, params json.RawMessage) {
	if method != "Runtime.consoleAPICalled" && method != "Runtime.exceptionThrown" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.console) < 200 {
		p.console = append(p.console, string(params[:min(len(params), 600)]))
	}
}

// tell shows what the page has seen.
func (p *page) tell() {
	var events, wire, trail []json.RawMessage
	_ = p.eval("window.events", &events)
	_ = p.eval("window.wire", &wire)
	_ = p.eval("window.trail", &trail)
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintf(&b, "%s\n", e)
	}
	fmt.Fprintf(&b, "notifications:\n")
	for _, w := range wire {
		fmt.Fprintf(&b, "%.1000s\n", w)
	}
	fmt.Fprintf(&b, "peer connections:\n")
	for _, line := range trail {
		fmt.Fprintf(&b, "%s\n", line)
	}
	p.t.Logf("%s saw:\n%sconsole:\n%s", p.name, b.String(), strings.Join(p.console, "\n"))
}

func (p *page) eval(expression string, value any) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience+5*time.Second)
	defer cancel()
	return p.browser.evaluate(ctx, p.session, expression, value)
}

// do runs a call of the page; arguments are given as JSON.
func (p *page) do(format string, args ...any) {
	p.t.Helper()
	for i, arg := range args {
		data, err := json.Marshal(arg)
		if err != nil {
			p.t.Fatal(err)
		}
		args[i] = string(data)
	}
	if err := p.click(fmt.Sprintf(format, args...)); err != nil {
		p.t.Fatalf("%s: %s: %v", p.name, format, err)
	}
}

// click runs a call of the page.
func (p *page) click(call string) error { return p.eval("(async () => { await "+call+" })()", nil) }

// await waits until an expression is true in the page.
func (p *page) await(expression string) {
	p.t.Helper()
	if err := p.eval(fmt.Sprintf("until(() => %s, %d)", expression, patience.Milliseconds()), nil); err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
}

// awaitState waits for a state of the page's call.
func (p *page) awaitState(state string) {
	p.t.Helper()
	p.await(fmt.Sprintf("phone.call().state === %q", state))
}

// awaitHold waits for the sides that hold the page's call.
func (p *page) awaitHold(local, remote bool) {
	p.t.Helper()
	state := "Connected"
	if local || remote {
		state = "On Hold"
	}
	p.await(fmt.Sprintf("(c => c.state === %q && !!c.localHold === %v && !!c.remoteHold === %v)(phone.call())", state, local, remote))
}

// moment gives the time between two moments of the page's newest call, in ms;
// 0 if one of them has not been.
func (p *page) moment(from, to string) float64 {
	p.t.Helper()
	var ms float64
	if err := p.eval(fmt.Sprintf("((a, b) => a && b ? b - a : 0)(window.moments.%s, window.moments.%s)", from, to), &ms); err != nil {
		p.t.Fatal(err)
	}
	return ms
}

// figures are what the page's PeerConnections count.
type figures struct {
	Frames, SentFrames, Energy float64
	AudioPackets               float64
	Transports, Width, Height  int
	Reason                     string
}

func (p *page) figures() figures {
	p.t.Helper()
	var f figures
	if err := p.eval("figures()", &f); err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
	return f
}

// hears waits for a tone of two frequencies, in Hz, in what the page receives.
func (p *page) hears(low, high float64) error {
	var heard bool
	if err := p.eval(fmt.Sprintf("hears(%v, %v, 8000)", low, high), &heard); err != nil {
		return err
	}
	if !heard {
		return fmt.Errorf("%s hears no tone of %v and %v Hz", p.name, low, high)
	}
	return nil
}
