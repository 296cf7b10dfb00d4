package receiver_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
)

// TestEventTypesAreDecoded finds a type whose table entry and decoder disagree.
func TestEventTypesAreDecoded(t *testing.T) {
	for _, typ := range receiver.EventTypes() {
		m, err := receiver.Decode(fmt.Appendf(nil, `{"event":%q,"body":{%q:"i","status":"s",%q:"t"}}`, typ.Name, typ.IDField, typ.TypeField))
		require.NoError(t, err)
		assert.Equal(t, typ.Kind, m.Kind, typ.Name)
		assert.Equal(t, "i", m.ID, typ.Name)
		assert.Equal(t, "t", m.Type, typ.Name)
		assert.True(t, typ.Kind.Known())
	}
}

func TestKindsHaveWordsAndStatuses(t *testing.T) {
	for _, k := range receiver.Kinds() {
		assert.NotEqual(t, "Event", k.Title(), k)
		assert.NotEqual(t, "events", k.Plural(), k)
		assert.NotEmpty(t, k.Success(), k)
		for _, s := range k.Statuses() {
			assert.Equal(t, s.Name.Canonical(), string(s.Name), k)
			assert.Equal(t, s.Class, s.Name.Class(k), k)
		}
	}
	for code, k := range map[int64]receiver.Kind{1: receiver.Order, 2: receiver.Job} { // stores have these
		got, ok := receiver.KindOfCode(code)
		assert.True(t, ok)
		assert.Equal(t, k, got)
		back, ok := k.Code()
		assert.True(t, ok)
		assert.Equal(t, code, back)
	}
	_, ok := receiver.KindOfCode(0)
	assert.False(t, ok)
	unknown := receiver.Kind("parcel")
	_, ok = unknown.Code()
	assert.False(t, ok)
	assert.Equal(t, "Event", unknown.Title())
	assert.Equal(t, "events", unknown.Plural())
	assert.Empty(t, unknown.Statuses())
	assert.Empty(t, unknown.Success())
}

func TestClassesHaveTwoNames(t *testing.T) {
	assert.Len(t, receiver.Classes(), receiver.NumClasses)
	for c := range receiver.Class(receiver.NumClasses) {
		assert.Contains(t, receiver.Classes(), c)
	}
	for _, c := range receiver.Classes() {
		got, ok := receiver.ClassOf(c.Word())
		assert.True(t, ok)
		assert.Equal(t, c, got)
		assert.NotEmpty(t, c.String())
	}
	_, ok := receiver.ClassOf("done")
	assert.False(t, ok)
	assert.Equal(t, "in progress", receiver.Class(200).String())
}

func TestAnUnknownFinalStatusIsEnded(t *testing.T) {
	e := receiver.Event{Message: receiver.Message{Kind: receiver.Order, Status: "DREAMING", Final: true}}
	assert.Equal(t, receiver.Ended, e.Class())
	e.Final = false
	assert.Equal(t, receiver.InProgress, e.Class())
	e.Status = "fulfilled"
	assert.Equal(t, receiver.Succeeded, e.Class())
}

func TestEventNames(t *testing.T) {
	assert.Subset(t, receiver.EventNames(), []string{"order.status", "job.status"})
	assert.Len(t, receiver.EventNames(), len(receiver.EventTypes()))
	assert.Empty(t, receiver.KindOf("scene.status"))
}

func TestRowCounts(t *testing.T) {
	var c receiver.RowCounts
	c.Add(receiver.Order, 3)
	c.Add(receiver.Job, 2)
	c.Add("parcel", 7)
	assert.EqualValues(t, 2, c.Of(receiver.Job))
	assert.EqualValues(t, 0, c.Of("parcel"))
	assert.EqualValues(t, 5, c.Total())
	assert.Regexp(t, "^3 orders, 2 jobs", c.String())
	c.Add(receiver.Job, -1)
	assert.Regexp(t, "^3 orders, 1 job$", c.String())
}
