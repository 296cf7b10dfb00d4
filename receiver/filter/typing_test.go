package filter_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/filter"
)

func TestTyping(t *testing.T) {
	for expr, want := range map[string]struct {
		filter     string
		unfinished bool // an error at the end
		wrong      bool // an error elsewhere
	}{
		"kind:order":          {filter: "kind:order"},
		"kind:order st":       {filter: "kind:order st"},
		"kind:order status:":  {filter: "kind:order", unfinished: true},
		"kind:order status:F": {filter: "kind:order status:F*"},
		"status:F kind:order": {filter: "status:F kind:order"},
		"status:FAILED":       {filter: "status:FAILED"},
		"status:FAILED,":      {filter: "status:FAILED", unfinished: true},
		"status:FAILED,R":     {filter: "status:FAILED,R*"},
		"event:order":         {filter: "event:order*"},
		"event:order.status":  {filter: "event:order.status"},
		"x kind:ord":          {filter: "x", unfinished: true},
		"kind:ord x":          {filter: "x", wrong: true},
		"foo:bar x":           {filter: "x", wrong: true},
		"since:1":             {unfinished: true},
		"-":                   {unfinished: true},
		"x -":                 {filter: "x", unfinished: true},
		`x "two wo`:           {filter: `x "two wo"`, unfinished: true},
		`x "`:                 {filter: "x", unfinished: true},
		`name:"two wo`:        {filter: `name:"two wo"`, unfinished: true},
		`kind:"ord`:           {unfinished: true},
	} {
		f, err := filter.ParseTyping(expr)
		require.NotNil(t, f)
		assert.Equal(t, want.filter, f.String(), "%q", expr)
		if !want.unfinished && !want.wrong {
			require.NoError(t, err, "%q", expr)
			continue
		}
		var e *filter.Error
		require.ErrorAs(t, err, &e, "%q", expr)
		assert.Equal(t, want.unfinished, e.Unfinished, "%q", expr)
	}
}
