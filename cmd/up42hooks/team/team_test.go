package team_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

func TestMain(m *testing.M) { testmain.Run(m) }

func TestSettingsThatDoNotFit(t *testing.T) {
	for want, s := range map[string]config.Stream{
		"--stream-ack team needs --stream":                       {Ack: config.AckTeam},
		"--stream-creds needs --stream":                          {Creds: "/c"},
		"--stream-cert and --stream-key need each other":         {Servers: []string{"nats://a"}, Cert: "/c"},
		"give one of --stream-creds, --stream-nkey, --stream-lo": {Servers: []string{"nats://a"}, Creds: "/c", NKey: "/n"},
	} {
		_, err := team.New(&config.Config{Stream: s}, nil, nil, nil, nil)
		assert.ErrorContains(t, err, want)
	}
	alone, err := team.New(&config.Config{}, nil, nil, nil, nil)
	require.NoError(t, err)
	assert.Nil(t, alone)
}

func TestMetrics(t *testing.T) {
	log := receivertest.NewLog(receivertest.Order("a", "PLACED"), receivertest.Order("b", "PLACED"))
	var out bytes.Buffer
	team.WriteMetrics(&out, log, jetstream.Status{Cursor: 1, Published: 5, Known: 2, Applied: 3, Behind: 4})
	for _, want := range []string{"up42hooks_stream_published_total 5\n", "up42hooks_stream_known_total 2\n", "up42hooks_stream_failing 0\n", "up42hooks_stream_behind_events 1\n", "up42hooks_stream_applied_total 3\n", "up42hooks_stream_unread_messages 4\n"} {
		assert.Contains(t, out.String(), want)
	}
}
