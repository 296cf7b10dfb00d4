package main

import (
	"net/http/httptest"
	"regexp"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/up42/up42-webhooks/client/simulator"
)

// simulation is the UP42 of a script.
type simulation struct{ *simulator.Simulator }

type simulationKey struct{}

// scriptUP42 starts a simulated UP42, which later commands of the script use. With
// "hidden" it does not show secrets. Other arguments are the names of its events, "none" is
// no name.
func scriptUP42(ts *testscript.TestScript, neg bool, args []string) {
	o := simulator.Options{Seed: 1, Quiet: true}
	for _, arg := range args {
		switch arg {
		case "hidden":
			o.HideSecrets = true
		case "none":
			o.Events = []string{}
		default:
			o.Events = append(o.Events, arg)
		}
	}
	s := simulator.New(o)
	server := httptest.NewServer(s)
	ts.Defer(server.Close)
	ts.Value(simulationKey{}).(*simulation).Simulator = s
	ts.Setenv("UP42_API_URL", server.URL)
	ts.Setenv("UP42_AUTH_URL", server.URL)
	ts.Setenv("UP42_USERNAME", simulator.Username)
	ts.Setenv("UP42_PASSWORD", simulator.Password)
	ts.Setenv("WORKSPACE", s.Workspace())
}

// scriptTrouble makes calls to it fail in one way: all, or a number of them. "none"
// ends that.
func scriptTrouble(ts *testscript.TestScript, neg bool, args []string) {
	var f simulator.Faults
	switch args[0] {
	case "none":
	case "429":
		f.TooMany, f.RetryAfter = 1, time.Hour
	case "500":
		f.ServerError = 1
	case "html":
		f.HTML = 1
	case "drop":
		f.Drop = 1
	case "truncate":
		f.Truncate = 1
	case "expired":
		f.Expired = 1
	default:
		ts.Fatalf("no such trouble: %s", args[0])
	}
	if len(args) > 1 {
		n, err := strconv.Atoi(args[1])
		ts.Check(err)
		f.Calls = n
	}
	ts.Value(simulationKey{}).(*simulation).SetFaults(f)
}

// scriptRemember matches the last output and puts the first group of the match into
// a variable.
func scriptRemember(ts *testscript.TestScript, neg bool, args []string) {
	m := regexp.MustCompile("(?m)" + args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if m == nil {
		ts.Fatalf("the last output has no %s", args[1])
	}
	ts.Setenv(args[0], m[1])
}
