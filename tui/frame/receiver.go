package frame

import (
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// ReceiverStatus says whether the receiver runs.
type ReceiverStatus struct {
	// Err is why it stopped. Nil if it accepts deliveries.
	Err error
	// Address is where it takes them. If it is empty, the address did not change.
	Address string
}

// PublicURL says how the internet reaches the receiver now.
type PublicURL struct {
	// URL has no path. It is empty if the internet does not reach the receiver.
	URL string
	// Err says why, if there is something to say: a tunnel that has only just
	// started has not failed. With a URL it is a problem of a tunnel that works.
	Err string
}

// Sources are where the state of the receiver comes from. Each may be nil.
type Sources struct {
	// Now returns the receiver's status, and why deliveries can't be stored. It is called once a
	// second, from Update.
	Now func() (s ReceiverStatus, storing error)
	// PublicURL returns the public URL, if it can change. It is called once a
	// second, from Update.
	PublicURL func() PublicURL
	// Team returns the state of the team's stream. It is called once a second, from Update.
	// Nil: the receiver is no member of a team.
	Team func() Team
	// UnmatchedPath returns the path of the newest request that was no delivery. It is
	// called once a second, from Update.
	UnmatchedPath func() string
	// Recording returns how many deliveries were recorded, and why no more are. It is nil if nothing
	// records. It is called once a second, from Update.
	Recording func() (n int, err error)
	// Looking returns how many sessions look over SSH. Nil: SSH is off. It is called once a second,
	// from Update.
	Looking func() int
}

// Receiver is the state of the receiver, as far as the screen shows it.
type Receiver struct {
	// Address and Path are where deliveries are accepted.
	Address, Path string
	// Viewer: another process receives, this one only watches.
	Viewer bool

	// Stopped is why the receiver stopped, StoreError why deliveries can't be
	// stored.
	Stopped, StoreError error
	// UnmatchedPath is the path of the newest request that was no delivery, clean.
	UnmatchedPath string

	// recorded is how many deliveries were recorded, NotRecorded why no more are.
	recorded    int
	NotRecorded error

	looking int // over SSH
	public  PublicURL
	team    Team
	sources Sources
}

// NewReceiver makes a Receiver. fixedURL is its public URL if Sources.PublicURL is
// nil.
func NewReceiver(address, path, fixedURL string, viewer bool, s Sources) *Receiver {
	r := &Receiver{Address: address, Path: path, Viewer: viewer, sources: s, public: PublicURL{URL: fixedURL}}
	r.Tick()
	return r
}

// Tick asks for what may have changed. It reports whether the public URL has.
func (r *Receiver) Tick() (changed bool) {
	if r.sources.UnmatchedPath != nil {
		r.UnmatchedPath = text.Clean(r.sources.UnmatchedPath(), 60)
	}
	if r.sources.Recording != nil {
		r.recorded, r.NotRecorded = r.sources.Recording()
	}
	if r.sources.Now != nil {
		r.tickState()
	}
	if r.sources.Looking != nil {
		r.looking = r.sources.Looking()
	}
	if r.sources.Team != nil {
		r.team = r.sources.Team()
	}
	if r.sources.PublicURL == nil {
		return false
	}
	now := r.sources.PublicURL()
	changed = now != r.public
	r.public = now
	return changed
}

// tickState asks how the receiver is.
func (r *Receiver) tickState() {
	s, storing := r.sources.Now()
	r.Stopped, r.StoreError = s.Err, storing
	if s.Address != "" {
		r.Address = s.Address
	}
}

// PublicURL returns how the internet reaches the receiver, or "".
func (r *Receiver) PublicURL() string { return r.public.URL }

// TunnelError says that the tunnel fails or has a problem, or returns "". That is no
// alarm, as deliveries that come another way are accepted.
func (r *Receiver) TunnelError() string {
	switch {
	case r.public.Err == "":
		return ""
	case r.public.URL != "":
		return "the tunnel has a problem: " + r.public.Err
	default:
		return "UP42 can't reach this receiver, the tunnel is tried again: " + r.public.Err
	}
}

// state says in the header whether this program receives, and where.
func (r *Receiver) state(th *theme.Theme) Piece {
	g, address := &th.Glyphs, text.Clean(r.Address, 40)
	switch {
	case r.Stopped != nil:
		return Piece{Text: g.Failed + " stopped", Style: th.Error}
	case r.StoreError != nil:
		return Piece{Text: g.Failed + " " + address + " can't store", Style: th.Error}
	case r.Viewer:
		return Piece{Text: g.Quiet + " viewer of " + address, Style: th.Mark}
	default:
		return Piece{Text: g.Live + " " + address, Style: th.Success}
	}
}

// reached says in the header how the internet reaches the receiver.
func (r *Receiver) reached(th *theme.Theme) Piece {
	switch {
	case r.public.URL != "":
		return Piece{Text: text.Clean(r.public.URL, 60), Style: th.Dim, Drop: 4}
	case r.sources.PublicURL == nil:
		return Piece{}
	case r.public.Err != "":
		return Piece{Text: th.Glyphs.Failed + " no tunnel", Style: th.Mark, Drop: 3}
	default:
		return Piece{Text: "tunnel: starting" + th.Glyphs.Ellipsis, Style: th.Dim, Drop: 4}
	}
}

// lookers says in the header how many look over SSH.
func (r *Receiver) lookers(th *theme.Theme) Piece {
	if r.sources.Looking == nil {
		return Piece{}
	}
	return Piece{Text: "ssh: " + number.Format(int64(r.looking)) + " looking", Style: th.Mark, Drop: 4}
}

// recording says in the header whether what comes in is recorded.
func (r *Receiver) recording(th *theme.Theme) Piece {
	switch {
	case r.sources.Recording == nil:
		return Piece{}
	case r.NotRecorded != nil:
		return Piece{Text: th.Glyphs.Failed + " not recorded", Style: th.Error, Drop: 1}
	default:
		return Piece{Text: "recorded " + number.Format(int64(r.recorded)), Style: th.Mark, Drop: 1}
	}
}
