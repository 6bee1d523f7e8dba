package kandy

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/coder/websocket"

	"tring/engine"
	"tring/engine/internal/signaling"
)

const (
	nextNetwork = "Check the network and the server's address, then try again."
	nextAddress = "Check the server's address."
	nextLater   = "Try again in a moment."
	nextSignIn  = "Sign in again."
)

// problem tells a person what went wrong between this device and the server,
// whatever it was about.
func (r *rest) problem(err error) *engine.Problem {
	var p *engine.Problem
	if errors.As(err, &p) {
		return p
	}
	var status *statusError
	var answer *answerError
	switch {
	case errors.Is(err, engine.ErrClosed):
		return say(err, engine.ErrClosed, "You are signed out.", nextSignIn)
	case errors.Is(err, context.Canceled):
		return say(err, nil, "The request was given up.", "")
	case errors.Is(err, errSlow), errors.Is(err, context.DeadlineExceeded):
		return r.slow(err)
	case errors.As(err, &status):
		return r.statusProblem(status)
	case errors.As(err, &answer):
		return r.answerProblem(answer)
	}
	if p := r.certificateProblem(err); p != nil {
		return p
	}
	return r.networkProblem(err)
}

// say builds a Problem whose chain has the sentinel and the error.
func say(err, sentinel error, cause, next string) *engine.Problem {
	switch {
	case sentinel == nil:
		sentinel = err
	case !errors.Is(err, sentinel):
		sentinel = fmt.Errorf("%w: %w", sentinel, err)
	default:
		sentinel = err
	}
	return &engine.Problem{Cause: cause, Next: next, Err: sentinel}
}

func (r *rest) slow(err error) *engine.Problem {
	cause := fmt.Sprintf("%s did not answer in time.", r.end.name())
	if errors.Is(err, errSlow) {
		cause = fmt.Sprintf("%s did not answer within %s.", r.end.name(), seconds(r.timeout))
	}
	return say(err, engine.ErrServerUnreachable, cause, nextNetwork)
}

func seconds(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimSuffix(fmt.Sprintf("%.1f", d.Seconds()), "0"), ".") + " s"
}

func (r *rest) statusProblem(e *statusError) *engine.Problem {
	host := r.end.name()
	words := ""
	if e.text != "" {
		words = fmt.Sprintf(" (“%s”)", e.text)
	}
	switch {
	case e.plainOnTLS:
		return say(e, engine.ErrServerNotKandy, fmt.Sprintf("%s wants an encrypted connection.", host), "Write https:// in the server's address.")
	case e.status/100 == 3:
		return r.redirectProblem(e)
	case e.status == http.StatusUnauthorized:
		return say(e, engine.ErrSignInExpired, fmt.Sprintf("%s no longer accepts this sign-in%s.", host, words), nextSignIn)
	case e.status == http.StatusForbidden:
		return say(e, nil, fmt.Sprintf("%s does not allow this%s.", host, words), "Ask whoever runs the server.")
	case e.status == http.StatusTooManyRequests:
		return tooMany(e, host)
	case e.html && e.status < 500, e.status == http.StatusNotFound, e.status == http.StatusMethodNotAllowed:
		return say(e, engine.ErrServerNotKandy, fmt.Sprintf("%s does not look like a Kandy server%s.", host, words), nextAddress)
	case e.status == http.StatusNotImplemented:
		return say(e, engine.ErrNotSupported, fmt.Sprintf("%s cannot do this%s.", host, words), "")
	case e.status >= 500:
		return say(e, engine.ErrServerFailed, fmt.Sprintf("%s has a fault of its own (%d)%s.", host, e.status, words), nextLater)
	}
	return say(e, engine.ErrServerFailed, fmt.Sprintf("%s refused the request (%d)%s.", host, e.status, words), nextLater)
}

func (r *rest) redirectProblem(e *statusError) *engine.Problem {
	next := nextAddress
	if e.location != "" && e.location != r.end.host {
		next = fmt.Sprintf("If you trust %s, enter it as the server.", e.location)
	}
	return say(e, engine.ErrServerNotKandy, fmt.Sprintf("%s points to another address.", r.end.name()), next)
}

func tooMany(e *statusError, host string) *engine.Problem {
	next := "Wait a minute, then try again."
	if e.retryAfter > 0 {
		next = fmt.Sprintf("Try again in %s.", e.retryAfter.Round(time.Second))
	}
	return say(e, engine.ErrServerFailed, fmt.Sprintf("%s had too many requests from here.", host), next)
}

func (r *rest) answerProblem(e *answerError) *engine.Problem {
	host := r.end.name()
	switch {
	case e.html:
		return say(e, engine.ErrServerNotKandy, fmt.Sprintf("%s answers with a web page; it does not look like a Kandy server.", host), nextAddress)
	case e.empty:
		return say(e, engine.ErrServerFailed, fmt.Sprintf("%s gave an empty answer.", host), nextLater)
	case e.cut:
		return say(e, engine.ErrServerFailed, fmt.Sprintf("The answer of %s was cut short.", host), nextLater)
	}
	return say(e, engine.ErrServerNotKandy, fmt.Sprintf("%s gave an answer that cannot be understood.", host), nextAddress)
}

// certificateProblem is nil if the certificate is not what failed.
func (r *rest) certificateProblem(err error) *engine.Problem {
	host := r.end.name()
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var any *tls.CertificateVerificationError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		if invalid.Cert != nil && time.Now().Before(invalid.Cert.NotBefore) {
			return say(err, engine.ErrCertificateExpired, fmt.Sprintf("The certificate of %s is not valid yet.", host), "Check the date and time of this computer.")
		}
		return say(err, engine.ErrCertificateExpired, fmt.Sprintf("The certificate of %s has expired.", host), "Ask whoever runs the server to renew it, and check the date of this computer.")
	case errors.As(err, &name):
		return say(err, engine.ErrCertificateName, fmt.Sprintf("The certificate of %s is for another name.", host), nextAddress)
	case errors.As(err, &unknown):
		return say(err, engine.ErrCertificateUnknown, fmt.Sprintf("Nobody known vouches for the certificate of %s.", host), "If the server uses a private or self-signed certificate that you trust, start Tring with --ca-file and the certificate's file.")
	case errors.As(err, &invalid), errors.As(err, &any):
		return say(err, engine.ErrCertificateUnknown, fmt.Sprintf("The certificate of %s cannot be trusted.", host), "Ask whoever runs the server.")
	}
	return nil
}

func (r *rest) networkProblem(err error) *engine.Problem {
	host := r.end.name()
	var dns *net.DNSError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var timeout net.Error
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return say(err, engine.ErrServerUnknown, fmt.Sprintf("There is no server named %s.", host), nextNetwork)
	case errors.As(err, &dns):
		return say(err, engine.ErrServerUnreachable, fmt.Sprintf("The name %s could not be looked up.", host), "Check the network connection.")
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return say(err, engine.ErrServerNotKandy, fmt.Sprintf("%s does not speak TLS on this port.", host), "Check the port in the server's address.")
	case errors.As(err, &alert):
		return say(err, engine.ErrServerUnreachable, fmt.Sprintf("%s refused an encrypted connection.", host), nextAddress)
	case strings.Contains(err.Error(), "malformed HTTP"): // net/http has no type for it
		return say(err, engine.ErrServerNotKandy, fmt.Sprintf("What answers at %s is not a web server, or wants https://.", host), nextAddress)
	case errors.Is(err, syscall.ECONNREFUSED):
		return say(err, engine.ErrServerUnreachable, fmt.Sprintf("Nothing answers at %s.", host), "Check the server's address and port, and whether the server runs.")
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return say(err, engine.ErrServerUnreachable, fmt.Sprintf("There is no way to %s at the moment.", host), "Check the network connection.")
	case errors.As(err, &timeout) && timeout.Timeout():
		return r.slow(err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), websocket.CloseStatus(err) >= 0:
		return say(err, engine.ErrServerUnreachable, fmt.Sprintf("%s closed the connection.", host), nextLater)
	}
	return say(err, engine.ErrServerUnreachable, fmt.Sprintf("%s cannot be reached.", host), nextNetwork)
}

// legProblem is problem for a request about one call; what is the last word of
// its path.
func (r *rest) legProblem(err error, what string) *engine.Problem {
	switch status := statusOf(err); status {
	case http.StatusNotFound, http.StatusGone:
		return say(err, signaling.ErrGone, "The call is already over.", "")
	case http.StatusConflict:
		if what == "update" {
			return say(err, signaling.ErrGlare, "The other side is changing the call at this moment.", nextLater)
		}
		if what == "transfer" {
			return say(err, signaling.ErrGlare, "The call cannot be transferred at this moment.", nextLater)
		}
		return say(err, signaling.ErrGone, "The call was taken on another device, or is over.", "")
	case http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return say(err, engine.ErrNotSupported, fmt.Sprintf("%s cannot do this.", r.end.name()), "")
	}
	return r.problem(err)
}
