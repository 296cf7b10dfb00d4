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

func TestStatusClasses(t *testing.T) {
	for kind, classes := range map[receiver.Kind]map[receiver.Class][]receiver.Status{
		receiver.Order: {
			receiver.InProgress: {
				"CREATED", "BEING_PLACED", "PLACED", "BEING_FULFILLED", "DOWNLOADED",
				"FEASIBILITY_WAITING_UPLOAD", "QUOTATION_WAITING_UPLOAD", "QUOTATION_ACCEPTED", "SOMETHING_NEW",
			},
			receiver.InTrouble: {"PLACEMENT_FAILED", "Placement Failed", "DOWNLOAD_FAILED", "DELIVERY_INITIALIZATION_FAILED"},
			receiver.NeedsYou:  {"FEASIBILITY_WAITING_RESPONSE", "QUOTATION_WAITING_RESPONSE"},
			receiver.Succeeded: {"FULFILLED", "fulfilled"},
			receiver.Failed:    {"FAILED_PERMANENTLY", "FAILED PERMANENTLY", "FAILED", "QUOTATION_REJECTED"},
			receiver.Cancelled: {"CANCELED"},
		},
		receiver.Job: {
			receiver.InProgress: {"NOT STARTED", "PENDING", "RUNNING", "CANCELLING", "created", "licensed", "valid", "accepted", "running"},
			receiver.Succeeded:  {"SUCCEEDED", "successful", "captured"},
			receiver.Failed:     {"FAILED", "ERROR", "invalid", "rejected", "unlicensed", "released"},
			receiver.Cancelled:  {"CANCELLED"},
		},
	} {
		for class, statuses := range classes {
			for _, s := range statuses {
				assert.Equal(t, class, s.Class(kind), "%s %s", kind, s)
			}
		}
	}
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
