package tui_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// id makes an id that looks like those of UP42. The start differs.
func id(n int) string { return fmt.Sprintf("%08x-04ab-4d68-9f2e-%012x", 0x92ceac2c*uint32(n+1), n) }

// about makes a verified event of an order or a job, some time before noon.
func about(kind receiver.Kind, id, status string, ago time.Duration) *receiver.Event {
	at := noon.Add(-ago)
	name, idField, more := receiver.OrderStatus, "orderId", `"orderType":"ARCHIVE","dataHostName":"oneatlas",`
	if kind == receiver.Job {
		name, idField, more = receiver.JobStatus, "jobId", `"jobName":"Sharpen","processId":"pansharpening",`
	}
	return told(name, fmt.Sprintf(`%q:%q,%s"status":%q`, idField, id, more, status), at, at.Format(time.RFC3339Nano))
}

// told makes a verified event of the fields of its body.
func told(name, fields string, at time.Time, timestamp string) *receiver.Event {
	raw := fmt.Appendf(nil, `{"event":%q,"liveMode":true,"messageId":"5f290b80-d8d7-4d1c-bbe6-%012x","timestamp":%q,"body":{%s}}`,
		name, at.UnixNano()%1e12, timestamp, fields)
	m, err := receiver.Decode(raw)
	if err != nil {
		panic(err)
	}
	return &receiver.Event{
		ReceivedAt: at.Add(300 * time.Millisecond), Verdict: receiver.Verified, Secret: "0", Message: m, Raw: raw,
		Proof: receiver.Proof{
			Label: "up42-sig", Components: []string{"date", "digest"}, Created: at.Unix() - 2, Digest: "sha-256", BodyCovered: true,
			Method: "POST", Path: "/receive-webhooks", Remote: "198.51.100.7:40112",
		},
		Headers: []receiver.Header{
			{Name: "Content-Type", Value: "application/json"},
			{Name: "Date", Value: at.Format(time.RFC1123)},
			{Name: "Digest", Value: "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="},
			{Name: "Host", Value: "hooks.example.com"},
			{Name: "Signature", Value: "up42-sig=" + strings.Repeat("Zm9v", 10) + "AAAA"},
			{Name: "Signature-Input", Value: fmt.Sprintf(`up42-sig=("date" "digest");created=%d`, at.Unix()-2)},
		},
	}
}

func order(n int, s string, ago time.Duration) *receiver.Event {
	return about(receiver.Order, id(n), s, ago)
}

func job(n int, s string, ago time.Duration) *receiver.Event {
	return about(receiver.Job, id(n), s, ago)
}

func with(e *receiver.Event, change func(*receiver.Event)) *receiver.Event {
	change(e)
	return e
}

func verdict(v receiver.Verdict) func(*receiver.Event) {
	return func(e *receiver.Event) {
		e.Verdict = v
		switch v {
		case receiver.Partial:
			e.Proof.Components, e.Proof.Digest, e.Proof.BodyCovered = []string{"date"}, "", false
		case receiver.Trusted, receiver.Unsigned:
			e.Secret, e.Proof.Label, e.Proof.Components, e.Proof.Created, e.Proof.Digest, e.Proof.BodyCovered = "", "", nil, 0, "", false
		}
	}
}

func rejected(r receiver.Reason) func(*receiver.Event) {
	return func(e *receiver.Event) { e.Verdict, e.Reason, e.Secret = receiver.Rejected, r, "" }
}

func tasking(e *receiver.Event) { e.Type, e.Host = "TASKING", "head-aero" }

func test(e *receiver.Event) { e.LiveMode = false }

// aDay is a log with events of all kinds. Order 4 is a test.
func aDay() *memory { return dayWith(test) }

// aLiveDay is aDay, but order 4 is live.
func aLiveDay() *memory { return dayWith(func(*receiver.Event) {}) }

// dayWith makes the log of aDay with a change of order 4.
func dayWith(change func(*receiver.Event)) *memory {
	const m = time.Minute
	l := newMemory()
	l.Add(
		order(8, "CREATED", 26*time.Hour), order(8, "CANCELED", 25*time.Hour),
		order(1, "CREATED", 9*m), order(2, "CREATED", 8*m), order(3, "CREATED", 7*m),
		order(1, "BEING_PLACED", 6*m), with(order(2, "PLACED", 6*m), tasking),
		order(3, "BEING_FULFILLED", 5*m), order(3, "FAILED_PERMANENTLY", 4*m),
		job(20, "NOT STARTED", 4*m), job(20, "RUNNING", 3*m), job(21, "PENDING", 3*m),
		with(order(5, "FULFILLED", 3*m), verdict(receiver.Partial)),
		with(with(order(6, "PLACED", 3*m), verdict(receiver.Unsigned)), test),
		with(order(7, "ARCHIVED", 2*m), func(e *receiver.Event) { e.Final = true }),
		with(order(4, "PLACED", 2*m), change),
		with(order(9, "FULFILLED", 100*time.Second), rejected("signature-mismatch")),
		with(order(2, "BEING_FULFILLED", 100*time.Second), tasking),
		with(order(2, "FULFILLED", 80*time.Second), verdict(receiver.Partial)),
		job(20, "SUCCEEDED", 70*time.Second),
		with(job(22, "ERROR", 50*time.Second), verdict(receiver.Trusted)),
		with(&receiver.Event{ReceivedAt: noon.Add(-45 * time.Second), Raw: []byte("hello"), Proof: receiver.Proof{Method: "POST", Path: "/receive-webhooks", Remote: "203.0.113.9:1234"}}, rejected("missing-signature")),
		with(about(receiver.Order, "", "", 40*time.Second), func(e *receiver.Event) { e.Name, e.Kind = "scene.status", "" }),
		order(1, "PLACED", 30*time.Second), order(1, "BEING_FULFILLED", 20*time.Second), order(1, "FULFILLED", 12*time.Second),
	)
	l.Duplicate(noon.Add(-11 * time.Second))
	return l
}

// subStatus makes an event of a tasking order that has a name.
func subStatus(n int, status, sub string, ago time.Duration) *receiver.Event {
	at := noon.Add(-ago)
	return told(receiver.OrderStatus, fmt.Sprintf(
		`"orderId":%q,"displayName":"Kiruna mine","orderType":"TASKING","dataHostName":"head-aero","status":%q,"orderDetails":{"subStatus":%q}`,
		id(n), status, sub,
	), at, at.Format(time.RFC3339Nano))
}

// task makes an event of a task of job n.
func task(n, number int, name, status string, ago time.Duration) *receiver.Event {
	at := noon.Add(-ago)
	return told(receiver.JobStatus, fmt.Sprintf(
		`"jobId":%q,"jobTaskId":%q,"jobTaskName":%q,"jobName":"Sharpen","processId":"pansharpening","status":%q`, id(n), id(1000+number), name, status,
	), at, at.Format(time.RFC3339Nano))
}

// aHardDay is a log of orders and jobs that do not just go well: order 30 waits for its
// owner, order 31 is in trouble, order 32 recovered from trouble, and a test has the id
// of order 33. Job 40 was successful, job 41 has three tasks, and of job 42 only events
// of tasks came. The timestamp of the last event but one can't be read; that of the last
// one is ahead.
func aHardDay() *memory {
	const m, h = time.Minute, time.Hour
	l := newMemory()
	l.Add(
		order(32, "CREATED", 5*h), order(32, "PLACEMENT_FAILED", 4*h), order(32, "PLACED", 3*h), order(32, "FULFILLED", 2*h),
		job(40, "created", 9*m), job(40, "running", 8*m), job(40, "successful", 4*m),
		subStatus(30, "CREATED", "FEASIBILITY_WAITING_UPLOAD", 3*h), subStatus(30, "CREATED", "FEASIBILITY_WAITING_RESPONSE", 50*m),
		order(31, "CREATED", 40*m), order(31, "BEING_PLACED", 35*m), order(31, "PLACEMENT_FAILED", 30*m),
		order(33, "PLACED", 20*m), with(order(33, "FULFILLED", 10*m), test),
		task(42, 4, "", "RUNNING", 7*m),
		job(41, "RUNNING", 6*m),
		task(41, 1, "tiling", "RUNNING", 6*m), task(41, 2, "pansharpening", "RUNNING", 5*m), task(41, 3, "conversion", "PENDING", 5*m),
		task(41, 1, "tiling", "SUCCEEDED", 4*m), task(41, 2, "pansharpening", "FAILED", 2*m),
		told(receiver.OrderStatus, `"orderId":"`+id(34)+`","status":"PLACED"`, noon.Add(-m), "yesterday\u202e"),
		with(told(receiver.OrderStatus, `"orderId":"`+id(35)+`","status":"PLACED"`, noon.Add(-30*time.Second), "2099-01-01T00:00:00Z"),
			func(e *receiver.Event) { e.Ahead = true }),
	)
	return l
}
