package ui

import (
	"net"
	"net/url"
	"strings"

	"fyne.io/fyne/v2/lang"

	"tring/engine"
)

// signIn starts a sign-in with what was typed.
func (w *window) signIn(account engine.Account, password string) {
	w.prefs.setAccount(account)
	w.account = account
	if err := w.cfg.Engine.SignIn(account, engine.Secret{Password: password}); err != nil {
		w.signInScreen.fail(err)
	}
}

// signOut also forgets the sign-in that the keyring holds.
func (w *window) signOut() {
	account := w.view.snapshot.Registration.Account
	if account == (engine.Account{}) {
		account = w.account
	}
	w.tell(w.cfg.Engine.SignOut())
	if w.cfg.Demo == nil {
		w.forget(account)
	}
}

// forget takes a sign-in out of the keyring.
func (w *window) forget(account engine.Account) {
	w.presenter.inBackground(func() {
		if err := w.cfg.Secrets.Delete(account); err != nil {
			w.cfg.Log.Warn("the keyring did not forget the sign-in", "error", err)
		}
	})
}

// restore signs in without being asked: into the demo, with what the command
// line gave, or with what the keyring holds. It does nothing if somebody else did already.
func (w *window) restore() {
	if w.cfg.Engine.Snapshot().Registration.State != engine.Offline {
		return
	}
	if d := w.cfg.Demo; d != nil {
		w.account = d.Account
		w.tell(w.cfg.Engine.SignIn(d.Account, d.Secret))
		return
	}
	account := w.prefs.account(w.cfg.Account)
	if w.cfg.Secret != (engine.Secret{}) && account.Server != "" && account.ClientID != "" && account.User != "" {
		w.account = account
		w.tell(w.cfg.Engine.SignIn(account, w.cfg.Secret))
		return
	}
	if !w.prefs.keep() || account.Server == "" || account.User == "" {
		return
	}
	w.presenter.inBackground(func() {
		secret, found := w.cfg.Secrets.Load(account)
		if !found || (secret.RefreshToken == "" && secret.Password == "") {
			return
		}
		if w.cfg.Engine.Snapshot().Registration.State != engine.Offline {
			return // the person was faster
		}
		if err := w.cfg.Engine.SignIn(account, secret); err != nil {
			w.cfg.Log.Warn("the kept sign-in did not work", "error", err)
		}
	})
}

// keepCredential stores a renewed sign-in if the person wants that.
func (w *window) keepCredential(e engine.Event) {
	if w.cfg.Demo != nil || !w.prefs.keep() || e.Secret.RefreshToken == "" {
		return
	}
	w.presenter.inBackground(func() {
		if err := w.cfg.Secrets.Save(e.Account, e.Secret); err != nil {
			w.cfg.Log.Warn("the keyring did not take the sign-in", "error", err)
		}
	})
}

// tidyServer completes what was typed to a URL and says what is wrong with it.
func tidyServer(typed string) (server, problem string) {
	server = strings.TrimSpace(typed)
	if server == "" {
		return "", lang.L("Enter the address of your server, for example https://calls.example.com.")
	}
	if !strings.Contains(server, "://") {
		server = "https://" + server
	}
	u, err := url.Parse(server)
	server = strings.TrimRight(server, "/")
	switch {
	case err != nil || u.Hostname() == "":
		return server, lang.L("This is not the address of a server. It looks like https://calls.example.com.")
	case u.Scheme == "https":
		return server, ""
	case u.Scheme == "http" && isLoopback(u.Hostname()):
		return server, ""
	case u.Scheme == "http":
		return server, lang.L("Without encryption only a server on this computer can be used. Write https:// instead of http://.")
	default:
		return server, lang.L("The address must begin with https://.")
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
