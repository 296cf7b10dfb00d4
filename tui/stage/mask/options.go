package mask

import (
	"context"
	"net"
	"slices"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/receiver/loopback"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/admit"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/prompt"
	"github.com/up42/up42-webhooks/tui/remembered"
)

// Options returns the options of a dashboard that shows stand-ins only. It remembers nothing, and
// has no filters of the user, which may have real names in them. Its session is to be set later.
func (s *StandIns) Options(o tui.Options) tui.Options {
	o.Log = log{o.Log, s}
	if o.API != nil {
		a := api{o.API, s}
		o.API, o.Listed = a, a.listed(o.Listed)
	}
	o.Receiver, o.Sources = s.receiver(o.Receiver), s.sources(o.Sources, o.Receiver.Path)
	if points := o.PointsHere; points != nil {
		o.PointsHere = func(url string) bool { return points(s.Real(url)) }
	}
	if o.Forwarder != nil {
		o.Forwarder = forwarder{o.Forwarder, s}
	}
	if o.Admissions != nil {
		o.Admissions = admissions{o.Admissions}
	}
	o.Commands = slices.Clone(o.Commands)
	for i := range o.Commands {
		o.Commands[i].Name = "your program on " + o.Commands[i].Key
	}
	if pin := o.Pin; pin != nil {
		o.Pin = func(components []string) (string, error) {
			_, err := pin(components) // the note names the file
			return "pinned, and written into the configuration file", private(err)
		}
	}
	if send := o.TestEvent; send != nil {
		o.TestEvent = func(ctx context.Context, k receiver.Kind) error { return private(send(ctx, k)) }
	}
	o.Program, o.PinFile, o.Private = "up42hooks", file(o.PinFile, "config.yaml"), true
	o.Console = "" // it may name a workspace
	o.Remembered = o.Remembered.FiltersOf(remembered.State{})
	o.Remember, o.Filters = nil, [4]prompt.SavedFilter{}
	return o
}

// listed gives the receiver the real webhooks.
func (a api) listed(to func([]client.Webhook)) func([]client.Webhook) {
	if to == nil {
		return nil
	}
	return func(all []client.Webhook) {
		out := slices.Clone(all)
		for i := range out {
			out[i] = a.names.realWebhook(out[i])
		}
		to(out)
	}
}

func (s *StandIns) receiver(r tui.Receiver) tui.Receiver {
	r.Address = place(r.Address)
	r.Path, r.PublicURL = s.path(r.Path), s.URL(r.PublicURL)
	r.Store, r.SecretFile = file(r.Store, "events.db"), file(r.SecretFile, "secret")
	r.Notice, r.Warning = "", ""
	if webhook := r.WebhookURL; webhook != nil {
		r.WebhookURL = func() string { return s.URL(webhook()) }
	}
	return r
}

// place hides where a receiver is, but not that it is on this machine.
func place(real string) string {
	if host, _, err := net.SplitHostPort(real); real == "" || err == nil && loopback.Host(host) {
		return real
	}
	return "receiver.example:443"
}

// file is the stand-in of the name of a file, which may name a customer.
func file(name, standIn string) string {
	if name == "" {
		return ""
	}
	return standIn
}

// sources hides where the receiver is. The URL of a new webhook is made of the public one and the
// path: it stands for the real one, too.
func (s *StandIns) sources(o frame.Sources, realPath string) frame.Sources {
	if now := o.Now; now != nil {
		o.Now = func() (frame.ReceiverStatus, error) {
			r, storing := now()
			r.Address, r.Err = place(r.Address), private(r.Err)
			return r, private(storing)
		}
	}
	if recording := o.Recording; recording != nil {
		o.Recording = func() (int, error) {
			n, err := recording()
			return n, private(err)
		}
	}
	if public := o.PublicURL; public != nil {
		o.PublicURL = func() frame.PublicURL {
			p := public()
			if real := p.URL; real != "" {
				p.URL = s.URL(real)
				s.keep(p.URL+s.path(realPath), real+realPath)
			}
			if p.Err != "" {
				p.Err = "the tunnel has a problem"
			}
			return p
		}
	}
	if team := o.Team; team != nil {
		o.Team = func() frame.Team { return s.team(team()) }
	}
	if path := o.UnmatchedPath; path != nil {
		o.UnmatchedPath = func() string { return s.path(path()) }
	}
	return o
}

// team hides the names of the stream and of its members, which may be those of machines, and why there
// is a problem with it.
func (s *StandIns) team(t frame.Team) frame.Team {
	t.Stream = s.name(t.Stream)
	t.Members = slices.Clone(t.Members)
	for i := range t.Members {
		t.Members[i].Name = s.name(t.Members[i].Name)
	}
	if t.Err != "" {
		t.Err = "the stream has a problem"
	}
	return t
}

// admissions say nothing of why they fail.
type admissions struct{ admit.Admissions }

func (a admissions) Err() error { return private(a.Admissions.Err()) }

func (a admissions) Do(ctx context.Context, r admission.Request) ([]admission.Result, error) {
	all, err := a.Admissions.Do(ctx, r)
	return all, private(err)
}

// forwarder forwards real events, and names its targets by stand-ins.
type forwarder struct {
	forwarding.Forwarder
	names *StandIns
}

func (f forwarder) Targets() []forwarding.Target {
	out := slices.Clone(f.Forwarder.Targets())
	for i := range out {
		out[i].Name, out[i].Member = f.names.URL(out[i].Name), f.names.name(out[i].Member)
		if out[i].Err != "" {
			out[i].Err = "it does not take events"
		}
	}
	return out
}

func (f forwarder) Failures(ctx context.Context) ([]receiver.Failure, error) {
	all, err := f.Forwarder.Failures(ctx)
	out := slices.Clone(all)
	for i := range out {
		out[i].Reader, out[i].Reason = f.names.URL(out[i].Reader), "it did not take the event"
	}
	return out, private(err)
}

func (f forwarder) Resend(ctx context.Context, seq int64, target string) error {
	return private(f.Forwarder.Resend(ctx, seq, f.names.Real(target)))
}

func (f forwarder) SendTo(ctx context.Context, seq int64, url string) error {
	return private(f.Forwarder.SendTo(ctx, seq, f.names.Real(url)))
}
