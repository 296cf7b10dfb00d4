package filter_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/filter"
)

func TestFlags(t *testing.T) {
	for _, tc := range []struct {
		f    *filter.Filter
		expr string
		want string
	}{
		{nil, "", "ojr"},
		{filter.Events(), "", "ojr"},
		{filter.Events(" "), "", "ojr"},
		{filter.Events("order.status", "x,y"), `event:order.status,"x,y"`, "o"},
		{filter.Statuses("FAILED PERMANENTLY", " RUNNING"), `status:"FAILED PERMANENTLY",RUNNING`, "oj"},
		{filter.Finals(), "final", "o"},
		{filter.TheID("044abd68"), "id:=044abd68", "j"},
		{filter.And(), "", "ojr"},
		{filter.And(filter.Events("*.status"), nil, filter.Finals()), "event:*.status final", "o"},
	} {
		assert.Equal(t, tc.expr, tc.f.String())
		assert.Equal(t, tc.want, passing(tc.f), tc.expr)
		assert.Equal(t, tc.expr == "", tc.f.Empty())
	}
}

func TestStringReadsBack(t *testing.T) {
	for expr, want := range events {
		f, err := filter.Parse(expr)
		require.NoError(t, err, "%q", expr)
		again, err := filter.Parse(f.String())
		require.NoError(t, err, "%q from %q", f, expr)
		assert.Equal(t, want, passing(again), "%q from %q", f, expr)
		assert.Equal(t, f.String(), again.String())
	}
}

func TestFiltersAreTexts(t *testing.T) {
	var f filter.Filter
	require.NoError(t, f.UnmarshalText([]byte("KIND:order final")))
	text, err := f.MarshalText()
	require.NoError(t, err)
	assert.Equal(t, "kind:order final", string(text))
	var e *filter.Error
	require.ErrorAs(t, f.UnmarshalText([]byte("kind:x")), &e)
}
