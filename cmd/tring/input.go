package main

import (
	"bufio"
	"context"
	"errors"
	"io"

	"tring/engine"
)

// maxLine bounds a command.
const maxLine = 64 << 10

// input is a line of standard input, or why there is none.
type input struct {
	line string
	err  error
}

// readCommands sends standard input's lines. With end set its end closes the
// channel. A read of standard input cannot be interrupted: the goroutine ends
// with the input or the program.
func readCommands(ctx context.Context, stdin io.Reader, end bool) <-chan input {
	lines := make(chan input)
	go func() {
		reader := bufio.NewReaderSize(stdin, maxLine)
		for {
			in, err := readLine(reader)
			if err != nil {
				if end {
					close(lines)
				}
				return
			}
			select {
			case lines <- in:
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines
}

// readLine reads a line without its end. One that is too long is passed over
// and told as such. The error is that of the reader; what is left before it
// counts as a line.
func readLine(r *bufio.Reader) (input, error) {
	line, long, err := r.ReadLine()
	if err != nil {
		return input{}, err
	}
	if !long {
		return input{line: string(line)}, nil
	}
	for long && err == nil {
		_, long, err = r.ReadLine()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return input{}, err
	}
	return input{err: &engine.Problem{Cause: "The command is too long.", Next: "Write at most 64 kB a line."}}, nil
}
