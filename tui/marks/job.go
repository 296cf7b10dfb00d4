package marks

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/number"
)

// workers is how many tasks are done at the same time.
const workers = 4

// Task is what is to be done with one row.
type Task struct {
	// Row is the id of the row, and Name what a report calls it. Name is clean.
	Row, Name string
	// Do does it. It is called from a command. take, which may be nil, is called within Update
	// even if there is an error. The error is in words for the user, and clean.
	Do func(context.Context) (take func() tea.Cmd, err error)
}

// Words say what is done, as in "forwarding 3 events" and "forwarded 1 event".
type Words struct{ Does, Did, One, Many string }

func (w Words) of(n int) string { return number.Of(int64(n), w.One, w.Many) }

// Jobs does tasks, a few at a time, and reports what came of them. Its methods are for Update.
type Jobs struct {
	Run command.Runner
	Say note.Say

	does string // of the job that is under way, or ""
	all  int
	done *atomic.Int64
}

// result is what came of a task.
type result struct {
	take func() tea.Cmd
	err  error
}

// UnderWay says what is being done, or returns "".
func (j *Jobs) UnderWay() string {
	if j.does == "" {
		return ""
	}
	return fmt.Sprintf("%s %d/%d", j.does, j.done.Load(), j.all)
}

// Start does all tasks. The marks of rows with which it worked are removed from m.
func (j *Jobs) Start(m *Marks, w Words, tasks []Task) tea.Cmd {
	if j.does != "" {
		j.Say.Hint("still " + j.UnderWay() + ": wait until that is done")
		return nil
	}
	j.does, j.all, j.done = w.Does, len(tasks), new(atomic.Int64)
	j.Say.Info(w.Does + " " + w.of(j.all))
	done := j.done
	work := func(ctx context.Context) []result { return doAll(ctx, tasks, done) }
	return command.Ask(j.Run, work, func(results []result) tea.Cmd {
		j.does = ""
		return j.report(m, w, tasks, results)
	})
}

// doAll does tasks in a bounded number of goroutines, for which it waits.
func doAll(ctx context.Context, tasks []Task, done *atomic.Int64) []result {
	results := make([]result, len(tasks))
	next := make(chan int)
	var all sync.WaitGroup
	for range min(workers, len(tasks)) {
		all.Go(func() {
			for i := range next {
				results[i].take, results[i].err = tasks[i].Do(ctx)
				done.Add(1)
			}
		})
	}
	for i := range tasks {
		next <- i
	}
	close(next)
	all.Wait()
	return results
}

func (j *Jobs) report(m *Marks, w Words, tasks []Task, results []result) tea.Cmd {
	var cmds []tea.Cmd
	failed := ""
	failures := 0
	for i, r := range results {
		if r.take != nil {
			cmds = append(cmds, r.take())
		}
		if r.err == nil {
			m.Drop(tasks[i].Row)
			continue
		}
		if failures++; failures == 1 {
			failed = tasks[i].Name + ": " + r.err.Error()
		}
	}
	good := len(tasks) - failures
	switch {
	case failures == 0:
		j.Say.Info(w.Did + " " + w.of(good))
	case failures == 1:
		j.Say.Failure(fmt.Sprintf("%s %d of %s; still marked: %s", w.Did, good, w.of(len(tasks)), failed))
	default:
		j.Say.Failure(fmt.Sprintf("%s %d of %s; %d failed and are still marked, the first one is %s", w.Did, good, w.of(len(tasks)), failures, failed))
	}
	return tea.Batch(cmds...)
}
