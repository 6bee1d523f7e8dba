// Command switchboard is a self-hosted signalling server for Tring and other
// clients of the Kandy CPaaS protocol, and the tool that manages its users.
//
// main.go takes the command apart, user.go manages users, serve.go runs the
// server and certificate.go keeps its self-signed certificate. Everything else
// is in engine/switchboard.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Exit statuses.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

const usage = `switchboard is a signalling server for calls.

Usage:
  switchboard user add    --data DIR --email ADDRESS [--name NAME] --password-file FILE
  switchboard user passwd --data DIR --email ADDRESS --password-file FILE
  switchboard user list   --data DIR
  switchboard user remove --data DIR --email ADDRESS
  switchboard serve       --data DIR [--listen HOST:PORT] [--tls MODE] [--client-id ID] [--relay IP:PORT]

A first server on this machine:
  printf 'correct horse battery\n' > alice.password
  switchboard user add --data ./data --email alice@example.com --name "Alice A." --password-file alice.password
  switchboard serve --data ./data --listen 127.0.0.1:8080 --tls off

Calling echo@ at one's own domain returns one's own sound and picture.
"switchboard COMMAND --help" explains the options of a command.
`

// usageError is a mistake in the command line.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func badUsage(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// command is one that run can carry out; ctx ends when it is to stop.
type command func(ctx context.Context, args []string, in io.Reader, out, log io.Writer) error

var commands = map[string]command{
	"serve":       serve,
	"user add":    userAdd,
	"user passwd": userPasswd,
	"user list":   userList,
	"user remove": userRemove,
}

// run carries out a command line and returns the exit status.
func run(ctx context.Context, args []string, in io.Reader, out, log io.Writer) int {
	do, rest, err := choose(args)
	if err == nil {
		err = do(ctx, rest, in, out, log)
	}
	var wrong usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, flag.ErrHelp):
		if do == nil {
			fmt.Fprint(out, usage)
		}
		return exitOK
	case errors.As(err, &wrong):
		fmt.Fprintf(log, "switchboard: %v\nTry \"switchboard --help\".\n", err)
		return exitUsage
	default:
		fmt.Fprintf(log, "switchboard: %v\n", err)
		return exitFailed
	}
}

// choose finds the command in args; flag.ErrHelp asks for the general help.
func choose(args []string) (do command, rest []string, err error) {
	if len(args) == 0 {
		return nil, nil, badUsage("No command was given.")
	}
	switch args[0] {
	case "-h", "-help", "--help", "help":
		return nil, nil, flag.ErrHelp
	}
	name, rest := args[0], args[1:]
	if name == "user" {
		if len(rest) == 0 {
			return nil, nil, badUsage("Say what to do with users: add, passwd, list or remove.")
		}
		if strings.TrimLeft(rest[0], "-") == "help" || rest[0] == "-h" {
			return nil, nil, flag.ErrHelp
		}
		name, rest = "user "+rest[0], rest[1:]
	}
	if do = commands[name]; do == nil {
		return nil, nil, badUsage("There is no command %q.", name)
	}
	return do, rest, nil
}

// parse reads the flags of a command and refuses anything besides them. Help
// goes to out.
func parse(flags *flag.FlagSet, args []string, about string, out io.Writer) error {
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(out, "%s\n\nUsage: switchboard %s [options]\n\nOptions:\n", about, flags.Name())
		flags.SetOutput(out)
		flags.PrintDefaults()
		return err
	case err != nil:
		return badUsage("%s: %v.", flags.Name(), err)
	case flags.NArg() > 0:
		return badUsage("%s takes no argument %q.", flags.Name(), flags.Arg(0))
	}
	return nil
}
