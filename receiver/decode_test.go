package receiver_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
)

// recorded is the body of a test event of UP42.
const recorded = `{"event": "order.status",
 "liveMode": false,
 "messageId": "5f290b80-d8d7-4d1c-bbe6-626d4f00dad3",
 "timestamp": "2023-01-09T03:34:52.267042Z",
 "body": {"orderId": "00000000-0000-0000-0000-000000000001",
          "orderType": "TASKING",
          "dataHostName": "test-up42-host-name",
          "status": "FULFILLED",
          "statusIsFinal": true}}`

func TestDecodeRecordedOrder(t *testing.T) {
	m, err := receiver.Decode([]byte(recorded))
	require.NoError(t, err)
	assert.Equal(t, "order.status", m.Name)
	assert.Equal(t, receiver.Order, m.Kind)
	assert.Equal(t, "00000000-0000-0000-0000-000000000001", m.ID)
	assert.Equal(t, "5f290b80-d8d7-4d1c-bbe6-626d4f00dad3", m.MessageID)
	assert.Equal(t, time.Date(2023, 1, 9, 3, 34, 52, 267042000, time.UTC), m.Timestamp)
	assert.Equal(t, receiver.Status("FULFILLED"), m.Status)
	assert.True(t, m.Final)
	assert.False(t, m.LiveMode)
	assert.Equal(t, "TASKING", m.Type)
	assert.Equal(t, "test-up42-host-name", m.Host)
	assert.JSONEq(t, `{"orderId":"00000000-0000-0000-0000-000000000001","orderType":"TASKING",
		"dataHostName":"test-up42-host-name","status":"FULFILLED","statusIsFinal":true}`, string(m.Body))
}

func TestDecodeFindsTheIDUnderEverySpelling(t *testing.T) {
	for _, field := range []string{"jobId", "jobID", "id"} {
		m, err := receiver.Decode(fmt.Appendf(nil, `{"event":"job.status","body":{"%s":"j1","jobName":"Sharpen","status":"RUNNING"}}`, field))
		require.NoError(t, err)
		assert.Equal(t, "j1", m.ID, field)
		assert.Equal(t, "Sharpen", m.DisplayName)
		assert.False(t, m.Final)
	}
}

func TestDecodeAcceptsUnknownThings(t *testing.T) {
	for name, tc := range map[string]struct {
		raw, event, id, status string
		kind                   receiver.Kind
	}{
		"unknown event":        {`{"event":"scene.status","body":{"id":"x","status":"ODD"}}`, "scene.status", "x", "ODD", ""},
		"unknown status":       {`{"event":"order.status","body":{"orderId":"o","status":"DREAMING"}}`, "order.status", "o", "DREAMING", receiver.Order},
		"no body":              {`{"event":"order.status"}`, "order.status", "", "", receiver.Order},
		"body of another type": {`{"event":"order.status","body":[1,2]}`, "order.status", "", "", receiver.Order},
		"fields of other types": {
			`{"event":"order.status","messageId":[7],"timestamp":{},"liveMode":"true","body":{"orderId":true,"status":null}}`,
			"order.status", "", "", receiver.Order,
		},
		"escapes in strings": {`{"event":"order.status","body":{"orderId":"a\u001bb","status":"\u202eX"}}`, "order.status", "a\x1bb", "\u202eX", receiver.Order},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := receiver.Decode([]byte(tc.raw))
			require.NoError(t, err)
			assert.Equal(t, tc.event, m.Name)
			assert.Equal(t, tc.kind, m.Kind)
			assert.Equal(t, tc.id, m.ID)
			assert.Equal(t, receiver.Status(tc.status), m.Status)
			assert.False(t, m.Final)
			assert.False(t, m.LiveMode)
			assert.Empty(t, m.MessageID)
			assert.True(t, m.Timestamp.IsZero())
		})
	}
}

func TestDecodeRefusesOtherBodies(t *testing.T) {
	for name, raw := range map[string]string{
		"empty":          ``,
		"not JSON":       `event=order.status`,
		"half an object": `{"event":"order.status"`,
		"two objects":    `{"event":"order.status"}{}`,
		"null":           `null`,
		"a list":         `[{"event":"order.status"}]`,
		"a string":       `"order.status"`,
		"no event":       `{"body":{}}`,
		"event is null":  `{"event":null}`,
		"event is empty": `{"event":""}`,
		"event is 1":     `{"event":1}`,
		"deep nesting":   `{"event":"order.status","body":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := receiver.Decode([]byte(raw))
			assert.Error(t, err)
		})
	}
}

func TestStatusIsFinalWinsOverTheTables(t *testing.T) {
	for raw, final := range map[string]bool{
		`{"event":"order.status","body":{"orderId":"o","status":"FULFILLED"}}`:                         true,
		`{"event":"order.status","body":{"orderId":"o","status":"FULFILLED","statusIsFinal":false}}`:   false,
		`{"event":"order.status","body":{"orderId":"o","status":"PLACED","statusIsFinal":true}}`:       true,
		`{"event":"order.status","body":{"orderId":"o","status":"FAILED PERMANENTLY"}}`:                true,
		`{"event":"order.status","body":{"orderId":"o","status":"failed_permanently"}}`:                true,
		`{"event":"job.status","body":{"jobId":"j","status":"successful"}}`:                            true,
		`{"event":"job.status","body":{"jobId":"j","status":"captured"}}`:                              true,
		`{"event":"job.status","body":{"jobId":"j","status":"NOT STARTED"}}`:                           false,
		`{"event":"order.status","body":{"orderId":"o","status":"DREAMING","statusIsFinal":"yes"}}`:    false,
		`{"event":"order.status","body":{"orderId":"o","status":"DOWNLOAD_FAILED","subStatus":"odd"}}`: false,
	} {
		m, err := receiver.Decode([]byte(raw))
		require.NoError(t, err)
		assert.Equal(t, final, m.Final, raw)
	}
}

func decodeOrder(t testing.TB, fields string) receiver.Message {
	t.Helper()
	m, err := receiver.Decode([]byte(`{"event":"order.status","body":{` + fields + `}}`))
	require.NoError(t, err, fields)
	return m
}

func decodeJob(t testing.TB, fields string) receiver.Message {
	t.Helper()
	m, err := receiver.Decode([]byte(`{"event":"job.status","body":{` + fields + `}}`))
	require.NoError(t, err, fields)
	return m
}

func TestStatusIsFinalInOddForms(t *testing.T) {
	for value, final := range map[string]bool{
		`true`: true, `"true"`: true, `"TRUE"`: true, `false`: false, `"false"`: false, `"False"`: false,
		// These say nothing: the table decides.
		`null`: true, `""`: true, `"yes"`: true, `0`: true, `1`: true, `{}`: true, `[false]`: true,
	} {
		assert.Equal(t, final, decodeOrder(t, `"orderId":"o","status":"FULFILLED","statusIsFinal":`+value).Final, value)
		notFinal := final && strings.EqualFold(strings.Trim(value, `"`), "true")
		assert.Equal(t, notFinal, decodeOrder(t, `"orderId":"o","status":"PLACED","statusIsFinal":`+value).Final, value)
	}
}

func TestOddStatuses(t *testing.T) {
	long := strings.Repeat("LONG_", 2000)
	for value, want := range map[string]receiver.Status{
		`"PLACED"`: "PLACED", `7`: "7", `-1.50`: "-1.50", `"` + long + `"`: receiver.Status(long),
		`""`: "", `"  "`: "", `null`: "", `{}`: "", `{"name":"PLACED"}`: "", `["PLACED"]`: "", `true`: "",
	} {
		assert.Equal(t, want, decodeOrder(t, `"orderId":"o","status":`+value).Status, "%.80s", value)
	}
	assert.Empty(t, decodeOrder(t, `"orderId":"o"`).Status)
}

func TestSubStatuses(t *testing.T) {
	for fields, want := range map[string][2]receiver.Status{
		`"status":"CREATED","subStatus":"QUOTATION_ACCEPTED"`:                               {"CREATED", "QUOTATION_ACCEPTED"},
		`"status":"CREATED","substatus":"QUOTATION_ACCEPTED"`:                               {"CREATED", "QUOTATION_ACCEPTED"},
		`"status":"CREATED","orderDetails":{"subStatus":"QUOTATION_ACCEPTED"}`:              {"CREATED", "QUOTATION_ACCEPTED"},
		`"status":"CREATED","subStatus":"A","orderDetails":{"subStatus":"B"}`:               {"CREATED", "A"},
		`"status":"CREATED","subStatus":null,"orderDetails":{"subStatus":"B"}`:              {"CREATED", "B"},
		`"status":"CREATED","subStatus":{},"orderDetails":[]`:                               {"CREATED", ""},
		`"status":"CREATED","orderDetails":{"subStatus":7}`:                                 {"CREATED", "7"},
		`"status":"FEASIBILITY_WAITING_RESPONSE"`:                                           {"FEASIBILITY_WAITING_RESPONSE", ""},
		`"subStatus":"FEASIBILITY_WAITING_RESPONSE"`:                                        {"FEASIBILITY_WAITING_RESPONSE", ""},
		`"status":"QUOTATION_REJECTED","subStatus":"quotation rejected"`:                    {"QUOTATION_REJECTED", ""},
		`"status":"CREATED","subStatus":"QUOTATION_WAITING_RESPONSE","orderType":"TASKING"`: {"CREATED", "QUOTATION_WAITING_RESPONSE"},
		`"status":{"a":1},"subStatus":[]`:                                                   {"", ""},
	} {
		m := decodeOrder(t, `"orderId":"o",`+fields)
		assert.Equal(t, want, [2]receiver.Status{m.Status, m.SubStatus}, fields)
	}
}

func TestNumbersAreIDs(t *testing.T) {
	m, err := receiver.Decode([]byte(`{"event":"order.status","messageId":12345678901234567890,"body":{"orderId":42,"status":"PLACED"}}`))
	require.NoError(t, err)
	assert.Equal(t, "12345678901234567890", m.MessageID, "every digit")
	assert.Equal(t, "42", m.ID)
	assert.Equal(t, "0", decodeOrder(t, `"id":0`).ID)
	assert.Equal(t, "1e3", decodeOrder(t, `"orderId":1e3`).ID, "as it came")
	assert.Equal(t, "7", decodeOrder(t, `"orderId":null,"id":7`).ID)
	m = decodeJob(t, `"jobId":1,"taskId":2,"status":"RUNNING"`)
	assert.Equal(t, [2]string{"1", "2"}, [2]string{m.ID, m.TaskID})
	for _, value := range []string{`true`, `null`, `{}`, `[1]`, `""`} {
		assert.Empty(t, decodeOrder(t, `"orderId":`+value).ID, value)
	}
}

func TestEventsOfTasks(t *testing.T) {
	for _, field := range []string{"jobTaskId", "jobTaskID", "taskId", "taskID"} {
		m := decodeJob(t, `"jobId":"j","jobName":"Sharpen","`+field+`":"t","name":"crop","status":"SUCCEEDED"`)
		assert.Equal(t, "j", m.ID, field)
		assert.Equal(t, "t", m.TaskID, field)
		assert.Equal(t, "crop", m.TaskName, field)
		assert.Equal(t, "Sharpen", m.DisplayName, field)
		assert.False(t, m.Final, "it is not the end of the job")
		assert.True(t, m.TaskFinal, field)
	}
	for fields, want := range map[string][2]string{ // the ids of job and task
		`"jobTaskId":"t"`:                      {"", "t"},
		`"jobTaskId":"t","id":"t"`:             {"", "t"},
		`"jobTaskId":"t","id":"j"`:             {"j", "t"},
		`"jobId":"x","jobTaskId":"x"`:          {"x", "x"},
		`"jobId":"j","jobTaskId":null`:         {"j", ""},
		`"jobId":"j","jobTaskId":""`:           {"j", ""},
		`"jobId":"j","jobTaskId":{"id":"t"}`:   {"", ""},
		`"jobId":"j","taskId":["t"]`:           {"", ""},
		`"jobId":"j","taskId":{},"status":"a"`: {"j", ""},
	} {
		m := decodeJob(t, fields)
		assert.Equal(t, want, [2]string{m.ID, m.TaskID}, fields)
	}
	assert.Empty(t, decodeOrder(t, `"orderId":"o","taskId":"t","status":"PLACED"`).TaskID, "an order has no tasks")
	assert.Equal(t, "cut", decodeJob(t, `"jobId":"j","taskId":"t","taskName":"cut","name":"job"`).TaskName)
}

func TestTimestampProblems(t *testing.T) {
	for value, problem := range map[string]string{
		`"2026-11-03T11:00:00+0000"`: "", `"2026-11-03 11:00:00Z"`: "", `1793703600`: "", `1793703600000`: "", `null`: "",
		`"yesterday"`: "yesterday", `{}`: "{}", `true`: "true", `"2026-13-01T00:00:00Z"`: "2026-13",
	} {
		m, err := receiver.Decode([]byte(`{"event":"order.status","timestamp":` + value + `,"body":{"orderId":"o","status":"PLACED"}}`))
		require.NoError(t, err, value)
		e := receiver.Event{Message: m, ReceivedAt: start}
		switch {
		case problem != "":
			assert.Contains(t, e.TimestampProblem(), problem, value)
			assert.Equal(t, start, e.At(), "the arrival counts")
		case value == "null":
			assert.Empty(t, e.TimestampProblem(), value)
			assert.Equal(t, start, e.At())
		default:
			assert.Empty(t, e.TimestampProblem(), value)
			assert.Equal(t, time.Date(2026, 11, 3, 11, 0, 0, 0, time.UTC), e.At(), value)
		}
	}
	m, err := receiver.Decode([]byte(`{"event":"order.status"}`))
	require.NoError(t, err)
	assert.Empty(t, (&receiver.Event{Message: m}).TimestampProblem(), "the body has no timestamp")
}

func BenchmarkDecode(b *testing.B) {
	raw := []byte(recorded)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := receiver.Decode(raw); err != nil {
			b.Fatal(err)
		}
	}
}
