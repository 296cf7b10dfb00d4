package client_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
)

// mine is the webhook that tests create, and like it what a list has: an id, and a secret that
// is left out if it is empty.
var mine = client.Webhook{Name: "mine", URL: "https://a.example/hook", Events: []string{"order.status", "job.status"}, Active: true, Secret: "ours"}

func like(id, secret string) string {
	text := `{"id":"` + id + `","name":"mine","url":"https://a.example/hook","events":["job.status","order.status"],"active":true`
	if secret != "" {
		text += `,"secret":"` + secret + `"`
	}
	return text + `}`
}

func list(webhooks ...string) answer { return ok("[" + strings.Join(webhooks, ",") + "]") }

var (
	hangUp  = answer{do: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }}
	cutOff  = answer{status: 201, body: `{"data":{"id":`}
	gateway = answer{status: 504, header: map[string]string{"Content-Type": "text/html"}, body: "<html>"}
	onlyID  = ok(`{"id":"another"}`)
	login   = answer{status: 302, header: map[string]string{"Location": "https://login.example"}}
	failing = answer{status: 403, body: `{"error":{"message":"not now"}}`}
)

func TestALostCreationIsSettled(t *testing.T) {
	for name, tc := range map[string]struct {
		before  answer
		after   []answer
		id      string // of what was created
		notDone bool
		says    string // otherwise
	}{
		"done":                            {before: list(), after: []answer{list(like("new", "ours"))}, id: "new"},
		"done, secrets hidden":            {before: list(like("old", "")), after: []answer{list(like("old", ""), like("new", ""))}, id: "new"},
		"done, secrets masked":            {before: list(), after: []answer{list(like("new", "********"))}, id: "new"},
		"done, listed late":               {before: list(), after: []answer{list(), list(), list(like("new", "ours"))}, id: "new"},
		"done, the list fails first":      {before: list(), after: []answer{failing, list(like("new", "ours"))}, id: "new"},
		"done, another one by others":     {before: list(), after: []answer{list(like("theirs", "other"), like("new", "ours"))}, id: "new"},
		"not done":                        {before: list(), after: []answer{list()}, notDone: true},
		"not done, one like it was there": {before: list(like("old", "ours")), after: []answer{list(like("old", "ours"))}, notDone: true},
		"not done, another one by others": {before: list(), after: []answer{list(like("theirs", "other"))}, notDone: true},
		"the list fails":                  {before: list(), after: []answer{failing}, says: "it is not known whether the webhook was created (UP42 answered 403 Forbidden: not now)"},
		"the list fails at last":          {before: list(), after: []answer{list(), list(), failing}, says: "it is not known"},
		"two new ones":                    {before: list(), after: []answer{list(like("a", ""), like("b", ""))}, says: "2 new webhooks are like it: a, b"},
	} {
		for how, lost := range map[string]answer{"hung up": hangUp, "cut off": cutOff, "gateway": gateway, "only an id": onlyID, "login": login} {
			t.Run(name+"/"+how, func(t *testing.T) {
				u := newUP42(t, map[string][]answer{"POST " + hooks: {lost}, "GET " + hooks: append([]answer{tc.before}, tc.after...)})
				got, err := u.client(inWorkspace, inNoTime).CreateWebhook(t.Context(), mine)
				assert.Len(t, u.of("POST", hooks), 1, "it must not be created twice")
				switch {
				case tc.id != "":
					require.NoError(t, err)
					assert.Equal(t, tc.id, got.ID)
				case tc.notDone:
					assert.True(t, client.NotDone(err), "%v", err)
					assert.False(t, client.Unsure(err))
					assert.Contains(t, err.Error(), "the webhook was not created")
					assert.Equal(t, "it is safe to try again", client.Advice(err))
				default:
					assert.True(t, client.Unsure(err), "%v", err)
					assert.Contains(t, err.Error(), tc.says)
					w, known := client.Created(err, []client.Webhook{{ID: "late", Name: mine.Name, URL: mine.URL, Events: mine.Events, Active: true, Secret: "ours"}})
					assert.True(t, known, "a later list settles it")
					assert.Equal(t, "late", w.ID)
					shown := client.CreatedAs(err, func(w client.Webhook) client.Webhook { w.Name = "as " + w.Name; return w })
					assert.Equal(t, err.Error(), shown.Error())
					late := client.Webhook{ID: "late", Name: "as mine", URL: mine.URL, Events: mine.Events, Active: true, Secret: "ours"}
					_, known = client.Created(shown, []client.Webhook{late})
					assert.True(t, known, "it is found by what is shown")
					_, known = client.Created(err, []client.Webhook{late})
					assert.False(t, known)
				}
			})
		}
	}
}

func TestNothingIsCreatedIfTheListCannotBeRead(t *testing.T) {
	u := newUP42(t, map[string][]answer{"GET " + hooks: {failing}})
	_, err := u.client(inWorkspace, inNoTime).CreateWebhook(t.Context(), mine)
	require.ErrorContains(t, err, "not now")
	assert.False(t, client.MayBeDone(err))
	assert.Empty(t, u.of("POST", hooks))
}

// settings is a webhook in an answer.
func settings(name, secret, updated string) answer {
	return ok(fmt.Sprintf(`{"id":"a","name":%q,"url":"https://a.example/hook","events":["order.status","job.status"],"active":true%s,"updatedAt":%q}`,
		name, secret, updated))
}

func TestALostChangeIsSettled(t *testing.T) {
	const before, after, second = "2026-11-01T10:00:00.5Z", "2026-11-01T10:00:05.5Z", "2026-11-01T10:00:00Z"
	const shown, other = `,"secret":"ours"`, `,"secret":"other"`
	for name, tc := range map[string]struct {
		now     []answer
		done    bool
		notDone bool
	}{
		"done":                        {now: []answer{settings("mine", shown, after)}, done: true},
		"done, shown late":            {now: []answer{settings("old", shown, before), settings("mine", shown, after)}, done: true},
		"done, secret hidden":         {now: []answer{settings("mine", "", after)}, done: true},
		"not done":                    {now: []answer{settings("old", shown, before)}, notDone: true},
		"not done, another secret":    {now: []answer{settings("mine", other, before)}, notDone: true},
		"not done, secret hidden":     {now: []answer{settings("mine", "", before)}, notDone: true},
		"not known, in seconds":       {now: []answer{settings("mine", "", second)}},
		"not known, no time":          {now: []answer{settings("mine", "", "")}},
		"not known, it can't be read": {now: []answer{failing}},
	} {
		for how, lost := range map[string]answer{"cut off": cutOff, "another one": onlyID, "login": login} {
			t.Run(name+"/"+how, func(t *testing.T) {
				u := newUP42(t, map[string][]answer{"PUT " + hooks + "/a": {lost}, "GET " + hooks + "/a": tc.now})
				w := mine
				w.ID = "a"
				w.UpdatedAt, _ = time.Parse(time.RFC3339, before)
				got, err := u.client(inWorkspace, inNoTime).UpdateWebhook(t.Context(), w)
				switch {
				case tc.done:
					require.NoError(t, err)
					assert.Equal(t, "mine", got.Name)
				case tc.notDone:
					assert.True(t, client.NotDone(err), "%v", err)
				default:
					assert.True(t, client.Unsure(err), "%v", err)
				}
			})
		}
	}
	u := newUP42(t, map[string][]answer{"PUT " + hooks + "/a": {cutOff}})
	w := mine
	w.ID = "a"
	_, err := u.client(inWorkspace, inNoTime).UpdateWebhook(t.Context(), w)
	assert.True(t, client.NotFound(err), "it is gone: %v", err)
}

func TestALostDeletionIsSettled(t *testing.T) {
	page := answer{status: 200, header: map[string]string{"Content-Type": "text/html"}, body: "<html>"}
	there := settings("mine", "", "")
	gone := answer{status: 404, body: `{"error":{"message":"no such webhook"}}`}
	for name, tc := range map[string]struct {
		now     []answer
		done    bool
		notDone bool
	}{
		"done":                       {now: []answer{gone}, done: true},
		"done, gone for good":        {now: []answer{{status: 410}}, done: true},
		"done, shown late":           {now: []answer{there, there, gone}, done: true},
		"not done":                   {now: []answer{there}, notDone: true},
		"not known":                  {now: []answer{failing}},
		"a page that says not found": {now: []answer{{status: 404, header: page.header, body: "<html>"}}},
	} {
		for how, lost := range map[string]answer{"page": page, "login": login} {
			t.Run(name+"/"+how, func(t *testing.T) {
				u := newUP42(t, map[string][]answer{"DELETE " + hooks + "/a": {lost}, "GET " + hooks + "/a": tc.now})
				err := u.client(inWorkspace, inNoTime).DeleteWebhook(t.Context(), "a")
				switch {
				case tc.done:
					require.NoError(t, err)
				case tc.notDone:
					assert.True(t, client.NotDone(err), "%v", err)
				default:
					assert.True(t, client.Unsure(err), "%v", err)
				}
			})
		}
	}
	u := newUP42(t, map[string][]answer{"DELETE " + hooks + "/a": {gone}})
	assert.True(t, client.NotFound(u.client(inWorkspace).DeleteWebhook(t.Context(), "a")), "nobody knows who deleted it")
}
