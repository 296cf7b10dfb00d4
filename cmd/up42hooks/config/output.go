package config

import (
	"io"
	"log/slog"
	"time"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/theme"
)

// NewTheme makes the configured theme for stdout.
func NewTheme(env cli.Env, c *Config) *theme.Theme {
	look := theme.Options{Name: c.Theme, HighContrast: c.HighContrast}
	if own, ok := c.Own.Themes[c.Theme]; ok {
		look.Name, look.Colours = own.Base, own.Colours
	}
	return cli.NewTheme(env, c.Color, look)
}

// The values of Config.LogFormat.
const (
	LogText = "text"
	LogJSON = "json"
)

func parseLevel(text string) (level slog.Level, err error) {
	err = level.UnmarshalText([]byte(text))
	return level, err
}

// NewLogger makes the configured log.
func NewLogger(w io.Writer, c *Config) *slog.Logger {
	if c.LogFormat == LogJSON {
		return slog.New(slog.NewJSONHandler(escaped{w}, &slog.HandlerOptions{Level: c.LogLevel, ReplaceAttr: readable}))
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: c.LogLevel}))
}

// NewPatientLogger makes the configured log for an output that perhaps nobody reads: no line
// waits long for its reader. The caller calls done before the output is closed.
func NewPatientLogger(w io.Writer, c *Config) (logger *slog.Logger, done func()) {
	direct := NewLogger(w, c)
	out := cli.NewLogOutput(w, func(lines int) { direct.Warn("lines of the log were left out, since nobody read it", "skipped", lines) })
	return NewLogger(out, c), out.Close
}

// readable writes durations as in the text format, not as nanoseconds.
func readable(_ []string, a slog.Attr) slog.Attr {
	if d, ok := a.Value.Any().(time.Duration); ok {
		a.Value = slog.StringValue(d.String())
	}
	return a
}

// escaped writes lines of JSON that a terminal can't obey.
type escaped struct{ io.Writer }

func (e escaped) Write(line []byte) (int, error) {
	if _, err := e.Writer.Write(receiver.EscapeJSON(line)); err != nil {
		return 0, err
	}
	return len(line), nil
}

// LogFormatOf returns the configured format of the log, even if other settings are wrong.
func LogFormatOf(flags *pflag.FlagSet, env cli.Env) string {
	o := newOrigins(flags, env)
	_, _ = o.readFile() // Load reports what is wrong
	s, _ := lookup("log-format")
	c := &Config{}
	if v, err := o.find(s); err != nil || s.apply(c, v) != nil {
		return LogText
	}
	return c.LogFormat
}
