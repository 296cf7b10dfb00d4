package list

import (
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/fault"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
)

// empty says why the list has no rows, and what to do.
func (r *reader) empty(filtered bool, width int) []string {
	g := &r.o.Theme.Glyphs
	switch {
	case r.o.API == nil:
		return withoutCredentials(r.o.Program, width)
	case r.known && filtered:
		return table.NoMatch(table.NothingMatches, r.o.ListKeys)
	case r.known:
		none := []string{"There is no webhook in this workspace yet.", ""}
		if keys.First(r.o.Keys.Create) == "" {
			return none[:1]
		}
		return append(
			none,
			textblock.Paragraph(keys.First(r.o.Keys.Create)+" creates one: UP42 then sends it an event whenever an order or a job changes.", width)...,
		)
	case r.Reading():
		return []string{"reading the webhooks" + g.Ellipsis, "", keys.First(r.o.Keys.Back) + " gives up."}
	case r.err != nil:
		return append([]string{g.Failed + " The webhooks could not be read.", ""}, textblock.Paragraph(r.failure(), width)...)
	default:
		return []string{"The webhooks have not been read.", "", keys.First(r.o.Keys.Refresh) + " reads them."}
	}
}

func withoutCredentials(program string, width int) []string {
	return append(
		textblock.Paragraph("Manage webhooks here. Sign in to UP42 with one of these:", width),
		"    "+text.Clean(program, 60)+" login    asks for the password, and keeps it",
		"    UP42_USERNAME and UP42_PASSWORD",
		"    UP42_CREDENTIALS   the SDK's JSON file that has both",
		"    UP42_TOKEN         an access token from elsewhere",
		"",
		"Without an account, this shows all of it:",
		"    "+text.Clean(program, 60)+" demo",
	)
}

// DrawAge says how old the list is, and why it could not be read. alone says that
// nothing lies over the list.
func (r *reader) DrawAge(b *textblock.Block, alone bool) {
	th, age := r.o.Theme, r.o.Now().Sub(r.at)
	switch {
	case !r.known:
	case r.Reading():
		b.Add(textblock.Span{Style: th.Progress, Text: " " + th.Glyphs.Progress + " reading the webhooks" + th.Glyphs.Ellipsis})
	case r.err != nil:
		b.Hanging(th.Error, " "+th.Glyphs.Failed+" ", "this is how it was "+elapsed.Long(age)+" ago. "+r.failure())
	case alone:
		words := "  read " + elapsed.Long(age) + " ago"
		if key := keys.First(r.o.Keys.Refresh); key != "" {
			words += "; " + key + " reads it again"
		}
		b.Add(textblock.Span{Style: th.Dim, Text: words})
	}
}

// failure says why the list could not be read, and what to do.
func (r *reader) failure() string {
	f := fault.Of(r.err)
	switch {
	case f.Hopeless:
		return f.Words + ": " + f.Do
	case f.Do == "" || !f.Answered:
		return f.Words + "; r tries again"
	default:
		return f.Words + "; " + f.Do + "; r tries again"
	}
}
