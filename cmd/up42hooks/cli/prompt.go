package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/up42/up42-webhooks/tui/console"
)

// Terminal returns standard input as a terminal. ok is false if it is not a terminal.
func (env Env) Terminal() (f *os.File, ok bool) {
	f, ok = env.Stdin.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// EndOfInput names the keys that end what is typed on a terminal of this machine.
func EndOfInput() string {
	if runtime.GOOS == "windows" {
		return "ctrl+z and enter"
	}
	return "ctrl+d"
}

// ReadHidden reads a secret from standard input, without a line end at its end. On a terminal
// it asks for a line and does not show it. If it is interrupted meanwhile, it ends the program
// with the exit code that shells use: 130 for ctrl+c.
func (env Env) ReadHidden(question string) (string, error) {
	f, ok := env.Terminal()
	if !ok {
		const most = 4 << 10
		read, err := io.ReadAll(io.LimitReader(env.Stdin, most))
		return strings.TrimRight(string(read), "\r\n"), err
	}
	typed, err := promptHidden(f, env.Stderr, question)
	var stop interrupted
	if errors.As(err, &stop) {
		os.Exit(128 + int(stop.by))
	}
	return typed, err
}

// Ask asks for a line on a terminal, and shows what is typed.
func (env Env) Ask(terminal *os.File, question string) (string, error) {
	fmt.Fprint(env.Stderr, question)
	var line []byte
	key := make([]byte, 1) // what follows the line belongs to others
	for {
		if _, err := io.ReadFull(terminal, key); err != nil {
			return "", err
		}
		if key[0] == '\n' {
			return strings.TrimRight(string(line), "\r"), nil
		}
		line = append(line, key[0])
	}
}

// interrupted is the error of a prompt that was ended by a signal, or by the key for
// one.
type interrupted struct{ by syscall.Signal }

func (i interrupted) Error() string { return "interrupted: " + i.by.String() }

// promptHidden asks for a line on a terminal and does not show what is typed. It
// restores the terminal in any case.
func promptHidden(in *os.File, out io.Writer, question string) (line string, err error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	// Raw mode comes before the question, because people may type as soon as they see it.
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return "", fmt.Errorf("hide what is typed: %w", err)
	}
	defer func() {
		err = errors.Join(err, term.Restore(int(in.Fd()), before))
		fmt.Fprintln(out)
	}()
	fmt.Fprint(out, question)
	return readRawLine(&rawInput{in, signals})
}

// The keys that a terminal in raw mode does not handle itself.
const (
	ctrlC     = 0x03
	ctrlD     = 0x04
	ctrlH     = 0x08
	ctrlU     = 0x15
	backspace = 0x7f
)

// readRawLine reads a line from a terminal in raw mode.
func readRawLine(in io.Reader) (string, error) {
	var line []byte
	key := make([]byte, 1) // one byte at a time: what follows the line belongs to others
	for {
		if _, err := io.ReadFull(in, key); err != nil {
			return "", err
		}
		switch key[0] {
		case '\r', '\n', ctrlD:
			return string(line), nil
		case ctrlC:
			return "", interrupted{syscall.SIGINT}
		case ctrlH, backspace:
			_, size := utf8.DecodeLastRune(line)
			line = line[:len(line)-size]
		case ctrlU:
			line = line[:0]
		default:
			line = append(line, key[0])
		}
	}
}

// rawInput reads from a terminal until a signal comes.
type rawInput struct {
	terminal *os.File
	signals  <-chan os.Signal
}

func (r *rawInput) Read(p []byte) (int, error) {
	const interval = 50 * time.Millisecond // between two checks for a signal
	for {
		select {
		case s := <-r.signals:
			by, _ := s.(syscall.Signal)
			return 0, interrupted{by}
		default:
		}
		switch ready, err := console.Ready(r.terminal, interval); {
		case err != nil:
			return 0, err
		case ready:
			return r.terminal.Read(p)
		}
	}
}
