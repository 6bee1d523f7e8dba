package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"tring/engine"
	"tring/engine/core"
	"tring/ui"
)

// errHelp says that the options were asked for and printed.
var errHelp = flag.ErrHelp

// options is the command line and the environment.
type options struct {
	headless, demo, version bool
	doctor, json            bool   // tring doctor [--json]
	echo                    string // contact that the doctor calls
	account                 engine.Account
	secret                  engine.Secret
	passwordFile            string
	devices                 engine.DeviceChoice
	vp8                     string
	bitrate                 int
	size                    string
	width, height           int
	fps                     float64
	duration                time.Duration
	snapshot                string
	relayOnly, unbundled    bool
	ice                     iceFlag
	logFile, logLevel       string
	level                   slog.Level
	levelGiven              bool   // --log-level was used
	hidden                  bool   // in the tray
	link                    string // to call; not checked yet
	given                   bool   // anything besides a link
}

func parseOptions(args []string, stdout io.Writer) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("tring", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.BoolVar(&o.headless, "headless", false, "no window: commands on standard input, events as JSON lines on standard output")
	f.BoolVar(&o.demo, "demo", false, "start a switchboard inside this program, sign in, and offer the echo contact")
	f.BoolVar(&o.hidden, "hidden", false, "start in the tray, where there is one")
	f.BoolVar(&o.version, "version", false, "print the version")
	f.StringVar(&o.account.Server, "server", "", "server `URL`: https://host, or http://127.0.0.1:port for a local switchboard")
	f.StringVar(&o.account.ClientID, "client-id", "", "client `ID` of the project at the server")
	f.StringVar(&o.account.User, "user", "", "`e-mail` address to sign in with")
	f.StringVar(&o.passwordFile, "password-file", "", "`file` whose first line is the password; or set TRING_PASSWORD")
	f.StringVar(&o.account.CAFile, "ca-file", "", "PEM `file` of a private CA or a self-signed certificate to trust")
	f.StringVar(&o.devices.Camera, "camera", "auto", "auto, none, test, a name or id, or a .y4m `file`")
	f.StringVar(&o.devices.Microphone, "microphone", "auto", "auto, none, test, a name or id, or a .wav `file`")
	f.StringVar(&o.devices.Speaker, "speaker", "auto", "auto, none, a name or id, or a .wav `file` that records what would be heard")
	f.StringVar(&o.devices.Ringer, "ringer", "auto", "what calls ring on: auto (the speaker), none, a name or id, or a .wav `file`")
	f.StringVar(&o.vp8, "vp8", "tring", "VP8 `encoder`: tring or mediadevices")
	f.IntVar(&o.bitrate, "bitrate", 0, "our video's target in `bit/s`; 0 for the default")
	f.StringVar(&o.size, "size", "", "wanted camera size, `WxH`; 1280x720 by default, 640x480 for the test pattern")
	f.Float64Var(&o.fps, "fps", 30, "wanted camera frames a second")
	f.DurationVar(&o.duration, "duration", 0, "headless: end after this `time`, e.g. 20s")
	f.StringVar(&o.snapshot, "snapshot", "tring-demo.png", "headless demo: `file` for the returned picture")
	f.BoolVar(&o.relayOnly, "relay-only", false, "send media through a TURN relay alone")
	f.BoolVar(&o.unbundled, "unbundled", false, "offer a transport of its own for each kind of media")
	f.Var(&o.ice, "ice-server", "STUN or TURN `URL[,user,password-file]`; can be repeated")
	f.StringVar(&o.logFile, "log-file", "", "write the log to `file` (- for standard error)")
	f.StringVar(&o.logLevel, "log-level", "info", "debug, info, warn or error")
	f.BoolVar(&o.json, "json", false, "doctor: one JSON object")
	f.StringVar(&o.echo, "echo", "", "doctor: `address` that answers and sends back what it gets")
	if len(args) > 0 && args[0] == "doctor" {
		o.doctor, args = true, args[1:]
	}
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			usage(f, stdout)
		}
		return nil, err
	}
	f.Visit(func(fl *flag.Flag) {
		o.given = true
		o.levelGiven = o.levelGiven || fl.Name == "log-level"
	})
	if err := o.takeLink(f.Args()); err != nil {
		return nil, err
	}
	return o, o.check()
}

// takeLink takes what stands behind the options: one link or nothing.
func (o *options) takeLink(args []string) error {
	switch {
	case len(args) == 0:
	case !ui.IsLink(args[0]):
		return fmt.Errorf("%q is neither an option nor a link that begins with sip:, tel: or kandy:", args[0])
	case len(args) > 1:
		return fmt.Errorf("%q is too much: one link at the end is all that can be opened", args[1])
	case o.headless, o.doctor:
		return errors.New("a link is opened in the window; with --headless write: call ADDRESS")
	default:
		o.link = args[0]
	}
	return nil
}

func usage(f *flag.FlagSet, w io.Writer) {
	fmt.Fprintf(w, "Usage: tring [options] [link]\n       tring doctor [options]\n\nTring makes voice and video calls. Without options it opens its window; once\nmore, it brings that window to the front. A link, sip:, tel: or kandy:, is put\ninto the field to be called from there. Doctor checks in ten seconds whether a\ncall would go well.\n\n")
	f.VisitAll(func(fl *flag.Flag) {
		name, text := flag.UnquoteUsage(fl)
		fmt.Fprintf(w, "  --%-30s %s\n", strings.TrimSpace(fl.Name+" "+name), text)
	})
	fmt.Fprintf(w, "\nHeadless commands, one a line; call=ID at the end names another call than the newest:\n\n")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-32s %s\n", c.usage, c.about)
	}
	fmt.Fprintf(w, "  %-32s %s\n", quitUsage, quitAbout)
}

// check completes the options and says what does not fit.
func (o *options) check() error {
	if o.size == "" {
		// the default
	} else if _, err := fmt.Sscanf(o.size, "%dx%d", &o.width, &o.height); err != nil || fmt.Sprintf("%dx%d", o.width, o.height) != o.size || o.width < 16 || o.height < 16 || o.width > 4096 || o.height > 4096 {
		return fmt.Errorf("--size %q is not a size such as 640x480", o.size)
	}
	if o.fps < 1 || o.fps > 120 {
		return fmt.Errorf("--fps %v is not between 1 and 120", o.fps)
	}
	if o.vp8 != "tring" && o.vp8 != "mediadevices" {
		return fmt.Errorf("--vp8 %q is neither tring nor mediadevices", o.vp8)
	}
	if err := o.level.UnmarshalText([]byte(o.logLevel)); err != nil {
		return fmt.Errorf("--log-level %q is none of debug, info, warn, error", o.logLevel)
	}
	if o.bitrate < 0 || o.duration < 0 {
		return errors.New("--bitrate and --duration cannot be negative")
	}
	if err := o.readPassword(); err != nil {
		return err
	}
	if !o.doctor && (o.json || o.echo != "") {
		return errors.New("--json and --echo are for: tring doctor")
	}
	if o.doctor && o.headless {
		return errors.New("doctor needs no window, and no --headless")
	}
	if o.demo || o.doctor || !o.headless {
		return nil
	}
	for name, value := range map[string]string{"--server": o.account.Server, "--client-id": o.account.ClientID, "--user": o.account.User} {
		if value == "" {
			return fmt.Errorf("--headless needs %s (or --demo)", name)
		}
	}
	if o.secret.Password == "" {
		return errors.New("--headless needs a password: --password-file FILE or TRING_PASSWORD")
	}
	return nil
}

func (o *options) readPassword() error {
	o.secret.Password = os.Getenv("TRING_PASSWORD")
	if o.passwordFile == "" {
		return nil
	}
	data, err := readFirstLine(o.passwordFile)
	if err != nil {
		return fmt.Errorf("the password file cannot be read: %w", err)
	}
	if data == "" {
		return fmt.Errorf("the password file %s is empty", o.passwordFile)
	}
	o.secret.Password = data
	return nil
}

func readFirstLine(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(data), "\n")
	return strings.TrimSuffix(line, "\r"), nil
}

func (o *options) engineConfig(log *slog.Logger) core.Config {
	cfg := core.Config{
		Devices: o.devices, VP8: o.vp8, BitrateBPS: o.bitrate, Width: o.width, Height: o.height, FPS: o.fps,
		ICEServers: o.ice, RelayOnly: o.relayOnly, Unbundled: o.unbundled, Log: log,
	}
	if !o.headless && !o.demo && !o.doctor { // programs that run side by side must differ
		cfg.Correlator = installationID()
	}
	cfg.WatchDevices = !o.doctor && (!o.headless || o.realDevices())
	return cfg
}

// realDevices reports whether any role may be taken by what can be unplugged.
func (o *options) realDevices() bool {
	for _, choice := range []string{o.devices.Camera, o.devices.Microphone, o.devices.Speaker, o.devices.Ringer} {
		switch choice {
		case engine.DeviceNone, engine.DeviceTest:
			continue
		}
		if ext := strings.ToLower(filepath.Ext(choice)); ext != ".y4m" && ext != ".wav" {
			return true
		}
	}
	return false
}

// installationID names this installation to servers: a random word kept in the
// user's configuration directory. "" if it cannot be kept.
func installationID() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	name := filepath.Join(dir, "tring", "installation-id")
	if id, err := readFirstLine(name); err == nil && len(id) > 8 {
		return id
	}
	id := "tring-" + uuid.NewString()
	if os.MkdirAll(filepath.Dir(name), 0o700) != nil || os.WriteFile(name, []byte(id+"\n"), 0o600) != nil {
		return ""
	}
	return id
}

// iceFlag collects --ice-server.
type iceFlag []core.ICEServer

func (f *iceFlag) String() string { return "" }

func (f *iceFlag) Set(value string) error {
	parts := strings.SplitN(value, ",", 3)
	scheme, _, ok := strings.Cut(parts[0], ":")
	if !ok || scheme != "stun" && scheme != "stuns" && scheme != "turn" && scheme != "turns" {
		return errors.New("it must begin with stun:, stuns:, turn: or turns:")
	}
	s := core.ICEServer{URLs: parts[:1]}
	if strings.HasPrefix(scheme, "turn") {
		if len(parts) != 3 {
			return errors.New("a TURN server needs URL,user,password-file")
		}
		password, err := readFirstLine(parts[2])
		if err != nil {
			return err
		}
		s.Username, s.Credential = parts[1], password
	}
	*f = append(*f, s)
	return nil
}
