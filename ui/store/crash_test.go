package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// crashPath names the file that this program, started by TestKilled, writes to.
const crashPath = "TRING_STORE_CRASH"

// writeUntilKilled writes calls, contacts and settings, and tells each ID once
// it is acknowledged.
func writeUntilKilled(path string) {
	s, err := Open(context.Background(), path, time.Now)
	if err != nil {
		fmt.Println("failed", err)
		return
	}
	fmt.Println("open")
	for {
		id, err := s.BeginCall(Entry{Address: "bob@example.com", Incoming: true})
		n := strconv.FormatInt(id, 10)
		if err == nil {
			_, err = s.SaveContact(Contact{ID: id, Name: n, Addresses: []Address{{"a", "a" + n}, {"b", "b" + n}}})
		}
		if err == nil {
			err = s.SetSetting("last", n)
		}
		if err == nil {
			err = s.UpdateCall(Entry{ID: id, Address: "bob@example.com", Incoming: true, Answered: time.Now(), Outcome: Answered})
		}
		if err != nil {
			fmt.Println("failed", err)
			return
		}
		fmt.Println(id)
	}
}

// TestKilled kills a program in the midst of its writes, again and again:
// everything it acknowledged is there, and the file is whole.
func TestKilled(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	path := filePath(t)
	var acknowledged []int64
	for round := range rounds {
		acknowledged = append(acknowledged, killAfter(t, path, 1+7*round%11)...)
		db, err := connect(path)
		if err != nil {
			t.Fatal(err)
		}
		var found string
		if err := db.db.QueryRow("PRAGMA integrity_check").Scan(&found); err != nil || found != "ok" {
			t.Fatalf("round %d: integrity_check says %q (%v)", round, found, err)
		}
		db.close()
		s := opened(t, path)
		last, _ := s.Setting("last")
		if n, _ := strconv.ParseInt(last, 10, 64); n < acknowledged[len(acknowledged)-1] {
			t.Fatalf("round %d: the setting is %s, of %v", round, last, acknowledged)
		}
		for _, id := range acknowledged {
			e, ok := s.Call(id)
			c, known := s.Contact(id)
			if !ok || e.Outcome != Answered || e.Ended.IsZero() || !known || len(c.Addresses) != 2 {
				t.Fatalf("round %d, call %d: %+v, %+v", round, id, e, c)
			}
		}
		for _, e := range s.History(Query{Limit: MaxCalls}) {
			if e.Outcome == Ringing || e.Ended.IsZero() {
				t.Fatalf("round %d: call %d was not completed: %+v", round, e.ID, e)
			}
		}
		s.Close()
	}
}

// killAfter kills the writer once it has told so many IDs, and returns all that
// it told before it died.
func killAfter(t *testing.T, path string, told int) (ids []int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), crashPath+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for n := 0; ; n++ {
		line, err := lines.ReadString('\n')
		if err != nil {
			break
		}
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "failed") {
			t.Error(line)
		}
		if id, err := strconv.ParseInt(line, 10, 64); err == nil {
			ids = append(ids, id)
		}
		if n == told {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the writer ended by itself")
	}
	return ids
}
