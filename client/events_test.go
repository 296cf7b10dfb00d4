package client_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
)

func TestEventTypes(t *testing.T) {
	u := newUP42(t, map[string][]answer{"GET /webhooks/events": {ok(`[{"name":"order.status","title":"Order status","category":"c","description":"d","documentation":"https://x"}]`)}})
	list, err := u.client().EventTypes(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []client.EventType{{Name: "order.status", Title: "Order status", Category: "c", Description: "d", Documentation: "https://x"}}, list)
	assert.Empty(t, u.of("GET", "/realms/public/protocol/openid-connect/userinfo"), "they are everybody's")
}

func TestEventNamesAreThoseOfUP42(t *testing.T) {
	var forty []string
	for i := range 40 {
		forty = append(forty, fmt.Sprintf("kind%d.status", i))
	}
	for name, tc := range map[string]struct {
		names []string
		want  []string
	}{
		"one":                 {[]string{"order.status"}, []string{"order.status"}},
		"forty":               {forty, forty},
		"each once":           {[]string{"a", "b", "a"}, []string{"a", "b"}},
		"names that can't be": {[]string{"", "a b", "a,b", "a\x1b[31m", "a\u202e", "a"}, []string{"a"}},
		"none":                {[]string{}, nil},
		"only bad ones":       {[]string{""}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var list []string
			for _, n := range tc.names {
				list = append(list, fmt.Sprintf(`{"name":%q,"title":"T"}`, n))
			}
			body := strings.ReplaceAll("["+strings.Join(list, ",")+"]", `\x1b`, `\u001b`)
			u := newUP42(t, map[string][]answer{"GET /webhooks/events": {ok(body)}})
			got, err := u.client().EventNames(t.Context())
			if tc.want == nil {
				require.ErrorIs(t, err, client.ErrNoEvents)
				assert.Equal(t, "list the events: UP42 names no event that a webhook can subscribe to", err.Error())
				assert.Contains(t, client.Advice(err), "whether this account may use webhooks")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
}
