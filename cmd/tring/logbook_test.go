package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"tring/engine"
	"tring/engine/enginetest"
)

// What is signed in with never reaches the log, not even where nothing tells
// that it is a secret.
func TestThePasswordIsNotLogged(t *testing.T) {
	const password, token = "correct horse 1", "r-e-f-r-e-s-h"
	name := filepath.Join(t.TempDir(), "tring.log")
	var errs bytes.Buffer
	b := openLog(&options{logFile: name, level: slog.LevelInfo}, &errs)
	fake := enginetest.New()
	defer fake.Close()
	eng := discreet{fake, b.redactor.Hide}
	if err := eng.SignIn(engine.Account{User: "alice@example.com"}, engine.Secret{Password: password, RefreshToken: token}); err != nil {
		t.Fatal(err)
	}
	b.Warn("the server said: no such user or password: " + password + " " + token)
	b.Debug("not written")
	b.SetLevel(slog.LevelDebug)
	b.Debug("written")
	b.close()
	written, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := string(written)
	if strings.Contains(text, password) || strings.Contains(text, token) || !strings.Contains(text, "no such user") {
		t.Errorf("the log:\n%s", text)
	}
	if strings.Contains(text, "not written") || !strings.Contains(text, "msg=written") {
		t.Errorf("the level does not change:\n%s", text)
	}
}

func TestAnUnwritableLogIsSaid(t *testing.T) {
	var errs bytes.Buffer
	b := openLog(&options{logFile: t.TempDir()}, &errs)
	b.Warn("goes nowhere")
	b.close()
	if !strings.Contains(errs.String(), "Tring goes on without one") || b.file != nil {
		t.Errorf("said %q", errs.String())
	}
}

// The settings read the log's end while it is written, without what became
// known as a secret only later.
func TestTheWindowReadsTheLog(t *testing.T) {
	name := filepath.Join(t.TempDir(), "tring.log")
	b := openLog(&options{logFile: name}, &bytes.Buffer{})
	defer b.close()
	b.Info("first")
	b.Info("second correct-horse")
	b.redactor.Hide("correct-horse")
	tail, err := b.Tail(70)
	if text := string(tail); err != nil || strings.Contains(text, "first") || !strings.Contains(text, "second (secret)") {
		t.Errorf("the end is %q, %v", text, err)
	}
	if b.File() != name {
		t.Errorf("the log is at %q", b.File())
	}
	none := openLog(&options{logFile: "-"}, &bytes.Buffer{})
	if _, err := none.Tail(70); err == nil || none.File() != "" {
		t.Error("standard error cannot be read again")
	}
}

func TestLogCommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, false)
		d.book = openLog(&options{headless: true}, &bytes.Buffer{})
		d.emit(registered)
		d.say("log debug")
		if d.book.Level() != slog.LevelDebug {
			t.Errorf("the level is %v", d.book.Level())
		}
		d.say("log", "log loud", "quit")
		d.ends(t, exitOK)
		if text := d.text.String(); !strings.Contains(text, `"level":"debug"`) || !strings.Contains(text, "debug, info, warn") {
			t.Error(text)
		}
	})
}
