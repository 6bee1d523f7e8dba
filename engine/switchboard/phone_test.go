package switchboard

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"tring/engine/internal/kandyapi"
)

// phone is a device: it acts like a client and records what it is told.
type phone struct {
	*world
	email, correlator string
	token             kandyapi.Token
	user              string
	channel           kandyapi.Channel
	conn              *websocket.Conn
	in                chan kandyapi.Message
	ended             chan websocket.StatusCode // close code of the last socket
	reader            sync.WaitGroup
	early             bool // sends HeaderEarly
}

// phone signs a user in on a device: token, channel, socket, subscription.
func (w *world) phone(email, correlator string) *phone {
	w.t.Helper()
	p := &phone{world: w, email: email, correlator: correlator, in: make(chan kandyapi.Message, 100)}
	p.getToken()
	p.openChannel(kandyapi.RoleClient)
	p.openSocket()
	p.subscribe()
	return p
}

func (p *phone) getToken() {
	p.t.Helper()
	response, data := p.logIn(passwordForm(p.email, password))
	if response.StatusCode != http.StatusOK {
		p.t.Fatalf("token: %d %s", response.StatusCode, data)
	}
	decode(p.t, data, &p.token)
	part := strings.Split(p.token.IDToken, ".")[1]
	payload, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		p.t.Fatal(err)
	}
	var id kandyapi.IDClaims
	decode(p.t, payload, &id)
	if id.ServicesIdentity != p.email {
		p.t.Fatalf("services-identity %q", id.ServicesIdentity)
	}
	p.user = id.PreferredUsername
}

func (p *phone) openChannel(role string) {
	p.t.Helper()
	var body kandyapi.ChannelBody
	p.want(http.StatusCreated, "POST", kandyapi.ChannelsPath(p.user), kandyapi.ChannelBody{NotificationChannel: &kandyapi.Channel{
		ChannelType: kandyapi.ChannelTypeRequest, ClientCorrelator: p.correlator, ConnCheckRole: role,
	}}, &body)
	p.channel = *body.NotificationChannel
}

func (p *phone) dial() (*websocket.Conn, *http.Response, error) {
	return websocket.Dial(context.Background(),
		"ws://switchboard"+p.channel.ChannelData.ChannelURL+"?access_token="+url.QueryEscape(p.token.AccessToken),
		&websocket.DialOptions{HTTPClient: p.client})
}

func (p *phone) openSocket() {
	p.t.Helper()
	conn, _, err := p.dial()
	if err != nil {
		p.t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	ended := make(chan websocket.StatusCode, 1)
	p.conn, p.ended = conn, ended
	p.reader.Go(func() {
		for {
			_, data, err := conn.Read(context.Background())
			if err != nil {
				ended <- websocket.CloseStatus(err)
				conn.CloseNow()
				return
			}
			var m kandyapi.Message
			if err := json.Unmarshal(data, &m); err != nil {
				p.t.Errorf("not JSON on the socket: %s", data)
				return
			}
			p.in <- m
		}
	})
}

// drop cuts the socket without a word.
func (p *phone) drop() {
	p.conn.CloseNow()
	p.reader.Wait()
	synctest.Wait()
}

func (p *phone) subscribe() (resource string) {
	p.t.Helper()
	var body kandyapi.SubscriptionBody
	p.want(http.StatusCreated, "POST", kandyapi.SubscriptionsPath(p.user), kandyapi.SubscriptionBody{Subscription: &kandyapi.Subscription{
		ClientCorrelator: p.correlator, CallbackReference: &kandyapi.CallbackReference{NotifyURL: p.channel.CallbackURL},
	}}, &body)
	return body.Subscription.ResourceURL
}

// request sends as this device and returns the status.
func (p *phone) request(method, path string, body, into any) int {
	p.t.Helper()
	var header []string
	if p.early {
		header = []string{HeaderEarly, "1"}
	}
	response, data := p.do(method, path, p.token.AccessToken, body, header...)
	if response.Header.Get("Access-Control-Allow-Origin") != "*" {
		p.t.Errorf("%s %s: no CORS header", method, path)
	}
	if response.StatusCode >= 400 {
		checkErrorBody(p.t, response, data)
	}
	if into != nil {
		decode(p.t, data, into)
	}
	return response.StatusCode
}

func (p *phone) want(status int, method, path string, body, into any) {
	p.t.Helper()
	if got := p.request(method, path, body, into); got != status {
		p.t.Fatalf("%s %s: %d, want %d", method, path, got, status)
	}
}

// call makes a call and returns its path.
func (p *phone) call(to, offer string) string {
	p.t.Helper()
	var body kandyapi.SessionBody
	p.want(http.StatusCreated, "POST", kandyapi.SessionsPath(p.user), p.invite(to, offer), &body)
	return body.Session.ResourceURL
}

func (p *phone) invite(to, offer string) kandyapi.SessionBody {
	return kandyapi.SessionBody{Session: &kandyapi.Session{
		ClientCorrelator: p.correlator, TParticipantAddress: to, Offer: &kandyapi.SDP{SDP: offer},
	}}
}

func (p *phone) status(path, status string) int {
	p.t.Helper()
	var body kandyapi.SessionStatusBody
	code := p.request("PUT", path+"/status", kandyapi.SessionStatusBody{Status: &kandyapi.SessionStatus{Status: status}}, &body)
	if code == http.StatusOK && body.Status.Status != status {
		p.t.Errorf("status came back as %q", body.Status.Status)
	}
	return code
}

func (p *phone) answer(path, sdp string) int {
	p.t.Helper()
	return p.request("PUT", path+"/answer", kandyapi.AnswerBody{Answer: &kandyapi.CorrelatedSDP{SDP: sdp}}, nil)
}

func (p *phone) update(path, sdp string) int {
	p.t.Helper()
	return p.request("PUT", path+"/update", kandyapi.OfferBody{Offer: &kandyapi.CorrelatedSDP{SDP: sdp}}, nil)
}

func (p *phone) transfer(path, to, other string) int {
	p.t.Helper()
	return p.request("PUT", path+"/transfer", kandyapi.TransferBody{Transfer: &kandyapi.Target{Address: to, SessionID: other}}, nil)
}

func (p *phone) hangUp(path string) int {
	p.t.Helper()
	return p.request("DELETE", path, nil, nil)
}

// next is the next notification.
func (p *phone) next() kandyapi.Message {
	p.t.Helper()
	select {
	case m := <-p.in:
		return m
	case <-time.After(10 * time.Minute):
		p.t.Fatalf("%s: nothing came", p.correlator)
		panic("unreachable")
	}
}

// invited takes an invitation and returns the path of the session.
func (p *phone) invited(offer string) string {
	p.t.Helper()
	m := p.next().Invitation
	if m == nil || m.Offer == nil || m.Offer.SDP != offer || m.ID == "" {
		p.t.Fatalf("%s: not the invitation: %+v", p.correlator, m)
	}
	return p.own(m.Header)
}

// own checks that a notification names a session of this user.
func (p *phone) own(h kandyapi.Header) string {
	p.t.Helper()
	if len(h.Link) == 0 || !strings.HasPrefix(h.Link[0].Href, kandyapi.SessionsPath(p.user)+"/") {
		p.t.Fatalf("%s: link %v", p.correlator, h.Link)
	}
	return h.Link[0].Href
}

func (p *phone) event(path, kind, reason string, code int) {
	p.t.Helper()
	m := p.next().Event
	if m == nil || m.EventType != kind || m.Reason != reason || m.StatusCode != code || p.own(m.Header) != path {
		p.t.Fatalf("%s: %+v, want %s %s %d on %s", p.correlator, m, kind, reason, code, path)
	}
}

func (p *phone) accepted(path, sdp string) {
	p.t.Helper()
	m := p.next().Acceptance
	if m == nil || m.Answer == nil || m.Answer.SDP != sdp || p.own(m.Header) != path {
		p.t.Fatalf("%s: not the acceptance: %+v", p.correlator, m)
	}
}

func (p *phone) offered(path, sdp string) {
	p.t.Helper()
	m := p.next().Offer
	if m == nil || m.Offer == nil || m.Offer.SDP != sdp || p.own(m.Header) != path {
		p.t.Fatalf("%s: not the offer: %+v", p.correlator, m)
	}
}

func (p *phone) answered(path, sdp string) {
	p.t.Helper()
	m := p.next().Answer
	if m == nil || m.Answer == nil || m.Answer.SDP != sdp || p.own(m.Header) != path {
		p.t.Fatalf("%s: not the answer: %+v", p.correlator, m)
	}
}

// quiet checks that nothing comes for a while.
func (p *phone) quiet() {
	p.t.Helper()
	time.Sleep(time.Second) // fake time
	synctest.Wait()
	select {
	case m := <-p.in:
		p.t.Fatalf("%s: unexpected %+v", p.correlator, m)
	default:
	}
}

// talk sets up a call between two phones.
func (w *world) talk(a, b *phone) (pathA, pathB string) {
	w.t.Helper()
	pathA = a.call("sip:"+b.email, "offer")
	pathB = b.invited("offer")
	wantCode(w.t, b.answer(pathB, "answer"), http.StatusNoContent)
	a.accepted(pathA, "answer")
	return pathA, pathB
}
