package client_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
)

// A secret that an answer does not have is not known, and is not an empty one.
func TestAMissingSecretIsNotAnEmptyOne(t *testing.T) {
	for name, tc := range map[string]struct {
		field   string
		secret  client.Secret
		unknown bool
	}{
		"given":  {`,"secret":"hush"`, "hush", false},
		"empty":  {`,"secret":""`, "", false},
		"absent": {``, "", true},
		"null":   {`,"secret":null`, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			one := `{"id":"a","name":"n","url":"https://example.com","events":["order.status"],"active":true` + tc.field + `}`
			u := newUP42(t, map[string][]answer{
				"GET " + hooks: {ok(`[` + one + `]`)}, "GET " + hooks + "/a": {ok(one)}, "PUT " + hooks + "/a": {ok(one)}, "POST " + hooks: {ok(one)},
			})
			c := u.client(inWorkspace)
			all, err := c.Webhooks(t.Context())
			require.NoError(t, err)
			w, err := c.Webhook(t.Context(), "a")
			require.NoError(t, err)
			assert.Equal(t, all[0], w)
			assert.Equal(t, tc.secret, w.Secret)
			assert.Equal(t, tc.unknown, w.SecretUnknown)

			_, err = c.UpdateWebhook(t.Context(), w)
			_, createErr := c.CreateWebhook(t.Context(), w)
			if !tc.unknown {
				require.NoError(t, err)
				require.NoError(t, createErr)
				assert.Contains(t, u.of("PUT", hooks+"/a")[0].body, `"secret":"`+string(tc.secret)+`"`)
				return
			}
			for _, err := range []error{err, createErr} {
				require.ErrorIs(t, err, client.ErrSecretUnknown)
				assert.False(t, client.MayBeDone(err))
				assert.False(t, client.Unsure(err))
				assert.Equal(t, "give the secret, or choose a new one", client.Advice(err))
			}
			assert.Empty(t, u.of("PUT", hooks+"/a"), "nothing was sent")
			assert.Empty(t, u.of("POST", hooks))
			w.Secret, w.SecretUnknown = "mine", false
			w, err = c.UpdateWebhook(t.Context(), w)
			require.NoError(t, err)
			assert.True(t, w.SecretUnknown, "the answer does not show it either")
			assert.Contains(t, u.of("PUT", hooks+"/a")[0].body, `"secret":"mine"`)
		})
	}
}
