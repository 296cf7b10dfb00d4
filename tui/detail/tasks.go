package detail

import (
	"fmt"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

// maxTaskName is the largest width of a task's name.
const maxTaskName = 60

// tasks lists the tasks of a job: since when each has its status, the status, and what
// identifies the task.
func (d *description) tasks(r *receiver.Row) {
	if len(r.Tasks) == 0 {
		return
	}
	final, status, name := 0, 0, 0 // the last two are the widths of the columns
	for i := range r.Tasks {
		t := &r.Tasks[i]
		status = max(status, text.Width(text.Clean(string(t.Status), maxStatus)))
		name = max(name, text.Width(text.Clean(t.Name, maxTaskName)))
		if t.Final {
			final++
		}
	}
	d.Section(fmt.Sprintf("Tasks: %d of %d final", final, len(r.Tasks)))
	for i := range r.Tasks {
		d.task(r.Kind, &r.Tasks[i], status, name)
	}
	if len(r.Tasks) == receiver.MaxTasks {
		d.Note(d.Theme.Dim, fmt.Sprintf("No more than %d tasks are kept.", receiver.MaxTasks))
	}
}

func (d *description) task(k receiver.Kind, t *receiver.Task, statusWidth, nameWidth int) {
	class := t.Class(k)
	l := textblock.Line{
		{Style: d.Theme.Dim, Text: textblock.Indent + d.second(t.At) + "  "},
		{Style: d.Theme.Class(class), Text: d.Theme.Glyphs.Class(class) + " " + text.Fit(text.Clean(string(t.Status), maxStatus), statusWidth)},
	}
	if t.Trust < receiver.FullTrust {
		l = append(l, textblock.Span{Style: d.Theme.Mark, Text: "  " + d.Theme.Glyphs.Verdict(receiver.Verdict(t.Trust.String())) + " " + t.Trust.String()})
	}
	id := text.Clean(t.ID, 0)
	if nameWidth > 0 {
		l = append(l, textblock.Span{Style: d.Theme.Bold, Text: "  " + text.Fit(text.Clean(t.Name, maxTaskName), nameWidth)})
	}
	const hang = len(textblock.Indent) + 4
	if l.Width()+2+text.Width(id) < d.Width {
		d.Wrapped(append(l, textblock.Span{Style: theme.Style{}, Text: "  " + id}), hang)
		return
	}
	d.Wrapped(l, hang)
	d.Wrapped(textblock.Line{{Style: theme.Style{}, Text: text.Spaces(len(textblock.Indent)+21) + id}}, hang)
}
