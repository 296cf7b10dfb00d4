package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
)

// keys are what a terminal sends for keys that have a name.
var keys = map[string]string{
	"enter": "\r", "esc": "\x1b", "tab": "\t", "space": " ", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "pgdown": "\x1b[6~",
}

// interrupt is ctrl+c.
const interrupt = "\x03"

// director does the steps of a scene.
type director struct {
	camera   *camera
	keyboard io.Writer
	target   *target
}

func (d *director) play(ctx context.Context, s scene) error {
	for _, st := range s.steps {
		if err := d.step(ctx, st); err != nil {
			return err
		}
	}
	return nil
}

func (d *director) step(ctx context.Context, st step) error {
	if st.key != "" {
		d.camera.press(st.key)
		sent, named := keys[st.key]
		if !named {
			sent = st.key
		}
		if _, err := io.WriteString(d.keyboard, sent); err != nil {
			return fmt.Errorf("press %s: %w", st.key, err)
		}
	}
	if st.mends {
		d.target.mend()
	}
	if st.sees != "" {
		if err := d.await(ctx, st.sees, func() bool { return strings.Contains(d.camera.text(), st.sees) }); err != nil {
			return err
		}
	}
	for end := time.Now().Add(st.rest); time.Now().Before(end); {
		if err := d.tick(ctx); err != nil {
			return err
		}
	}
	if st.cut {
		d.camera.cut()
	}
	if st.still != "" {
		d.camera.keep(st.still)
	}
	return nil
}

// await films until something is so.
func (d *director) await(ctx context.Context, what string, so func() bool) error {
	for end := time.Now().Add(patience); !so(); {
		if time.Now().After(end) {
			return fmt.Errorf("%q was not seen on:\n%s", what, d.camera.text())
		}
		if err := d.tick(ctx); err != nil {
			return err
		}
	}
	return nil
}

// tick lets the time to the next frame go by.
func (d *director) tick(ctx context.Context) error {
	if !retry.Sleep(ctx, every) {
		return context.Cause(ctx)
	}
	d.camera.look(time.Now())
	return nil
}
