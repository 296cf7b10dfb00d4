package recording

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/dashboard"
	"github.com/up42/up42-webhooks/cmd/up42hooks/recording/recorded"
	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/number"
)

// playOptions are the flags of `play`.
type playOptions struct {
	cli.Lines
	speed string
	loop  bool
}

// NewPlayCommand makes the command `play`.
func NewPlayCommand(env cli.Env) *cobra.Command {
	var o playOptions
	cmd := &cobra.Command{
		Use:   "play FILE",
		Short: "Play recorded deliveries into a receiver of their own, and show it",
		Long: `Send the deliveries of a recording (see "record") to a receiver, and show its dashboard. The
receiver is a real one on this machine, with a store of its own that is deleted afterwards;
each delivery is signed with the key of the recording when it is sent. Of a recording that was
cut off, it plays what is whole, and says so. The screen has the keys, commands, columns, themes
and filters of your configuration.

If its output is not a terminal, it prints the events as "listen" does.`,
		Example: `  up42hooks play talk.rec
  up42hooks play --speed 4x --loop talk.rec`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), env, cmd.Flags(), args[0]) },
	}
	config.AddFlags(cmd.Flags(), "theme", "high-contrast", "color", "no-motion", "no-mouse")
	o.AddFlags(cmd.Flags(), "show no screen: print events as JSON lines")
	cmd.Flags().StringVar(&o.speed, "speed", "1x", "how fast: 4x is four times as `FAST`, 0.5x half as fast")
	cmd.Flags().BoolVar(&o.loop, "loop", false, "begin again at the end")
	return cmd
}

func (o *playOptions) run(ctx context.Context, env cli.Env, flags *pflag.FlagSet, file string) (err error) {
	speed, err := strconv.ParseFloat(strings.TrimSuffix(o.speed, "x"), 64)
	const slowest, fastest = 0.01, 10_000
	if err != nil || !(speed >= slowest && speed <= fastest) {
		return cli.UsageError(fmt.Errorf("--speed %s: want a number from %g to %dx, like 4x", o.speed, slowest, fastest))
	}
	r, err := readFile(file)
	if err != nil {
		return cli.UsageError(err)
	}
	ctx, stop := dashboard.UntilSignal(ctx, env)
	defer stop()
	folder, err := os.MkdirTemp("", "up42hooks-play-")
	if err != nil {
		return fmt.Errorf("make a folder for the receiver: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	var shown *config.Config
	if env.HasScreen() && !o.JSON() {
		if shown, err = config.ReadScreen(flags, env); err != nil {
			return cli.UsageError(err)
		}
	}
	env.Getenv, env.Environ = environment(env.Getenv, folder, r.Key.Reveal()), nil
	c, _, err := config.Load(pflag.NewFlagSet("play", pflag.ContinueOnError), env)
	if err != nil {
		return cli.UsageError(err)
	}
	if shown != nil {
		c.TakeScreen(shown)
	}
	p := &player{Recording: r, file: file, speed: speed, loop: o.loop, client: http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
	return cli.IgnoreCancel(ctx, p.show(ctx, env, c, shown != nil))
}

func readFile(file string) (_ *recorded.Recording, err error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("open the recording: %w", outfile.Explain(file, err))
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	r, err := recorded.Read(in)
	if known := (*outfile.Error)(nil); errors.As(outfile.Explain(file, err), &known) {
		return nil, fmt.Errorf("read the recording: %w", known)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(r.Deliveries) == 0 {
		return nil, fmt.Errorf("%s: the recording has no whole delivery", file)
	}
	return r, nil
}

// environment hides the user's own settings. The receiver knows the key of the recording only.
func environment(getenv func(string) string, folder, key string) func(string) string {
	own := map[string]string{
		"XDG_CONFIG_HOME": filepath.Join(folder, "config"), "XDG_STATE_HOME": folder, "UP42_LISTEN": "127.0.0.1:0", "UP42_WEBHOOK_SECRET": key,
	}
	return func(name string) string {
		v, ok := own[name]
		if !ok && !strings.HasPrefix(name, "UP42_") {
			v = getenv(name)
		}
		return v
	}
}

// player sends the deliveries of a recording.
type player struct {
	*recorded.Recording
	file  string
	speed float64
	loop  bool
	// client keeps no connections: none is left at the end.
	client http.Client
}

// notice says what is played.
func (p *player) notice() string {
	what := fmt.Sprintf("%s: %s at %gx; nothing is kept", filepath.Base(p.file), number.Of(int64(len(p.Deliveries)), "recorded delivery", "recorded deliveries"), p.speed)
	if p.Cut {
		what = "the recording was cut off, what is whole is played: " + what
	}
	return what
}

func (p *player) show(ctx context.Context, env cli.Env, c *config.Config, screen bool) (err error) {
	logger := slog.New(slog.DiscardHandler)
	if !screen {
		logger = slog.New(slog.NewTextHandler(env.Stderr, nil))
	}
	d, err := daemon.Open(ctx, env, c, logger, daemon.Little)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	url := d.URL()
	d.Add(func(ctx context.Context) error { return p.play(ctx, url) })
	if screen {
		return dashboard.Watch(ctx, d, dashboard.Manner{Notice: p.notice(), Temporary: true})
	}
	env.Say("%s", p.notice())
	return daemon.Print(ctx, d, 0)
}

// play sends all deliveries, each in its time, until ctx ends or, without loop, all are sent.
func (p *player) play(ctx context.Context, url string) error {
	for round := 0; round == 0 || p.loop; round++ {
		began := time.Now()
		for _, d := range p.Deliveries {
			due := time.Duration(float64(d.After()) / p.speed)
			if !retry.Sleep(ctx, due-time.Since(began)) {
				return nil
			}
			if err := p.send(ctx, url, d, round); err != nil {
				if ctx.Err() != nil {
					return nil
				}
				return err
			}
		}
		const pause = time.Second
		if !retry.Sleep(ctx, pause) {
			return nil
		}
	}
	return nil
}

// send sends a delivery as of now. In each round it has another message id.
func (p *player) send(ctx context.Context, url string, d recorded.Delivery, round int) error {
	now := time.Now()
	body, err := renewed(d.Body, now, round)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("play a delivery: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	if err := signature.Sign(signature.Request{Header: req.Header, Host: req.Host, Body: body}, p.Key.Reveal(), nil, now); err != nil {
		return fmt.Errorf("sign a delivery: %w", err)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return fmt.Errorf("play a delivery: %w", err)
	}
	_, _ = io.Copy(io.Discard, resp.Body) // only the receiver's store matters
	return resp.Body.Close()
}

// renewed returns a body with the time of now and, after the first round, another message id.
func renewed(body json.RawMessage, now time.Time, round int) ([]byte, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, fmt.Errorf("play a delivery: its body is no object: %w", err)
	}
	if _, ok := fields["timestamp"]; ok {
		fields["timestamp"] = json.RawMessage(strconv.Quote(now.UTC().Format(time.RFC3339Nano)))
	}
	var id string
	if round > 0 && json.Unmarshal(fields["messageId"], &id) == nil {
		fields["messageId"] = json.RawMessage(strconv.Quote(fmt.Sprintf("%s-%d", id, round)))
	}
	return json.Marshal(fields)
}
