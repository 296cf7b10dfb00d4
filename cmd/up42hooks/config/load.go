package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/environment"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/paths"
	"github.com/up42/up42-webhooks/receiver/outfile"
)

// Value is a setting as `config` shows it.
type Value struct {
	Name string `json:"name"`
	// Text describes the value. It does not contain a secret.
	Text string `json:"value"`
	// Origin is where the value came from: a flag, a variable, a line of the file or
	// "default".
	Origin string `json:"origin"`
	raw    rawValue
}

// Load reads and checks all settings, and prints Config.Warnings. It uses the flags that
// [AddFlags] defined and that were given. The values are in the order of the
// documentation. The needed settings must have a value; others may have none if the
// environment gives no default.
//
// Each error names the setting, the origin of its value and what is allowed.
func Load(flags *pflag.FlagSet, env cli.Env, needed ...string) (*Config, []Value, error) {
	c, values, err := Read(flags, env, needed...)
	if err != nil {
		return nil, nil, err
	}
	for _, w := range c.Warnings {
		env.Say("warning: %s", w)
	}
	return c, values, nil
}

// Read is Load, but prints nothing.
func Read(flags *pflag.FlagSet, env cli.Env, needed ...string) (*Config, []Value, error) {
	if err := checkStrays(env); err != nil {
		return nil, nil, err
	}
	o := newOrigins(flags, env)
	warning, err := o.readFile()
	if err != nil {
		return nil, nil, err
	}
	c, values, err := o.load(needed)
	if err != nil {
		return nil, nil, err
	}
	c.FileRead = o.fileRead
	if warning != "" {
		c.Warnings = append(c.Warnings, warning)
	}
	return c, values, nil
}

// ReadWithoutFile is Read without the configuration file and without a check for unknown
// variables.
func ReadWithoutFile(flags *pflag.FlagSet, env cli.Env) (*Config, []Value, error) {
	return newOrigins(flags, env).load(nil)
}

// Strays returns the variables of the process that look like settings.
func Strays(env cli.Env) []environment.Stray {
	if env.Environ == nil {
		return nil
	}
	return environment.Strays(env.Environ(), Variables())
}

// checkStrays refuses variables that are probably mistyped.
func checkStrays(env cli.Env) error {
	var texts []string
	for _, s := range Strays(env) {
		if s.Meant != "" {
			texts = append(texts, s.Error())
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return errors.New(strings.Join(texts, " "))
}

// origins are where values come from.
type origins struct {
	flags    *pflag.FlagSet
	getenv   func(string) string
	file     map[string]rawValue
	fileRead bool   // there was a file
	folder   string // of the file
}

func newOrigins(flags *pflag.FlagSet, env cli.Env) *origins {
	return &origins{flags: flags, getenv: environment.Of(env.Getenv)}
}

// readFile reads the configuration file that the other origins name. The warning says why it is
// not used.
func (o *origins) readFile() (warning string, err error) {
	s, _ := lookup("config")
	v, err := o.find(s)
	if err != nil {
		return "", err
	}
	c := &Config{}
	if err := s.apply(c, v); err != nil {
		return "", err
	}
	o.folder = filepath.Dir(c.File)
	o.file, o.fileRead, err = readFile(c.File, v.origin)
	if v.origin == byDefault && isHidden(c.File, o.getenv, err) {
		return strings.Replace(err.Error(), "configuration file:", "the configuration file is not used:", 1), nil
	}
	return "", err
}

// load finds and checks all settings.
func (o *origins) load(needed []string) (*Config, []Value, error) {
	c := &Config{}
	values := make([]Value, 0, len(settings))
	var files []namedFile
	for _, s := range settings {
		v, err := o.take(s, c)
		if err != nil {
			return nil, nil, err
		}
		if len(v.values) > 0 && (s.secret || s.name == "username") {
			c.Given = append(c.Given, Given{Setting: s.name, Origin: v.origin, Values: v.values, File: v.file, LineEnd: v.ended})
		}
		c.Given = append(c.Given, s.blankSecrets(o.getenv)...)
		files = append(files, s.files(v)...)
		values = append(values, Value{Name: s.name, Text: s.shown(v), Origin: v.origin, raw: v})
	}
	if err := c.checkFiles(files); err != nil {
		return nil, nil, err
	}
	c.noteIdle(values)
	o.addLogin(c, values)
	for _, v := range values {
		if v.raw.missing != nil && slices.Contains(needed, v.Name) {
			return nil, nil, fmt.Errorf("%s: no default: %w; give --%s or set %s", v.Name, v.raw.missing, v.Name, environment.Name(v.Name))
		}
	}
	return c, values, nil
}

// take finds a setting, and checks and writes its value to c.
func (o *origins) take(s setting, c *Config) (rawValue, error) {
	v, err := o.find(s)
	if err == nil {
		err = s.apply(c, v)
	}
	switch {
	case err != nil:
		return v, err
	case s.name == "notify":
		return v, o.resolveNotify(c, v)
	case s.name == "commands":
		return v, o.resolveCommands(c, v)
	default:
		return v, nil
	}
}

// namedFile is a file that a setting names. From is the setting and the origin.
type namedFile struct{ from, file string }

// files returns the files that a value names and that a running program may open, but the store.
func (s setting) files(v rawValue) (files []namedFile) {
	from := fmt.Sprintf("%s (from %s)", s.name, v.origin)
	if v.file != "" {
		files = append(files, namedFile{from, v.file})
	}
	if s.arg == "FILE" && s.name != "store" && s.name != "backup" && len(v.values) > 0 { // doctor says what is wrong with a backup
		files = append(files, namedFile{from, v.values[len(v.values)-1]})
	}
	return files
}

// checkFiles refuses the store, and what belongs to it, as a file that is opened for something else: when
// a process closes a file, SQLite's locks of that process on the file end. The files of notices are
// checked where they are written.
func (c *Config) checkFiles(files []namedFile) error {
	for i := range c.Notify {
		if e := c.Notify[i].Email; e != nil {
			from := "notify: " + c.Notify[i].Label()
			files = append(files, namedFile{from, e.CAFile}, namedFile{from, e.PasswordFile})
		}
	}
	for _, f := range files {
		if err := outfile.RefuseStore(f.file, c.Store); err != nil {
			return fmt.Errorf("%s: %w", f.from, err)
		}
	}
	return nil
}

// IsDefault reports whether a setting has its default value because no origin sets
// it.
func IsDefault(values []Value, name string) bool {
	i := slices.IndexFunc(values, func(v Value) bool { return v.Name == name })
	return i >= 0 && values[i].Origin == byDefault
}

// Changed returns the names of the settings that have other values than before, wherever they come
// from.
func Changed(before, now []Value) (names []string) {
	for i, v := range now {
		if !v.raw.same(before[i].raw) {
			names = append(names, v.Name)
		}
	}
	return names
}

// find returns a setting's value from the first origin that has it. Paths are resolved.
func (o *origins) find(s setting) (rawValue, error) {
	if f := o.flags.Lookup(s.name); f != nil && f.Changed {
		if v, ok := f.Value.(*flagValue); ok {
			return o.resolved(s, rawValue{values: v.values, origin: "--" + s.name})
		}
	}
	if v, ok, err := s.fromVariable(o.getenv); ok || err != nil {
		if err != nil {
			return v, err
		}
		return o.resolved(s, v)
	}
	if v, ok := o.file[s.name]; ok {
		v.folder = o.folder
		return o.resolved(s, v)
	}
	if v, ok, err := o.fromKeyring(s); ok || err != nil {
		return v, err
	}
	text, err := s.defaultValue(o.getenv)
	if err != nil {
		return rawValue{origin: byDefault, missing: err}, nil
	}
	if text == "" {
		return rawValue{origin: byDefault}, nil
	}
	return rawValue{values: []string{text}, origin: byDefault}, nil
}

// resolved resolves the paths of a value.
func (o *origins) resolved(s setting, v rawValue) (rawValue, error) {
	resolve := paths.Resolve
	switch {
	case s.arg == "FILE":
	case s.arg == "PROGRAM":
		resolve = paths.ResolveProgram
	case s.name == "forward-to":
		resolve = paths.ResolvePostgres
	default:
		return v, nil
	}
	given := v.values
	v.values = make([]string, len(given))
	for i, text := range given {
		var err error
		if v.values[i], err = resolve(text, v.folder, paths.Home(o.getenv)); err != nil {
			return rawValue{}, s.wrong(rawValue{values: given, origin: v.origin}, err)
		}
	}
	return v, nil
}

// resolveNotify resolves the paths in the rules for notices.
func (o *origins) resolveNotify(c *Config, v rawValue) error {
	for i := range c.Notify {
		r := &c.Notify[i]
		fields := []*string{&r.File}
		if r.Email != nil {
			fields = append(fields, &r.Email.CAFile, &r.Email.PasswordFile)
		}
		for _, field := range fields {
			path, err := paths.Resolve(*field, v.folder, paths.Home(o.getenv))
			if err != nil {
				return fmt.Errorf("notify: %s: %q (from %s): %w", r.Label(), *field, v.origin, err)
			}
			*field = path
		}
	}
	return nil
}

// resolveCommands resolves the programs of the user's commands.
func (o *origins) resolveCommands(c *Config, v rawValue) error {
	for i := range c.Own.Commands {
		program := &c.Own.Commands[i].Run[0]
		path, err := paths.ResolveProgram(*program, v.folder, paths.Home(o.getenv))
		if err != nil {
			return fmt.Errorf("commands: %s: run: %q (from %s): %w", c.Own.Commands[i].Key, *program, v.origin, err)
		}
		*program = path
	}
	return nil
}

// noteIdle notes options of a team that are given without one.
func (c *Config) noteIdle(values []Value) {
	if len(c.Stream.Servers) > 0 {
		return
	}
	for _, v := range values {
		if s, _ := lookup(v.Name); s.subject == cli.Team && v.Origin != byDefault {
			c.Stream.Idle = append(c.Stream.Idle, Idle{v.Name, v.Origin, v.Origin == "--"+v.Name})
		}
	}
}
