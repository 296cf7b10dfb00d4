package webhooks

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"unicode/utf8"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// typedSecret reads a line, unseen where it is typed. An interrupt while it is
// typed ends the program with the exit code that a shell gives it: 130 for ctrl+c.
func typedSecret(w cli.Env) (string, error) {
	f, ok := w.Stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		const most = 4 << 10
		read, err := io.ReadAll(io.LimitReader(w.Stdin, most))
		return strings.TrimRight(string(read), "\r\n"), err
	}
	typed, err := askUnseen(f, w.Stderr, "secret: ")
	var cut cutShort
	if errors.As(err, &cut) {
		os.Exit(128 + int(cut.by))
	}
	return typed, err
}

// cutShort: a signal, or the key for one, came in the place of an answer.
type cutShort struct{ by syscall.Signal }

func (c cutShort) Error() string { return "interrupted: " + c.by.String() }

// askUnseen asks for a line on a terminal that shows nothing of it, and leaves the
// terminal as it was, whatever ends the question.
func askUnseen(in *os.File, out io.Writer, question string) (line string, err error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	// Who sees the question may type at once.
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return "", fmt.Errorf("hide what is typed: %w", err)
	}
	defer func() {
		err = errors.Join(err, term.Restore(int(in.Fd()), before))
		fmt.Fprintln(out)
	}()
	fmt.Fprint(out, question)
	return readTyped(&keys{in, signals})
}

// The keys that a terminal left raw does not see to itself.
const (
	ctrlC     = 0x03
	ctrlD     = 0x04
	ctrlH     = 0x08
	ctrlU     = 0x15
	backspace = 0x7f
)

// readTyped reads a line from a raw terminal.
func readTyped(in io.Reader) (string, error) {
	var line []byte
	key := make([]byte, 1) // what follows the line is not ours
	for {
		if _, err := io.ReadFull(in, key); err != nil {
			return "", err
		}
		switch key[0] {
		case '\r', '\n', ctrlD:
			return string(line), nil
		case ctrlC:
			return "", cutShort{syscall.SIGINT}
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

// keys is what is typed on a terminal, until a signal comes.
type keys struct {
	terminal *os.File
	signals  <-chan os.Signal
}

func (k *keys) Read(p []byte) (int, error) {
	const look = 50 // milliseconds between looks for a signal
	fds := []unix.PollFd{{Fd: int32(k.terminal.Fd()), Events: unix.POLLIN}}
	for {
		select {
		case s := <-k.signals:
			by, _ := s.(syscall.Signal)
			return 0, cutShort{by}
		default:
		}
		n, err := unix.Poll(fds, look)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return 0, err
		case n > 0:
			return k.terminal.Read(p)
		}
	}
}
