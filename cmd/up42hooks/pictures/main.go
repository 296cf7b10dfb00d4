// Pictures runs the program on a terminal, and draws what it shows as animated pictures (SVG), one
// a page, for a dark and a light ground.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"

	"golang.org/x/sync/errgroup"
)

func main() {
	var o options
	flag.StringVar(&o.folder, "o", ".", "the `FOLDER` for the pictures")
	flag.StringVar(&o.frames, "frames", "", "a `FOLDER` for each frame as a picture of its own, to look at")
	flag.StringVar(&o.only, "only", "", "draw only the picture with this `NAME`")
	flag.StringVar(&o.still, "stills", "", "a `FOLDER` for each page as a still picture, in three sizes, to look at; draw nothing else")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := o.draw(ctx, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

type options struct{ folder, frames, only, still string }

// draw films each scene in each theme. program is the program, and arguments before those of a
// scene.
func (o options) draw(ctx context.Context, program []string) error {
	if len(program) == 0 {
		return errors.New("name the program to run")
	}
	if o.still != "" {
		if err := os.MkdirAll(o.still, 0o755); err != nil {
			return err
		}
		return o.drawStills(ctx, program)
	}
	all, err := o.chosen(scenes())
	if err != nil {
		return err
	}
	for _, s := range all {
		both, ctx := errgroup.WithContext(ctx)
		for _, p := range paints {
			both.Go(func() error {
				if err := o.one(ctx, program, s, p); err != nil {
					return fmt.Errorf("%s-%s: %w", s.name, p.theme, err)
				}
				return nil
			})
		}
		if err := both.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// chosen are those of some scenes that are to be drawn.
func (o options) chosen(all []scene) ([]scene, error) {
	if o.only == "" {
		return all, nil
	}
	i := slices.IndexFunc(all, func(s scene) bool { return s.name == o.only })
	if i < 0 {
		return nil, fmt.Errorf("there is no picture %q", o.only)
	}
	return all[i : i+1], nil
}

func (o options) one(ctx context.Context, program []string, s scene, p paint) error {
	done, err := s.film(ctx, p.args(program, s))
	if err != nil {
		return err
	}
	film := done.film
	name := s.name + "-" + p.theme
	size, err := write(filepath.Join(o.folder, name+".svg"), func(w io.Writer) error { return p.draw(w, s.title, film) })
	if err != nil {
		return err
	}
	fmt.Printf("%s.svg: %d frames, %d KB\n", name, len(film), size>>10)
	for i, f := range film {
		if o.frames == "" {
			break
		}
		file := filepath.Join(o.frames, fmt.Sprintf("%s-%03d.svg", name, i))
		if _, err := write(file, func(w io.Writer) error { return p.draw(w, s.title, []frame{f}) }); err != nil {
			return err
		}
	}
	return nil
}

// args run the program for a scene in the theme.
func (p paint) args(program []string, s scene) []string {
	return slices.Concat(program, s.args, []string{"--theme", p.theme})
}

// write writes a file, and returns its size.
func write(name string, draw func(io.Writer) error) (size int64, err error) {
	out, err := os.Create(name)
	if err != nil {
		return 0, fmt.Errorf("make the picture: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if err := draw(out); err != nil {
		return 0, fmt.Errorf("write the picture: %w", err)
	}
	info, err := out.Stat()
	if err != nil {
		return 0, fmt.Errorf("write the picture: %w", err)
	}
	return info.Size(), nil
}
