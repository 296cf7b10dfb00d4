package config

import (
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// The parse functions check one value, parse…s a list. Their errors say what is
// allowed and never contain the value.

// parseFile makes a path absolute, so that it means the same file wherever it is
// shown.
func parseFile(text string) (string, error) {
	if text == "" {
		return "", errors.New("want the name of a file")
	}
	if strings.HasSuffix(text, "/") {
		return "", errors.New("want the name of a file, but it ends with a slash as that of a folder does: name a file in it")
	}
	return filepath.Abs(text)
}

// commas separates values by commas. Empty ones do not count, unless there is no other.
func commas(text string) (out []string) {
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	if only := strings.TrimSpace(text); len(out) == 0 && only != "" {
		return []string{only}
	}
	return out
}

var commaBeforeURL = regexp.MustCompile(`,\s*([a-z]+://)`)

// urls separates URLs by white space and commas. A comma inside a URL is part of it.
func urls(text string) []string {
	if list := strings.Fields(commaBeforeURL.ReplaceAllString(text, " $1")); len(list) > 0 {
		return list
	}
	return []string{text}
}

// lines separates values that may contain anything else. A line end after the last one
// does not count.
func lines(text string) []string {
	out := strings.Split(strings.TrimRight(text, "\r\n"), "\n")
	for i := range out {
		out[i] = strings.TrimSuffix(out[i], "\r")
	}
	return out
}

func parseBoolean(text string) (bool, error) {
	b, err := strconv.ParseBool(text)
	if err != nil {
		return false, errors.New("want true or false")
	}
	return b, nil
}

func parseComponents(names []string) ([]string, error) {
	for i, name := range names {
		if strings.HasPrefix(name, "(") || strings.HasPrefix(name, "@") {
			return nil, errors.New("want names of headers, like date,digest: signatures over (request-target), @method and the like are rejected, and can't be forwarded either")
		}
		if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return nil, errors.New("want names of headers in lower case, like date,digest")
		}
		if slices.Contains(names[:i], name) {
			return nil, errors.New("want each header once")
		}
	}
	return names, nil
}

// parseFormats returns the formats that add something: plain does not. The setting has
// checked the names.
func parseFormats(names []string) (out []forward.Format, err error) {
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, errors.New("want each format once")
		}
		out = append(out, forward.Format(name))
	}
	switch {
	case !slices.Contains(out, forward.Plain):
		return out, nil
	case len(out) > 1:
		return nil, errors.New("want plain alone, as it adds nothing, or other formats without it")
	default:
		return nil, nil
	}
}

func parseCount(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, errors.New("want a number from 1 on, like 100000")
	}
	return n, nil
}

// Limits of max-body, in bytes. A delivery has about 1 KB. The receiver holds each
// body in memory while it verifies it.
const (
	minBody = 1 << 10
	maxBody = 64 << 20
)

func parseBodySize(text string) (int64, error) {
	n, err := humanize.ParseBytes(text)
	if err != nil || n < minBody || n > maxBody {
		return 0, errors.New("want a size from 1KiB to 64MiB, like 1MiB")
	}
	return int64(n), nil
}

// parseBodyMemory checks a size that is more than any body.
func parseBodyMemory(text string) (int64, error) {
	n, err := humanize.ParseBytes(text)
	if err != nil || n < 1<<20 || n > 1<<30 {
		return 0, errors.New("want a size from 1MiB to 1GiB, like 16MiB")
	}
	return int64(n), nil
}

func parseConnections(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 16 || n > 1<<16 {
		return 0, errors.New("want a number from 16 to 65536, like 512")
	}
	return n, nil
}

func parseUserPass(text string) (string, error) {
	user, pass, ok := strings.Cut(text, ":")
	if !ok || user == "" || pass == "" {
		return "", errors.New("want USER:PASS, like ada:lovelace")
	}
	return text, nil
}

func parseNonEmpty(text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", errors.New("it is empty")
	}
	return text, nil
}

func parseSecret(text string) (client.Secret, error) {
	text, err := parseNonEmpty(text)
	return client.Secret(text), err
}

// parseSecrets replaces blank secrets with empty ones. It does not remove them,
// because the others are known by their index.
func parseSecrets(secrets []string) ([]string, error) {
	out := slices.Clone(secrets)
	for i, s := range out {
		if strings.TrimSpace(s) == "" {
			out[i] = ""
		}
	}
	return out, nil
}

func parseWorkspace(text string) (string, error) {
	if text = strings.TrimSpace(text); !isVisibleASCII(text) {
		return "", errors.New("want the id of a workspace, like 7f3a1c00-4b6e-4d57-9f0e-2c8b5a1d6e93")
	}
	return text, nil
}

func parseClientID(text string) (string, error) {
	if text = strings.TrimSpace(text); !isVisibleASCII(text) {
		return "", errors.New("want the id of a client, like " + client.DefaultClientID)
	}
	return text, nil
}

// parseToken accepts what can be sent in a header.
func parseToken(text string) (client.Secret, error) {
	if text = strings.TrimSpace(text); !isVisibleASCII(text) {
		return "", errors.New("want a token without white space, like eyJhbGciOi…")
	}
	return client.Secret(text), nil
}

func isVisibleASCII(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

// parseFilter says what is wrong with a filter. The error of a setting has the whole filter: of
// one value it is clear what is meant.
func parseFilter(text string) (*filter.Filter, error) {
	f, err := filter.Parse(text)
	var wrong *filter.Error
	switch {
	case err == nil:
		return f, nil
	case errors.As(err, &wrong) && !strings.ContainsAny(text, " \t,\""):
		return nil, errors.New(wrong.Problem())
	default:
		return nil, plainFilterError(err)
	}
}

// plainFilterError leaves out that an error is about a filter, where that is said already.
func plainFilterError(err error) error {
	return errors.New(strings.TrimPrefix(err.Error(), "filter: "))
}

// asIs accepts every value.
func asIs[T any](v T) (T, error) { return v, nil }
