package sqlite_test

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// call is the start of a system call, or its end.
type call struct {
	ended bool
	began int // of an end: the index of the start
	// finished is the index of the end of a write, for a write on the disk.
	finished int
	name     string
	fd       int
	path     string // of the file
	to       string // its new or other name
	data     []byte
	at       int64 // the offset of a write, the new length of a truncation
	fails    bool
	makes    bool // the call may make the file
	empties  bool // the call makes the file empty
}

// readTrace reads what strace wrote. Each system call makes two calls: its start and its
// end.
func readTrace(r io.Reader) (calls []call, err error) {
	under := map[string]int{} // by thread: the start of the call that is not finished
	lines := bufio.NewReaderSize(r, 1<<20)
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return calls, nil
		}
		if err != nil {
			return nil, err
		}
		thread, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		rest = strings.TrimSpace(rest)
		if _, end, ok := strings.Cut(rest, " resumed>"); ok && strings.HasPrefix(rest, "<... ") {
			calls = append(calls, endOf(calls, under[thread], end))
			continue
		}
		if !callShape.MatchString(rest) {
			continue // the end of a thread, or a call that strace has not seen from its start
		}
		begin, unfinished := strings.CutSuffix(rest, " <unfinished ...>")
		if !unfinished {
			// strace stopped watching: the end of this call never comes.
			begin, unfinished = strings.CutSuffix(rest, " <detached ...>")
		}
		c, err := parseCall(begin)
		if err != nil {
			return nil, fmt.Errorf("%.200s: %w", line, err)
		}
		under[thread] = len(calls)
		calls = append(calls, c)
		if !unfinished {
			calls = append(calls, endOf(calls, under[thread], rest))
		}
	}
}

func endOf(calls []call, began int, text string) call {
	c := calls[began]
	c.ended, c.began = true, began
	_, result, _ := cutLast(text, " = ")
	c.fails = strings.HasPrefix(result, "-") || strings.HasPrefix(result, "?")
	return c
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// callShape matches the start of a call, whose first argument may be a file. The rest is
// too long for a regular expression.
var callShape = regexp.MustCompile(`^(\w+)\((?:(-?\w+)<([^>]*)>)?`)

func parseCall(s string) (c call, err error) {
	shape := callShape.FindStringSubmatch(s)
	c.name = shape[1]
	if c.name == "fdatasync" {
		c.name = "fsync"
	}
	c.fd, _ = strconv.Atoi(shape[2])
	path, err := unescape(shape[3])
	if err != nil {
		return c, err
	}
	c.path = string(path)
	_, text, _ := strings.Cut(s, `"`)
	text, rest, _ := strings.Cut(text, `"`)
	if c.data, err = unescape(text); err != nil {
		return c, err
	}
	switch c.name {
	case "open", "openat", "unlink", "unlinkat":
		c.path, c.data = string(c.data), nil
		c.makes, c.empties = strings.Contains(rest, "O_CREAT"), strings.Contains(rest, "O_TRUNC")
	case "rename", "renameat", "renameat2", "link", "linkat":
		c.path, c.data = string(c.data), nil
		_, rest, _ = strings.Cut(rest, `"`)
		to, _, _ := strings.Cut(rest, `"`)
		path, err = unescape(to)
		c.to = string(path)
		return c, err
	case "pwrite64", "ftruncate":
		if text == "" {
			rest = s // it has no text, so it is short
		}
		_, last, _ := cutLast(strings.TrimSpace(strings.SplitN(rest, " = ", 2)[0]), ", ")
		c.at, err = strconv.ParseInt(strings.TrimRight(last, ") "), 10, 64)
	}
	return c, err
}

// unescape decodes \x2f\x74…, as strace writes bytes.
func unescape(s string) ([]byte, error) { return hex.DecodeString(strings.ReplaceAll(s, `\x`, "")) }
