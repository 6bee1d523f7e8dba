package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tring/engine"
	"tring/engine/enginetest"
)

// A check that was broken off is not well, nor is one that checked nothing.
func TestDoctorBrokenOff(t *testing.T) {
	all := steps(engine.CheckOK, engine.CheckSkipped)
	all[3].Stopped = true
	for name, check := range map[string][]engine.CheckResult{"broken off": all, "nothing": nil} {
		fake := enginetest.New()
		fake.SetCheck(check)
		var out, errs bytes.Buffer
		if code := runDoctor(fake, &options{}, &out, &errs); code != exitFailure || !strings.Contains(out.String(), "The check was not finished.") {
			t.Errorf("%s: exit %d, %s", name, code, out.String())
		}
	}
}

// steps are the ends of a check; the states are in the order of the steps.
func steps(states ...engine.CheckState) (all []engine.CheckResult) {
	for i, s := range states {
		step := engine.CheckStep(i)
		all = append(all, engine.CheckResult{Step: step, State: engine.CheckRunning}, engine.CheckResult{
			Step: step, State: s, Cause: "It is so.", Next: "Do that.", Took: 1500 * time.Millisecond,
			Figures: []engine.CheckFigure{{Name: engine.FigureLoss, Value: 2.5, Unit: "%"}},
		})
	}
	return all
}

func TestDoctorsVerdict(t *testing.T) {
	for name, tt := range map[string]struct {
		states []engine.CheckState
		result string
		code   int
	}{
		"well":    {[]engine.CheckState{engine.CheckOK, engine.CheckOK}, "ok", exitOK},
		"skipped": {[]engine.CheckState{engine.CheckOK, engine.CheckSkipped}, "ok", exitOK},
		"warned":  {[]engine.CheckState{engine.CheckWarn, engine.CheckSkipped, engine.CheckOK}, "warn", exitOK},
		"failed":  {[]engine.CheckState{engine.CheckWarn, engine.CheckFailed, engine.CheckOK}, "fail", exitFailure},
	} {
		t.Run(name, func(t *testing.T) {
			fake := enginetest.New()
			all := steps(tt.states...)
			slices.Reverse(all) // steps end in any order
			fake.SetCheck(all)
			var out, errs bytes.Buffer
			if code := runDoctor(fake, &options{json: true}, &out, &errs); code != tt.code || errs.Len() > 0 {
				t.Errorf("exit %d, %s", code, errs.String())
			}
			var got report
			if err := json.Unmarshal(out.Bytes(), &got); err != nil {
				t.Fatalf("%v in %s", err, out.String())
			}
			if got.Result != tt.result || len(got.Steps) != len(tt.states) || got.Steps[0].Step != "microphone" || got.Steps[0].TookMS != 1500 || got.Steps[0].Figures[0].Value != 2.5 {
				t.Errorf("reported %+v", got)
			}
			if len(got.Libraries) != 2 || got.Version != version || got.System == "" {
				t.Errorf("reported %+v", got)
			}
		})
	}
}

func TestDoctorsWords(t *testing.T) {
	fake := enginetest.New()
	fake.SetCheck(steps(engine.CheckOK, engine.CheckFailed))
	var out, errs bytes.Buffer
	code := runDoctor(fake, &options{
		account: engine.Account{Server: "https://calls.example.com", ClientID: "tring", User: "alice@example.com"},
		secret:  engine.Secret{Password: "horse"}, echo: "echo",
	}, &out, &errs)
	text := out.String()
	for _, words := range []string{
		"ok       microphone  It is so. Do that. [loss 2.5 %]\n", "fail     speaker ", "Calls will lack something.", "libvpx: v1.12.0", "libyuv: not built in (",
	} {
		if !strings.Contains(text, words) {
			t.Errorf("no %q in\n%s", words, text)
		}
	}
	if code != exitFailure || strings.Contains(text+errs.String(), "horse") {
		t.Errorf("exit %d\n%s", code, text)
	}
	var did []string
	for _, a := range fake.Actions() {
		did = append(did, a.String())
	}
	if text := strings.Join(did, ", "); !strings.HasPrefix(text, "SignIn ") || !strings.HasSuffix(text, "Check https://calls.example.com echo") {
		t.Errorf("did %s", text)
	}
}

func TestDoctorCannot(t *testing.T) {
	fake := enginetest.New()
	fake.Fail("Check", &engine.Problem{Cause: "A check would disturb the call.", Next: "Check when it is over.", Err: errors.New("x")})
	var out, errs bytes.Buffer
	if code := runDoctor(fake, &options{}, &out, &errs); code != exitFailure || !strings.Contains(errs.String(), "A check would disturb the call.") {
		t.Errorf("exit %d, %s", code, errs.String())
	}
}

func TestDoctorsOptions(t *testing.T) {
	t.Setenv("TRING_PASSWORD", "")
	o, err := parseOptions([]string{"doctor", "--json", "--echo", "echo@example.com", "--server", "https://calls.example.com"}, &bytes.Buffer{})
	if err != nil || !o.doctor || !o.json || o.echo != "echo@example.com" {
		t.Errorf("%+v, %v", o, err)
	}
	for want, args := range map[string][]string{
		"are for: tring doctor": {"--json"},
		"no --headless":         {"doctor", "--headless"},
		"neither an option":     {"doctor", "bob"},
		"opened in the window":  {"doctor", "tel:123"},
	} {
		if _, err := parseOptions(args, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", args, err)
		}
	}
}
