package team_test

import (
	"bytes"
	"strings"
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
		"stream-creds (from /f:3) does nothing without a team":   {Idle: []config.Idle{{Setting: "stream-creds", Origin: "/f:3"}}},
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

func TestTheNameOfAMember(t *testing.T) {
	name, err := team.MemberName("", "receiver-1.example.com")
	require.NoError(t, err)
	assert.Equal(t, "receiver-1.example.com", name)
	for _, host := range []string{"", "büro", "my laptop", "a\x1b[2J", strings.Repeat("h", 10_000)} {
		_, err := team.MemberName("", host)
		assert.ErrorContains(t, err, "can't be that of a member: give --stream-member NAME")
		assert.Less(t, len(err.Error()), 1000)
		name, err := team.MemberName("me", host)
		require.NoError(t, err)
		assert.Equal(t, "me", name)
	}
}

func TestMetrics(t *testing.T) {
	log := receivertest.NewLog(receivertest.Order("a", "PLACED"), receivertest.Order("b", "PLACED"))
	var out bytes.Buffer
	team.WriteMetrics(&out, log, jetstream.Status{Cursor: 1, Published: 5, Known: 2, Applied: 3, Behind: 4})
	for _, want := range []string{"up42hooks_stream_published_total 5\n", "up42hooks_stream_known_total 2\n", "up42hooks_stream_failing 0\n", "up42hooks_stream_behind_events 1\n", "up42hooks_stream_applied_total 3\n", "up42hooks_stream_unread_messages 4\n"} {
		assert.Contains(t, out.String(), want)
	}
}

func TestTheTeamInALine(t *testing.T) {
	assert.Equal(t, "team UP42: no server?answers", team.Summary("UP42", jetstream.Status{Err: "no server\x1banswers"}, nil, nil))
	assert.Equal(t, "team UP42: 1 member", team.Summary("UP42", jetstream.Status{}, []jetstream.Member{{}}, nil))
	assert.Equal(t, "team UP42: 2 members, this one forwards 1 of 2", team.Summary("UP42", jetstream.Status{}, []jetstream.Member{{}, {}}, []jetstream.DutyStatus{{Here: true}, {}}))
}

func TestMetricsOfTheTeam(t *testing.T) {
	var out bytes.Buffer
	team.WriteTeam(&out, []jetstream.Member{{Name: "a", Role: jetstream.RoleReceiver, Unread: 7}, {Name: "a"}, {Name: "b", Role: jetstream.RoleMember}}, []jetstream.DutyStatus{{Name: "exec /x", Here: true, Member: "a", Behind: 3}})
	for _, want := range []string{
		"up42hooks_team_members 2\n", `up42hooks_team_member_unread_messages{member="a",role="receiver"} 7`, `up42hooks_team_holder{duty="exec /x",member="a"} 1`, `up42hooks_team_duty_behind_messages{duty="exec /x"} 3`,
	} {
		assert.Contains(t, out.String(), want)
	}
}
