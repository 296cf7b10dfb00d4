package receiver

import (
	"cmp"
	"slices"
	"time"
)

// MaxTasks is how many tasks a row keeps. Beyond it, the row drops the oldest final ones
// first.
const MaxTasks = 100

// Task is the current state of a task of a job.
type Task struct {
	ID, Name string
	Status   Status
	Final    bool
	// Trust is the highest trust of the task's events. Only events of this trust decide
	// on its status.
	Trust Trust
	// FirstSeen is the time of the task's earliest event, At that of the event that set
	// the status, and Seq the place of that one in the log.
	FirstSeen, At time.Time
	Seq           int64
}

// Class returns the class of the task's status, if it is a task of a thing of kind k.
func (t *Task) Class(k Kind) Class { return k.Class(t.Status, "", t.Final) }

// taskOf returns the task of an event as the event alone makes it.
func taskOf(e *Event) Task {
	at := e.At()
	return Task{
		ID: e.TaskID, Name: clip(e.TaskName), Status: Status(clip(string(e.Status))), Final: e.TaskFinal,
		Trust: e.Verdict.Trust(), FirstSeen: at, At: at, Seq: e.Seq,
	}
}

// update returns the update of status that the task's last event is.
func (t *Task) update() StatusUpdate {
	return StatusUpdate{Status: t.Status, Final: t.Final, Trust: t.Trust, At: t.At, Seq: t.Seq}
}

// merge makes t the task that the events of t and u make.
func (t *Task) merge(u Task) {
	first := t.FirstSeen
	if u.FirstSeen.Before(first) {
		first = u.FirstSeen
	}
	older := u
	if t.Trust < u.Trust || t.Trust == u.Trust && t.update().before(u.update()) {
		older, *t = *t, u
	}
	if t.Name == "" && older.Trust == t.Trust {
		t.Name = older.Name
	}
	t.FirstSeen = first
}

// addTask merges a task into a list that is in the order of FirstSeen.
func addTask(tasks []Task, u Task) []Task {
	if i := slices.IndexFunc(tasks, func(t Task) bool { return t.ID == u.ID }); i >= 0 {
		tasks[i].merge(u)
	} else {
		tasks = append(tasks, u)
	}
	slices.SortStableFunc(tasks, func(a, b Task) int {
		return cmp.Or(a.FirstSeen.Compare(b.FirstSeen), cmp.Compare(a.ID, b.ID))
	})
	if len(tasks) > MaxTasks {
		i := dispensable(tasks)
		tasks = slices.Delete(tasks, i, i+1)
	}
	return tasks
}

// dispensable returns the index of the task to drop: the final one that changed longest
// ago, or the one that changed longest ago if none is final.
func dispensable(tasks []Task) (drop int) {
	for i := range tasks {
		t, d := &tasks[i], &tasks[drop]
		if t.Final && !d.Final || t.Final == d.Final && t.At.Before(d.At) {
			drop = i
		}
	}
	return drop
}
