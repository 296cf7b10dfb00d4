//go:build ngrok

package tunnel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"golang.ngrok.com/ngrok/v2"
)

// orLibrary says how to do without a program that is not installed.
func (p Program) orLibrary(err error) error {
	if p != Ngrok {
		return err
	}
	return fmt.Errorf("%w; or set NGROK_AUTHTOKEN, this up42hooks has ngrok built in", err)
}

// library returns what carries without an installed program: ngrok's own library, if the
// environment has a token for it. It returns nil without a token.
func (p Program) library(o *Options) library {
	token := os.Getenv("NGROK_AUTHTOKEN")
	if p != Ngrok || token == "" {
		return nil
	}
	return func(ctx context.Context, address string, c *carrier) error {
		options := []ngrok.AgentOption{
			ngrok.WithAuthtoken(token), ngrok.WithLogger(slog.New(slog.DiscardHandler)),
			ngrok.WithEventHandler(func(e ngrok.Event) { c.take(libraryReport(e)) }),
		}
		if o.ngrokServer != "" {
			options = append(options, ngrok.WithAgentConnectURL(o.ngrokServer))
		}
		agent, err := ngrok.NewAgent(options...)
		if err != nil {
			return errors.New(libraryProblem(err))
		}
		defer disconnect(agent)
		f, err := agent.Forward(ctx, ngrok.WithUpstream("http://"+address))
		if err != nil {
			return errors.New(libraryProblem(err))
		}
		c.take(report{url: f.URL().String(), up: true})
		select {
		case <-ctx.Done():
		case <-f.Done():
		}
		return nil
	}
}

// libraryReport is what an event of the library says. It connects again by itself.
func libraryReport(e ngrok.Event) report {
	switch e := e.(type) {
	case *ngrok.EventAgentConnectSucceeded:
		return report{up: true}
	case *ngrok.EventAgentDisconnected:
		r := report{down: true}
		if e.Error != nil && !errors.Is(e.Error, context.Canceled) {
			r.problem = libraryProblem(e.Error)
		}
		return r
	default:
		return report{}
	}
}

// libraryProblem shows only the code of an error that has one: its text may repeat the token.
func libraryProblem(err error) string {
	var coded ngrok.Error
	if errors.As(err, &coded) && ngrokCode.MatchString(coded.Code()) {
		return ngrokProblem(coded.Code())
	}
	if problem := ngrokProblem(err.Error()); problem != "" {
		return problem
	}
	return problemText(fmt.Sprint(err))
}

// disconnect ends the session, and waits for that as long as for the end of a program.
func disconnect(agent ngrok.Agent) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = agent.Disconnect() // the tunnel is over, whatever it returns
	}()
	late := time.NewTimer(timeToEnd)
	defer late.Stop()
	select {
	case <-done:
	case <-late.C:
	}
}
