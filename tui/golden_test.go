package tui_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/prompt"
)

func TestScreens(t *testing.T) {
	viewer := func(o *tui.Options) { o.Receiver.Viewer = true }
	public := func(o *tui.Options) { o.Receiver.PublicURL = "https://hooks.example.com" }
	saved := func(o *tui.Options) { o.Filters[0] = prompt.SavedFilter{Name: "failed", Expr: "is:failed -is:test"} }
	more := func(s *screen) {
		for i := range 37 {
			s.log.Add(order(100+i, "CREATED", 0))
		}
		s.advance(time.Second)
	}
	fails := func(s *screen) {
		s.log.Fail(errors.New("read events: disk I/O error"))
		s.advance(time.Second)
	}
	rejectedFirst := []string{"3", "down", "down", "down", "down", "enter"}
	for _, tc := range []struct {
		name   string
		log    func() *memory
		keys   []string
		change func(*tui.Options)
		then   func(s *screen)
	}{
		{name: "empty", log: newMemory},
		{name: "empty-events", log: newMemory, keys: []string{"3"}, change: viewer},
		{name: "empty-unmatched", log: func() *memory {
			log := newMemory()
			for range 3 {
				log.CountUnmatched()
			}
			return log
		}, change: func(o *tui.Options) {
			o.Sources.UnmatchedPath = func() string { return "/webhook\x1b[2J\u202e" }
		}, then: func(s *screen) { s.advance(time.Second) }},
		{name: "webhooks", log: aDay, keys: []string{"4"}},
		{name: "overview", log: aDay, keys: []string{"0"}},
		{name: "overview-trouble", log: aHardDay, keys: []string{"0"}},
		{name: "overview-empty", log: newMemory, keys: []string{"0"}},
		{name: "jobs", log: aDay, keys: []string{"1"}},
		{name: "undelivered-off", log: aDay, keys: []string{"5"}},
		{name: "jobs-empty", log: newMemory, keys: []string{"1"}},
		{name: "jobs-filter", log: aDay, keys: []string{"1", "/"}},
		{name: "jobs-no-match", log: aDay, keys: []string{"1", "/", "nothing like it", "enter"}},
		{name: "jobs-paused", log: aDay, keys: []string{"1", "p"}, then: more},
		{name: "events-filter", log: aDay, keys: []string{"3", "/"}},
		{name: "events-no-match", log: aDay, keys: []string{"3", "/", "nothing like it", "enter"}},
		{name: "events-paused", log: aDay, keys: []string{"3", "p"}, then: more},
		{name: "overview-paused", log: aDay, keys: []string{"0", "p"}, then: more},
		{name: "palette", log: aDay, keys: []string{":"}},
		{name: "palette-jobs", log: aDay, keys: []string{"1", ":", "sort"}},
		{name: "palette-no-match", log: aDay, keys: []string{"3", ":", "xyzzy"}},
		{name: "overview-help", log: aDay, keys: []string{"0", "?"}},
		{name: "jobs-help", log: aDay, keys: []string{"1", "?"}},
		{name: "events-help", log: aDay, keys: []string{"3", "?"}},
		{name: "webhooks-help", log: aDay, keys: []string{"4", "?"}},
		{name: "overview-fails", log: aDay, keys: []string{"0"}, then: fails},
		{name: "events-fails", log: aDay, keys: []string{"3"}, then: fails},
		{name: "orders", log: aDay, change: public},
		{name: "orders-by-status", log: aDay, keys: []string{"s", "s", "down"}},
		{name: "events", log: aDay, keys: []string{"3"}},
		{name: "filter-typed", log: aDay, keys: []string{"/", "tasking"}},
		{name: "filter-kept", log: aDay, keys: []string{"3", "/", "order -test", "enter", "down"}},
		{name: "filter-key-wrong", log: aDay, keys: []string{"3", "/", "stats:FAILED kiruna"}},
		{name: "filter-unfinished", log: aDay, keys: []string{"3", "/", "-test verdict:"}},
		{name: "filter-keys", log: aDay, keys: []string{"/"}},
		{name: "filter-key-begun", log: aDay, keys: []string{"/", "is:live s"}},
		{name: "filter-values", log: aDay, keys: []string{"/", "status:", "down", "down"}},
		{name: "filter-values-verdict", log: aDay, keys: []string{"3", "/", "verdict:"}},
		{name: "filter-values-is", log: aHardDay, keys: []string{"1", "/", "is:", "up"}},
		{name: "filter-values-since", log: aDay, keys: []string{"3", "/", "since:"}},
		{name: "filter-values-hard", log: aHardDay, keys: []string{"/", "name:"}},
		{name: "filter-history", log: aDay, keys: []string{"/", "is:failed", "enter", "esc", "/", "placed", "enter", "esc", "/", "up", "up"}},
		{name: "filter-refused", log: aDay, keys: []string{"/", "tasking reason:stale", "enter"}},
		{name: "filter-doubted", log: aDay, keys: []string{"/", "status:FULFILED", "enter"}},
		{name: "filter-saved", log: aDay, keys: []string{"f1"}, change: saved},
		{name: "filter-unsaved", log: aDay, keys: []string{"f2"}, change: saved},
		{name: "help-end", log: aDay, keys: []string{"?", "pgdown", "pgdown", "pgdown", "pgdown"}, change: saved},
		{name: "no-match", log: aDay, keys: []string{"/", "nothing like it", "enter"}},
		{name: "paused", log: aDay, keys: []string{"p"}, then: more},
		{name: "order", log: aDay, keys: []string{"enter"}},
		{name: "order-lower-trust", log: aDay, keys: []string{"/", "tasking", "enter", "enter"}},
		{name: "event", log: aDay, keys: []string{"3", "enter"}},
		{name: "event-end", log: aDay, keys: []string{"3", "enter", "end"}},
		{name: "rejected", log: aDay, keys: rejectedFirst},
		{name: "hard-orders", log: aHardDay},
		{name: "hard-jobs", log: aHardDay, keys: []string{"1"}},
		{name: "hard-events", log: aHardDay, keys: []string{"3"}},
		{name: "job-successful", log: aHardDay, keys: []string{"1", "/", "is:succeeded", "enter", "enter"}},
		{name: "job-tasks", log: aHardDay, keys: []string{"1", "enter"}},
		{name: "job-tasks-only", log: aHardDay, keys: []string{"1", "down", "enter"}},
		{name: "order-trouble", log: aHardDay, keys: []string{"/", "is:trouble", "enter", "enter"}},
		{name: "order-waiting", log: aHardDay, keys: []string{"/", "is:waiting", "enter", "enter"}},
		{name: "order-test", log: aHardDay, keys: []string{"/", "is:test", "enter", "enter"}},
		{name: "order-test-events", log: aHardDay, keys: []string{"/", "is:test", "enter", "e"}},
		{name: "task-event", log: aHardDay, keys: []string{"3", "/", "task:*", "enter", "enter"}},
		{name: "timestamp-bad", log: aHardDay, keys: []string{"3", "down", "enter"}},
		{name: "timestamp-ahead", log: aHardDay, keys: []string{"3", "enter"}},
		{name: "help", log: aDay, keys: []string{"?"}},
		{name: "note", log: newMemory, keys: []string{"y"}},
		{name: "note-long", log: aDay, change: func(o *tui.Options) {
			o.Home = "/home/somebody"
			o.Receiver.Notice = "another up42hooks (process 123456 on 127.0.0.1:9888) receives into this store already: /home/somebody/.local/state/up42hooks/events.db"
		}},
		{name: "store-fails-long", log: aDay, then: func(s *screen) {
			s.log.Fail(errors.New("/var/lib/up42hooks/events.db can't be read or written, its disk fails: check the disk: read events: disk I/O error"))
			s.advance(time.Second)
		}},
		{name: "store-fails", log: aDay, then: fails},
	} {
		for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 60}} {
			name := fmt.Sprintf("%s-%dx%d", tc.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				var change []func(*tui.Options)
				if tc.change != nil {
					change = append(change, tc.change)
				}
				within(t, size[0], size[1], tc.log, func(s *screen) {
					s.Press(tc.keys...)
					if tc.then != nil {
						tc.then(s)
					}
					s.Golden(name)
				}, change...)
			})
		}
	}
}

func TestTooSmallAndBack(t *testing.T) {
	within(t, 59, 20, aDay, func(s *screen) {
		s.Golden("too-small")
		s.resize(60, 15)
		s.Golden("smallest")
		s.resize(200, 60)
		s.Golden("large")
		for w := range 70 {
			for _, h := range []int{0, 1, 2, 14, 15, 16, 40} {
				s.Send(tea.WindowSizeMsg{Width: w, Height: h})
				s.m.View()
			}
		}
	})
}
