package torture

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// contents are what a store has.
type contents struct {
	times map[string]int   // how often each message is there
	order map[string][]int // the numbers of each sender's messages, in the order of the store
	rows  map[string]string
}

func open(t *testing.T, env []string) *sqlite.Log {
	l, err := sqlite.Open(t.Context(), clitest.StoreOf(env), sqlite.Options{ReadOnly: true})
	require.NoError(t, err)
	return l
}

func contentsOf(t *testing.T, env []string) contents {
	l := open(t, env)
	defer func() { require.NoError(t, l.Close()) }()
	c := contents{map[string]int{}, map[string][]int{}, map[string]string{}}
	for page, err := range receiver.Pages(t.Context(), l, receiver.EventQuery{Oldest: true}) {
		require.NoError(t, err)
		for _, e := range page {
			c.times[e.MessageID]++
			sender, n, _ := strings.Cut(strings.TrimPrefix(e.MessageID, "m-"), "-")
			number, err := strconv.Atoi(n)
			require.NoError(t, err)
			c.order[sender] = append(c.order[sender], number)
		}
	}
	for before := int64(0); ; {
		rows, err := l.Rows(t.Context(), receiver.RowQuery{Before: before, Limit: 1000, Updates: true})
		require.NoError(t, err)
		for i := range rows {
			text, err := rows[i].MarshalJSON()
			require.NoError(t, err)
			c.rows[rows[i].ID] = string(text)
		}
		if len(rows) == 0 {
			return c
		}
		before = rows[len(rows)-1].Seq
	}
}

// size is how many events a store has, 0 if it can't be read yet.
func size(t *testing.T, env []string) int64 {
	l, err := sqlite.Open(t.Context(), clitest.StoreOf(env), sqlite.Options{ReadOnly: true})
	if err != nil {
		return 0
	}
	defer func() { _ = l.Close() }()
	counts, err := l.Counts(t.Context())
	if err != nil {
		return 0
	}
	return counts.Events()
}

// quiet is for how long no store and no target gets an event when nothing comes any more. Another
// member takes over after some ten seconds, and later on a machine that has much else to do.
const quiet = clitest.Patience / 2

// settle waits until all members have as many events as were answered, or get no more.
func (x *teamTorture) settle() {
	want, before, changed := int64(x.load.count()), int64(-1), time.Now()
	for time.Since(changed) < quiet {
		sum, least := int64(0), want
		for _, m := range x.members {
			n := size(x.t, m.env)
			sum, least = sum+n, min(least, n)
		}
		if least == want {
			return
		}
		if sum != before {
			before, changed = sum, time.Now()
		}
		retry.Sleep(x.t.Context(), 100*time.Millisecond)
	}
}

// verdict is what is wrong at the end.
type verdict struct {
	missing []string // answered messages that some member does not have
	lost    int      // how many of them no member has
	twice   int      // messages that a member has more than once
	copies  int      // messages that the stream has more than once
	rows    []string // members whose rows differ from those of the first
	order   []string // senders whose messages are not in their order in the stream
	kept    int      // messages that the target did not get
	late    []string // orders whose events came to the target in another order
}

// judge looks at all members, at a new one, and at the stream.
func (x *teamTorture) judge() (v verdict) {
	messages, err := x.nodes.messages()
	require.NoError(x.t, err)
	v.copies = int(messages)
	fresh := x.fresh()
	var first contents
	missing := map[string]int{}
	for i, env := range append(x.homes(), fresh) {
		c := contentsOf(x.t, env)
		if i == 0 {
			first = c
		}
		for id := range x.load.answered {
			if c.times[id] == 0 {
				missing[id]++
			}
		}
		for _, n := range c.times {
			if n > 1 {
				v.twice++
			}
		}
		if !sameRows(first, c) {
			v.rows = append(v.rows, fmt.Sprint("member ", i))
		}
		if i == len(x.members) {
			v.copies -= len(c.times)
			v.order = c.disordered()
		}
	}
	for id, n := range missing {
		v.missing = append(v.missing, id)
		if n == len(x.members)+1 {
			v.lost++
		}
	}
	return v
}

func (x *teamTorture) homes() (all [][]string) {
	for _, m := range x.members {
		all = append(all, m.env)
	}
	return all
}

// fresh is a new member, which gets the history by one command. Its events are in the order of
// the stream.
func (x *teamTorture) fresh() []string {
	env := clitest.Home(x.t)
	for _, v := range x.members[0].env {
		if strings.HasPrefix(v, "UP42_STREAM=") {
			env = append(env, v)
		}
	}
	require.EventuallyWithT(x.t, func(t *assert.CollectT) { // the stream may have no leader for a while
		_, said, code := clitest.Run(x.t, env, "events", "--limit", "1", "--json")
		require.Zero(t, code, said)
		require.NotContains(t, said, "can't be read")
	}, clitest.Patience, 100*time.Millisecond)
	return env
}

func sameRows(a, b contents) bool {
	if len(a.rows) != len(b.rows) {
		return false
	}
	for id, row := range a.rows {
		if b.rows[id] != row {
			return false
		}
	}
	return true
}

// disordered returns the senders whose messages are not in their order.
func (c contents) disordered() (all []string) {
	for sender, numbers := range c.order {
		if !slices.IsSorted(numbers) {
			all = append(all, sender)
		}
	}
	return all
}

// checkStores has each store verified.
func (x *teamTorture) checkStores() {
	for _, m := range x.members {
		out, said, code := clitest.Run(x.t, m.env, "store", "verify")
		assert.Zero(x.t, code, "%s: %s", m.name, out+said)
	}
}

// late returns the orders whose events came to the target for the first time in another order.
func (x *teamTorture) late() (all []string) {
	for order, messages := range x.target.first {
		if !slices.IsSortedFunc(messages, byNumber) {
			all = append(all, order)
		}
	}
	return all
}
