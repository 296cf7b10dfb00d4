package tui

import "github.com/up42/up42-webhooks/tui/text"

// Public is where the world reaches the receiver now.
type Public struct {
	// URL is where, without the path; "": nowhere now.
	URL string
	// Err is why that is so, "" while there is nothing to be said of it, as
	// where a tunnel has only just started.
	Err string
}

// publicURL is where the world reaches the receiver, "" where that is not known.
func (m *Model) publicURL() string {
	if m.o.Public == nil {
		return m.o.Receiver.PublicURL
	}
	return m.public.URL
}

// askPublic asks where the world reaches the receiver now.
func (m *Model) askPublic() {
	if m.o.Public == nil {
		return
	}
	if now := m.o.Public(); now != m.public {
		m.public = now
		m.invalidateEmpty() // an empty page tells the URL
	}
}

// reached says in the header where the world reaches the receiver.
func (m *Model) reached() piece {
	switch {
	case m.publicURL() != "":
		return piece{text.Clean(m.publicURL(), 60), m.th.Dim, 4}
	case m.o.Public == nil:
		return piece{}
	case m.public.Err != "":
		return piece{m.th.Glyphs.Failed + " no tunnel", m.th.Mark, 3}
	default:
		return piece{"tunnel: starting" + m.th.Glyphs.Ellipsis, m.th.Dim, 4}
	}
}

// unreached tells that the tunnel fails; "": it does not. It is no alarm: what
// comes on another way is taken.
func (m *Model) unreached() string {
	if m.o.Public == nil || m.public.URL != "" || m.public.Err == "" {
		return ""
	}
	return "UP42 can't reach this receiver, the tunnel is tried again: " + m.public.Err
}
