// Cast runs a command on a terminal of its own, and writes what it shows into an asciicast file
// (version 2), which asciinema plays.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/creack/pty"
)

func main() {
	file := flag.String("o", "demo.cast", "the file to write")
	columns := flag.Int("columns", 80, "columns of the terminal")
	rows := flag.Int("rows", 24, "rows of the terminal")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := record(ctx, *file, *columns, *rows, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "cast:", err)
		os.Exit(1)
	}
}

// record runs a command and writes the file. The file is there only if the command ended well.
func record(ctx context.Context, file string, columns, rows int, args []string) (err error) {
	if len(args) == 0 {
		return errors.New("name a command to run")
	}
	out, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("make the file: %w", err)
	}
	defer func() {
		if err = errors.Join(err, out.Close()); err != nil {
			err = errors.Join(err, os.Remove(file))
		}
	}()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor", "LC_ALL=C.UTF-8")
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: uint16(columns), Rows: uint16(rows)})
	if err != nil {
		return fmt.Errorf("run %s: %w", args[0], err)
	}
	defer func() { _ = terminal.Close() }()
	w := bufio.NewWriter(out)
	if err := write(w, terminal, columns, rows); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return w.Flush()
}

// write copies what a terminal shows, with the times, until nothing more comes.
func write(w io.Writer, terminal io.Reader, columns, rows int) error {
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	began := time.Now()
	head := map[string]any{"version": 2, "width": columns, "height": rows, "timestamp": began.Unix(), "env": map[string]string{"TERM": "xterm-256color"}}
	if err := lines.Encode(head); err != nil {
		return fmt.Errorf("write the head: %w", err)
	}
	in := &whole{in: terminal}
	for {
		text, err := in.next()
		if len(text) > 0 {
			if err := lines.Encode([]any{time.Since(began).Seconds(), "o", text}); err != nil {
				return fmt.Errorf("write what is shown: %w", err)
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, syscall.EIO): // the terminal is closed
			return nil
		case err != nil:
			return fmt.Errorf("read the terminal: %w", err)
		}
	}
}
