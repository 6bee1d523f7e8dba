package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"tring/engine/switchboard"
)

// userFlags are what the user commands are given.
type userFlags struct {
	data, email, name, passwordFile string
}

// parseUser reads those flags of a user command that it names in takes, all
// required but --name.
func parseUser(command, about string, args, takes []string, out io.Writer) (userFlags, error) {
	var u userFlags
	flags := flag.NewFlagSet("user "+command, flag.ContinueOnError)
	known := map[string]struct {
		value *string
		help  string
	}{
		"data":          {&u.data, "`DIR` that holds the server's data; made if missing"},
		"email":         {&u.email, "e-mail `ADDRESS` of the user, for signing in and for being called"},
		"name":          {&u.name, "`NAME` to show to those who are called"},
		"password-file": {&u.passwordFile, "`FILE` with the password in its first line; - reads standard input"},
	}
	for _, name := range takes {
		flags.StringVar(known[name].value, name, "", known[name].help)
	}
	if err := parse(flags, args, about, out); err != nil {
		return u, err
	}
	for _, name := range takes {
		if name != "name" && *known[name].value == "" {
			return u, badUsage("user %s needs --%s.", command, name)
		}
	}
	if u.email != "" {
		if _, err := switchboard.NormalEmail(u.email); err != nil {
			return u, badUsage("%v.", err)
		}
	}
	return u, nil
}

func userAdd(ctx context.Context, args []string, in io.Reader, out, _ io.Writer) error {
	u, err := parseUser("add", "Adds a user. A running server knows the user at once.",
		args, []string{"data", "email", "name", "password-file"}, out)
	if err != nil {
		return err
	}
	return withPassword(u, in, func(store switchboard.Store, password string) error {
		err := switchboard.AddUser(ctx, store, switchboard.User{Email: u.email, Name: u.name}, password)
		if errors.Is(err, switchboard.ErrExists) {
			return fmt.Errorf("The user %s exists already; \"user passwd\" gives a new password.", u.email)
		}
		return sentence("The user could not be added", err)
	})
}

func userPasswd(ctx context.Context, args []string, in io.Reader, out, _ io.Writer) error {
	u, err := parseUser("passwd", "Gives a user a new password and ends what is signed in with the old one.",
		args, []string{"data", "email", "password-file"}, out)
	if err != nil {
		return err
	}
	return withPassword(u, in, func(store switchboard.Store, password string) error {
		return unknownUser(u.email, switchboard.SetPassword(ctx, store, u.email, password))
	})
}

func userRemove(ctx context.Context, args []string, _ io.Reader, out, _ io.Writer) error {
	u, err := parseUser("remove", "Removes a user. A running server ends the user's calls within a quarter of a minute.",
		args, []string{"data", "email"}, out)
	if err != nil {
		return err
	}
	return withStore(u.data, func(store switchboard.Store) error {
		return unknownUser(u.email, switchboard.RemoveUser(ctx, store, u.email))
	})
}

func userList(ctx context.Context, args []string, _ io.Reader, out, _ io.Writer) error {
	u, err := parseUser("list", "Lists the users, one a line: address, tab, name.", args, []string{"data"}, out)
	if err != nil {
		return err
	}
	return withStore(u.data, func(store switchboard.Store) error {
		users, err := switchboard.ListUsers(ctx, store)
		for _, user := range users {
			fmt.Fprintf(out, "%s\t%s\n", user.Email, user.Name)
		}
		return sentence("Some users could not be read", err)
	})
}

func withStore(dir string, do func(switchboard.Store) error) error {
	store, err := switchboard.OpenFileStore(dir)
	if err != nil {
		return sentence("The data directory cannot be used", err)
	}
	defer store.Close()
	return do(store)
}

func withPassword(u userFlags, in io.Reader, do func(store switchboard.Store, password string) error) error {
	password, err := readPassword(u.passwordFile, in)
	if err != nil {
		return err
	}
	return withStore(u.data, func(store switchboard.Store) error { return do(store, password) })
}

// readPassword takes the first line of a file: editors end it with a newline,
// which is no part of the password.
func readPassword(path string, in io.Reader) (string, error) {
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return "", sentence("The password file cannot be read", err)
		}
		defer file.Close()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, 4096))
	if err != nil {
		return "", sentence("The password file cannot be read", err)
	}
	password, _, _ := strings.Cut(string(text), "\n")
	password = strings.TrimSuffix(password, "\r")
	if password == "" {
		return "", errors.New("The first line of the password file is empty.")
	}
	return password, nil
}

func unknownUser(email string, err error) error {
	if errors.Is(err, switchboard.ErrNotFound) {
		return fmt.Errorf("There is no user %s; \"user list\" shows who there is.", email)
	}
	return sentence("The user could not be changed", err)
}

// sentence makes a failure readable; nil stays nil.
func sentence(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w.", what, err)
}
