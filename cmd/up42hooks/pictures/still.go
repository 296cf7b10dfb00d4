package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"golang.org/x/sync/errgroup"
)

// sizes are those of terminals: the usual one, and two larger ones.
var sizes = []struct{ columns, rows int }{{80, 24}, {120, 36}, {200, 60}}

// keep keeps a picture of what is shown now, for those who look at each page.
func keep(name string) step { return step{still: name} }

// opens presses keys, and keeps a picture of what that leads to.
func opens(still string, keys ...string) (steps []step) {
	for _, k := range keys {
		steps = append(steps, presses(k, glance))
	}
	return append(steps, rests(glance), keep(still))
}

// pressesAll presses keys.
func pressesAll(keys ...string) (steps []step) {
	for _, k := range keys {
		steps = append(steps, presses(k, glance))
	}
	return steps
}

// tours show each page and what can be opened there.
func tours() []scene {
	return []scene{
		{name: "pages", title: "Each page", args: []string{"demo", "--seed", "3"}, steps: join(
			[]step{sees("Orders"), rests(5 * look)},
			opens("overview", "0"), opens("jobs", "1"), opens("orders", "2"),
			opens("order", "down", "enter"), opens("order-whole", "enter"), opens("copy-menu", "c"), pressesAll("esc", "esc", "esc"),
			opens("events", "3"), opens("event", "down", "enter"), opens("event-whole", "enter"), pressesAll("esc", "esc"),
			opens("filter-keys", "3", "/"), typed("verdict:"), []step{rests(glance), keep("filter-values")}, pressesAll("esc", "esc", "esc"),
			opens("marked", "2", "space", "down", "space"), pressesAll("esc"),
			opens("help", "?"), opens("help-end", "G"), pressesAll("esc"),
			opens("palette", ":"), typed("sort"), []step{rests(glance), keep("palette-sort")}, pressesAll("esc", "esc"),
			opens("undelivered", "5"), opens("webhooks", "4"), opens("webhook", "enter"), pressesAll("esc"),
			opens("webhook-form", "c"), pressesAll("esc", "esc"), opens("webhook-delete", "d"), pressesAll("esc"),
			opens("webhook-test", "t"), []step{rests(look), keep("webhook-tested")}, pressesAll("esc"),
			opens("forger", "2", "x"), opens("forger-sent", "1"), pressesAll("x", "esc"),
			opens("presenter-overview", "0", "P"), opens("presenter-orders", "2"), opens("presenter-events", "3"), opens("presenter-webhooks", "4"),
		)},
		{name: "undelivered", title: "Undelivered", args: []string{"watch", "--listen", "127.0.0.1:0", "--give-up", "1m"}, forwards: true, steps: join(
			[]step{sees("No event has come yet"), keep("empty")}, opens("empty-events", "3"), opens("empty-webhooks", "4"), pressesAll("2"),
			pressesAll("t", "t", "enter", "t", "enter"),
			[]step{presses("5", glance), sees("1/3"), rests(glance), keep("undelivered-some")},
			opens("undelivered-details", "enter"),
		)},
		{name: "stage", title: "On stage", args: []string{"demo", "--script", "talk"}, steps: join(
			[]step{sees("Orders"), rests(look), keep("stage-begin")},
			opens("stage-step-2", "space"), pressesAll("space", "space", "space"), opens("stage-step-6", "space"),
			pressesAll("space", "space", "space", "space"), opens("stage-step-11", "space"), opens("stage-help", "?"),
		)},
	}
}

// drawStills draws what the tours show, in each size and theme.
func (o options) drawStills(ctx context.Context, program []string) error {
	all, err := o.chosen(tours())
	if err != nil {
		return err
	}
	for _, s := range all {
		for _, size := range sizes {
			s.columns, s.rows = size.columns, size.rows
			both, ctx := errgroup.WithContext(ctx)
			for _, p := range paints {
				both.Go(func() error { return o.stills(ctx, program, s, p) })
			}
			if err := both.Wait(); err != nil {
				return err
			}
		}
	}
	return nil
}

// stills draws those of one tour. If a step fails, it draws those up to there.
func (o options) stills(ctx context.Context, program []string, s scene, p paint) error {
	shot, failed := s.film(ctx, p.args(program, s))
	for name, f := range shot.stills {
		file := fmt.Sprintf("%s-%dx%d-%s.svg", name, s.columns, s.rows, p.theme)
		if _, err := write(filepath.Join(o.still, file), func(w io.Writer) error { return p.draw(w, s.title, []frame{f}) }); err != nil {
			return err
		}
	}
	if failed != nil {
		return fmt.Errorf("%s, %d×%d, %s: %w", s.title, s.columns, s.rows, p.theme, failed)
	}
	fmt.Printf("%s, %d×%d, %s: %d pictures\n", s.title, s.columns, s.rows, p.theme, len(shot.stills))
	return nil
}
