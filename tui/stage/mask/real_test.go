package mask_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/admit"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/stage/mask"
	"github.com/up42/up42-webhooks/tui/tuitest/hostile"
)

// real is what nobody is to see.
const real = "Nightfall"

// filled returns a value whose every text is real.
func filled[T any]() (v T) {
	hostile.Fill(&v, func(string) string { return real })
	return v
}

// account, store, targets and offers answer with nothing but what is real.
type (
	account struct{ tui.API }
	store   struct{ receiver.Reader }
	targets struct{ forwarding.Forwarder }
	offers  struct{ admit.Admissions }
)

var errReal = errors.New(real)

func (account) Webhooks(context.Context) ([]client.Webhook, error) {
	return filled[[]client.Webhook](), errReal
}

func (account) Webhook(context.Context, string) (client.Webhook, error) {
	return filled[client.Webhook](), errReal
}

func (account) CreateWebhook(context.Context, client.Webhook) (client.Webhook, error) {
	return filled[client.Webhook](), errReal
}

func (account) UpdateWebhook(context.Context, client.Webhook) (client.Webhook, error) {
	return filled[client.Webhook](), errReal
}

func (account) DeleteWebhook(context.Context, string) error { return errReal }

func (account) TestWebhook(context.Context, string) (client.TestReport, error) {
	return filled[client.TestReport](), errReal
}
func (account) EventTypes(context.Context) ([]client.EventType, error) { return nil, errReal }
func (account) Workspace(context.Context) (string, error)              { return real, errReal }

func (account) Orders(context.Context, int) ([]client.Order, error) {
	return filled[[]client.Order](), errReal
}

func (account) Order(context.Context, string) (client.Order, error) {
	return filled[client.Order](), errReal
}

func (account) Jobs(context.Context, int) ([]client.Job, error) {
	return filled[[]client.Job](), errReal
}

func (account) Job(context.Context, string) (client.Job, error) { return filled[client.Job](), errReal }

func (store) Next(context.Context, int64, int) ([]*receiver.Event, error) {
	return filled[[]*receiver.Event](), errReal
}

func (store) Events(context.Context, receiver.EventQuery) ([]*receiver.Event, error) {
	return filled[[]*receiver.Event](), errReal
}

func (store) Rows(context.Context, receiver.RowQuery) ([]receiver.Row, error) {
	return filled[[]receiver.Row](), errReal
}

func (store) Row(context.Context, receiver.Key) (receiver.Row, bool, error) {
	return filled[receiver.Row](), true, errReal
}

func (store) Wait(context.Context, receiver.Version) (receiver.Version, error) { return 0, errReal }
func (store) Counts(context.Context) (receiver.Counts, error) {
	return receiver.Counts{}, errReal
}

func (targets) Targets() []forwarding.Target { return filled[[]forwarding.Target]() }

func (targets) Failures(context.Context) ([]receiver.Failure, error) {
	return filled[[]receiver.Failure](), errReal
}
func (targets) Resend(context.Context, int64, string) error { return errReal }
func (targets) SendTo(context.Context, int64, string) error { return errReal }

func (offers) Good() []int64 { return nil }
func (offers) Err() error    { return errReal }
func (offers) Do(context.Context, admission.Request) ([]admission.Result, error) {
	return nil, errReal
}

// open are the fields that the dashboard gets as they are: UP42's own words, those of the program, and what
// the user sets up for the screen.
var open = map[string]string{
	"receiver.Event":        "Verdict Reason",
	"receiver.Message":      "Name Kind Status SubStatus Type Host",
	"receiver.Key":          "Kind",
	"receiver.Row":          "Type Host Status SubStatus Trust ShortJourney",
	"receiver.Task":         "Status",
	"receiver.StatusUpdate": "Status SubStatus",
	"receiver.Header":       "Name",
	"receiver.Proof":        "Label Components Digest Age Method",
	"client.Webhook":        "Events",
	"client.Order":          "Status SubStatus Type",
	"client.Job":            "Status Process",
	"client.Test":           "EventName",
	"frame.Member":          "Role",
	"tui.Receiver":          "BeforeEnd",
	"program.Command":       "Run",
	"tui.Options":           "Pinned Getenv Copy Browse Home Version CrashDir Limits MoreKeys Session Remembered Lend Columns Keys Theme",
}

// seen finds out what of a value is real: in its fields, and in what its functions and methods return.
type seen struct{ places []string }

func (s *seen) look(path string, v reflect.Value) {
	switch {
	case !v.IsValid(), v.Kind() == reflect.Func && v.IsNil(), v.Kind() == reflect.Interface && v.IsNil():
	case v.Type().Implements(reflect.TypeFor[error]()):
		s.text(path, v.Interface().(error).Error())
	case v.Kind() == reflect.String:
		s.text(path, v.String())
	case v.Kind() == reflect.Pointer:
		s.look(path, v.Elem())
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !slices.Contains(strings.Fields(open[v.Type().String()]), f.Name) {
				s.look(path+"."+f.Name, v.Field(i))
			}
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		s.text(path, string(v.Bytes()))
	case v.Kind() == reflect.Slice, v.Kind() == reflect.Array:
		for i := range v.Len() {
			s.look(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		}
	case v.Kind() == reflect.Map:
		for _, k := range v.MapKeys() {
			s.look(path+"[]", k)
			s.look(path+"[]", v.MapIndex(k))
		}
	case v.Kind() == reflect.Func:
		s.call(path, v)
	case v.Kind() == reflect.Interface:
		for i := range v.NumMethod() {
			s.call(path+"."+v.Type().Method(i).Name, v.Method(i))
		}
	}
}

// call calls a function without anything.
func (s *seen) call(path string, f reflect.Value) {
	var in []reflect.Value
	for i := range f.Type().NumIn() {
		v := reflect.New(f.Type().In(i)).Elem()
		if v.Type() == reflect.TypeFor[context.Context]() {
			v.Set(reflect.ValueOf(context.Background()))
		}
		in = append(in, v)
	}
	for i, out := range f.Call(in) {
		s.look(fmt.Sprintf("%s()%d", path, i), out)
	}
}

func (s *seen) text(path, text string) {
	if strings.Contains(text, real) {
		s.places = append(s.places, path)
	}
}

// Whatever text the dashboard gets, it gets a stand-in for it, or nothing.
func TestNothingRealIsLeft(t *testing.T) {
	t.Parallel()
	o := tui.Options{Log: store{}, API: account{}, Forwarder: targets{}, Admissions: offers{}}
	hostile.Fill(&o, func(string) string { return real }, ".Theme", ".Lend", ".Keys")
	o.Commands[0].Key = "J"
	var before, after seen
	before.look("", reflect.ValueOf(o))
	assert.Greater(t, len(before.places), 100, "the test sees what is real")
	after.look("", reflect.ValueOf(mask.New([]byte("a")).Options(o)))
	assert.Empty(t, after.places)
}
