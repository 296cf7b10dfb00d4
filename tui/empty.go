package tui

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
)

func (m *Model) emptyJobs() []string   { return m.emptyRows(jobsPage) }
func (m *Model) emptyOrders() []string { return m.emptyRows(ordersPage) }

// emptyRows says what to do while a status page has no rows.
func (m *Model) emptyRows(p pageID) []string {
	if !m.ready {
		return []string{"reading the store" + m.th.Glyphs.Ellipsis}
	}
	lines := []string{"No event has come yet.", ""}
	if m.counts.Events() > 0 || m.counts.Rejected > 0 {
		lines = []string{"Nothing of this kind has come yet; see what has: press 3.", ""}
	}
	if s := m.emptyList(p); s != "" {
		const longest = 96 // what is read with ease
		lines = append(append(lines[:1], text.Wrap(s, min(m.w-4, longest), 4)...), "")
	}
	return append(lines, m.whereTo(p)...)
}

// emptyList says why UP42's list has not filled a page, "" where there are no
// credentials to ask for it.
func (m *Model) emptyList(p pageID) string {
	switch a := &m.account.lists[p]; {
	case m.o.API == nil:
		return ""
	case a.err != nil:
		return "UP42's " + p.things() + " could not be read: " + why(a.err)
	case a.underWay:
		return "Asking UP42 for its " + p.things() + m.th.Glyphs.Ellipsis
	default:
		return "UP42 lists no " + p.things() + " in this workspace."
	}
}

// emptyFeed says what to do while nothing has come.
func (m *Model) emptyFeed() []string {
	if !m.ready {
		return []string{"reading the store" + m.th.Glyphs.Ellipsis}
	}
	return append([]string{"No event has come yet.", ""}, m.whereTo(eventsPage)...)
}

// whereTo says how an event comes to a page.
func (m *Model) whereTo(p pageID) []string {
	r := &m.o.Receiver
	url := text.Clean("http://"+r.Address+r.Path, 120)
	lines := []string{"Deliveries are taken at  " + url}
	if r.Viewer {
		lines[0] = "Another up42hooks takes deliveries at  " + url
	}
	if m.stray != "" {
		lines = append(lines, "There only: the last request to another path was to  "+m.stray)
	}
	if u := m.publicURL(); u != "" {
		lines = append(lines, "The world reaches it at  "+text.Clean(u, 120))
	}
	lines = append(lines, "", "Send yourself a test event from another terminal:", "", "    "+m.sendCommand(p, url), "")
	if r.SecretFile != "" {
		lines = append(lines, "The secret that signs it was made for you, and is kept in", "    "+text.Clean(m.tilde(r.SecretFile), 120))
	} else {
		lines = append(lines, "It has to be signed with the secret that is configured here.")
	}
	return lines
}

// sendCommand sends something for a page to url, which it names where the
// command would not know.
func (m *Model) sendCommand(p pageID, url string) string {
	const usual = "http://127.0.0.1:9888" + receiver.DefaultPath
	command := text.Clean(m.o.Program, 80) + " send"
	if p == jobsPage {
		command += " --job-id my-job"
	}
	if url != usual {
		command += " --url " + url
	}
	return command
}
