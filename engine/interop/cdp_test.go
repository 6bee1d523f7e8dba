package interop

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// devtools is a connection to a browser by the Chrome DevTools protocol
// (https://chromedevtools.github.io/devtools-protocol/): numbered requests and
// replies and events of the sessions, each a JSON object that ends with a zero
// byte, through two pipes. A browser whose pipe closes ends by itself, so none
// outlives the program that started it, however that ends.
type devtools struct {
	in   io.WriteCloser // to the browser
	out  io.ReadCloser  // from it
	done chan struct{}  // closed when reading has ended

	write sync.Mutex // held while a request is written

	mu      sync.Mutex
	last    int64
	waiting map[int64]chan message
	events  map[string]func(method string, params json.RawMessage) // by session
	failed  error
}

// message is a reply (ID set) or an event.
type message struct {
	ID      int64           `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

func newDevtools(in io.WriteCloser, out io.ReadCloser) *devtools {
	d := &devtools{
		in: in, out: out, done: make(chan struct{}), waiting: map[int64]chan message{},
		events: map[string]func(string, json.RawMessage){},
	}
	go d.read() // ends with the browser's output; close waits for it
	return d
}

func (d *devtools) read() {
	defer close(d.done)
	for lines := bufio.NewReaderSize(d.out, 1<<16); ; {
		data, err := lines.ReadBytes(0)
		if err != nil {
			d.mu.Lock()
			d.failed = fmt.Errorf("the browser is gone: %w", err)
			d.mu.Unlock()
			return
		}
		var m message
		if json.Unmarshal(bytes.TrimSuffix(data, []byte{0}), &m) != nil {
			continue
		}
		d.mu.Lock()
		reply, handler := d.waiting[m.ID], d.events[m.Session]
		delete(d.waiting, m.ID)
		d.mu.Unlock()
		switch {
		case reply != nil:
			reply <- m
		case m.Method != "" && handler != nil:
			handler(m.Method, m.Params)
		}
	}
}

// call makes a request and decodes the result into result, unless that is nil.
func (d *devtools) call(ctx context.Context, session, method string, params, result any) error {
	raw, err := json.Marshal(params)
	if err != nil {
		return err
	}
	reply := make(chan message, 1)
	d.mu.Lock()
	d.last++
	m := message{ID: d.last, Session: session, Method: method, Params: raw}
	d.waiting[m.ID] = reply
	d.mu.Unlock()
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	d.write.Lock()
	_, err = d.in.Write(append(data, 0))
	d.write.Unlock()
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case m := <-reply:
		if m.Error != nil {
			return fmt.Errorf("%s: %s", method, m.Error.Message)
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(m.Result, result)
	case <-d.done:
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.failed
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

// on has handle called, on the reading goroutine, with the events of session.
func (d *devtools) on(session string, handle func(method string, params json.RawMessage)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if handle == nil {
		delete(d.events, session)
		return
	}
	d.events[session] = handle
}

// close lets the browser end, and waits until it has.
func (d *devtools) close() {
	_ = d.in.Close()
	<-d.done
	_ = d.out.Close()
}

// evaluation is the result of Runtime.evaluate.
type evaluation struct {
	Result struct {
		Value json.RawMessage `json:"value"`
	} `json:"result"`
	Exception *struct {
		Text      string `json:"text"`
		Exception struct {
			Description string `json:"description"`
		} `json:"exception"`
	} `json:"exceptionDetails"`
}

// evaluate runs an expression in a page, as a person's click would, and waits
// for what it promises.
func (d *devtools) evaluate(ctx context.Context, session, expression string, value any) error {
	var e evaluation
	err := d.call(ctx, session, "Runtime.evaluate", map[string]any{
		"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true,
	}, &e)
	switch {
	case err != nil:
		return err
	case e.Exception != nil:
		return errors.New(e.Exception.Text + " " + e.Exception.Exception.Description)
	case value == nil || len(e.Result.Value) == 0:
		return nil
	}
	return json.Unmarshal(e.Result.Value, value)
}
