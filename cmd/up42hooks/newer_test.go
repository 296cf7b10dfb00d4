package main

import (
	"database/sql"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// A newer version may store verdicts that this one does not know.
func TestTheScreenShowsAVerdictOfANewerVersion(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	r := clitest.Receive(t, env, nil)
	c := clitest.HTTPClient(t)
	for _, message := range []string{"m1", "m2", "m3"} {
		_, _, err := clitest.Deliver(c, r.URL, clitest.Secret, clitest.Delivery(message, "order-"+message, "PLACED"))
		require.NoError(t, err)
	}
	r.Signal(os.Interrupt)
	r.Finish(t)
	db, err := sql.Open("sqlite", clitest.StoreOf(env))
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), "UPDATE event_log SET verdict = 99 WHERE seq = 2")
	require.NoError(t, err)
	require.NoError(t, db.Close())

	m := clitest.OnTerminal(t, env, 120, 40, "watch", "--listen", "127.0.0.1:0")
	m.Sees(t, "0 Overview")
	m.Key(t, "3")
	m.Sees(t, "✕ unknown")
	m.Key(t, "j\r")
	m.Sees(t, "Event 2")
	m.Sees(t, "Update up42hooks.")
	m.Signal(os.Interrupt)
	m.Ends(t)
}
