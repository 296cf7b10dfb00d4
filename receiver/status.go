package receiver

import "strings"

// Status is a status as UP42 sent it. Two statuses are the same if their canonical
// forms are; see Is.
type Status string

// Canonical returns the status in upper case with underscores for spaces: UP42 sends
// both `FAILED PERMANENTLY` and `FAILED_PERMANENTLY`.
func (s Status) Canonical() string {
	return strings.ToUpper(strings.ReplaceAll(string(s), " ", "_"))
}

// Is says whether two statuses are the same in their canonical form.
func (s Status) Is(other Status) bool {
	return s == other || s.Canonical() == other.Canonical()
}

// Class groups statuses by what they mean for the owner of an order or job.
type Class uint8

// The classes. The store keeps their numbers: never change one, add new ones at the
// end.
const (
	InProgress Class = iota
	Succeeded
	Failed
	Cancelled
	Ended     // final according to the event, but with a status that is not final by itself
	InTrouble // something failed, and UP42 is working on it
	NeedsYou  // UP42 waits for an answer of the owner

	// NumClasses is the number of classes.
	NumClasses = iota
)

var classNames = [NumClasses]struct{ name, word string }{
	InProgress: {"in progress", "progress"},
	Succeeded:  {"succeeded", "succeeded"},
	Failed:     {"failed", "failed"},
	Cancelled:  {"cancelled", "cancelled"},
	Ended:      {"ended", "ended"},
	InTrouble:  {"in trouble", "trouble"},
	NeedsYou:   {"needs you", "waiting"},
}

// Classes returns all classes, in the order in which texts list them.
func Classes() []Class {
	return []Class{Succeeded, Failed, Cancelled, InProgress, InTrouble, NeedsYou, Ended}
}

// ClassOf returns the class that has this Word; ok is false if no class has it.
func ClassOf(word string) (c Class, ok bool) {
	for i := range classNames {
		if classNames[i].word == word {
			return Class(i), true
		}
	}
	return InProgress, false
}

// String returns the class as it is shown, such as "in progress".
func (c Class) String() string { return c.names().name }

// Word returns the class in one word, as filters and JSON name it, such as "progress".
func (c Class) Word() string { return c.names().word }

func (c Class) names() struct{ name, word string } {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return classNames[InProgress]
}

// Final says whether a status of this class is the last one, if its event does not say
// anything else.
func (c Class) Final() bool {
	return c == Succeeded || c == Failed || c == Cancelled || c == Ended
}

// withFinal returns the class of a status whose event says whether it is final. It
// matters if the status by itself is not final: a trouble that is final is a failure.
func (c Class) withFinal(final bool) Class {
	switch {
	case !final || c.Final():
		return c
	case c == InTrouble:
		return Failed
	default:
		return Ended
	}
}

// KnownStatus is a status or a sub-status that UP42 documents. The texts are whole
// sentences.
type KnownStatus struct {
	// Name is in the canonical form.
	Name  Status
	Class Class
	// Meaning says what the status means.
	Meaning string
	// Todo says what the owner of the order or job can do. It is empty if there is
	// nothing to do; a status that is in trouble, needs the owner or failed has one.
	Todo string
	// Sub says that this is a sub-status: it comes beside a status, or in its place.
	Sub bool
}

const (
	askSupport = "Wait until UP42 has resolved it. If that takes long, ask UP42's support."
	orderAgain = "Look at the order at UP42 for the cause, and order again."
	runAgain   = "Look at the job at UP42 for the cause, and run it again."
)

// orderStatuses are the statuses of orders, about in the order of their course. Their
// sources are in the section “Statuses” of README.md.
var orderStatuses = []KnownStatus{
	{Name: "CREATED", Class: InProgress, Meaning: "UP42 has the order. It is not placed yet."},
	{Name: "BEING_PLACED", Class: InProgress, Meaning: "UP42 is placing the order with the host of the data."},
	{
		Name: "PLACEMENT_FAILED", Class: InTrouble, Meaning: "UP42 could not place the order with the host of the data, and is working on it.",
		Todo: "Wait until UP42 has resolved it, or cancel the order.",
	},
	{Name: "PLACED", Class: InProgress, Meaning: "The host of the data has the order."},
	{Name: "BEING_FULFILLED", Class: InProgress, Meaning: "The host is preparing the data, or the satellite is yet to take the image."},
	{Name: "DOWNLOAD_FAILED", Class: InTrouble, Meaning: "UP42 could not fetch the data from the host, and is working on it.", Todo: askSupport},
	{Name: "DOWNLOADED", Class: InProgress, Meaning: "UP42 has the data from the host, and is preparing the delivery."},
	{Name: "DELIVERY_INITIALIZATION_FAILED", Class: InTrouble, Meaning: "UP42 could not start the delivery, and is working on it.", Todo: askSupport},
	{Name: "FULFILLED", Class: Succeeded, Meaning: "The order is complete, and the data is delivered."},
	{Name: "FAILED_PERMANENTLY", Class: Failed, Meaning: "The order failed or was cancelled, for good.", Todo: orderAgain},
	{Name: "FAILED", Class: Failed, Meaning: "The order failed. Older orders have this status.", Todo: orderAgain},
	{Name: "CANCELED", Class: Cancelled, Meaning: "The order was cancelled."},
	{Name: "CANCELLED", Class: Cancelled, Meaning: "The order was cancelled."},

	{Name: "FEASIBILITY_WAITING_UPLOAD", Class: InProgress, Sub: true, Meaning: "UP42 is preparing the feasibility study."},
	{
		Name: "FEASIBILITY_WAITING_RESPONSE", Class: NeedsYou, Sub: true, Meaning: "The feasibility study is ready. UP42 waits for your choice.",
		Todo: "Choose an option of the feasibility study at UP42.",
	},
	{Name: "QUOTATION_WAITING_UPLOAD", Class: InProgress, Sub: true, Meaning: "UP42 is preparing the quotation."},
	{
		Name: "QUOTATION_WAITING_RESPONSE", Class: NeedsYou, Sub: true, Meaning: "The quotation is ready. UP42 waits for your decision.",
		Todo: "Accept or reject the quotation at UP42.",
	},
	{Name: "QUOTATION_ACCEPTED", Class: InProgress, Sub: true, Meaning: "You accepted the quotation. UP42 goes on with the order."},
	{
		Name: "QUOTATION_REJECTED", Class: Failed, Sub: true, Meaning: "You rejected the quotation, so the order is not placed.",
		Todo: "If you still want the data, make another order.",
	},
}

// jobStatuses are the statuses of jobs and of their tasks: first those of workflows, then
// those of processing.
var jobStatuses = []KnownStatus{
	{Name: "NOT_STARTED", Class: InProgress, Meaning: "The job waits for its start."},
	{Name: "PENDING", Class: InProgress, Meaning: "The job waits for its start."},
	{Name: "RUNNING", Class: InProgress, Meaning: "The job is running."},
	{Name: "CANCELLING", Class: InProgress, Meaning: "The job is being cancelled."},
	{Name: "SUCCEEDED", Class: Succeeded, Meaning: "The job is complete, and its results are there."},
	{Name: "FAILED", Class: Failed, Meaning: "The job failed.", Todo: runAgain},
	{Name: "ERROR", Class: Failed, Meaning: "The job failed because of an error.", Todo: runAgain},
	{Name: "CANCELLED", Class: Cancelled, Meaning: "The job was cancelled."},
	{Name: "CANCELED", Class: Cancelled, Meaning: "The job was cancelled."},

	{Name: "CREATED", Class: InProgress, Meaning: "UP42 has the job, and checks it before the start."},
	{Name: "LICENSED", Class: InProgress, Meaning: "The process's licence is accepted. UP42 goes on with its checks."},
	{Name: "VALID", Class: InProgress, Meaning: "The input is valid. UP42 goes on with its checks."},
	{Name: "ACCEPTED", Class: InProgress, Meaning: "The credits are reserved. The job waits for its start."},
	{Name: "SUCCESSFUL", Class: Succeeded, Meaning: "The job is complete, and its results are delivered."},
	{Name: "CAPTURED", Class: Succeeded, Meaning: "The job is complete, its results are delivered and its credits are taken."},
	{Name: "INVALID", Class: Failed, Meaning: "The input is not valid.", Todo: "Correct the input, and run the job again."},
	{Name: "REJECTED", Class: Failed, Meaning: "The balance is too low for the job.", Todo: "Top up the balance, and run the job again."},
	{
		Name: "UNLICENSED", Class: Failed, Meaning: "The licence (EULA) of the process is not accepted.",
		Todo: "Accept the process's EULA at UP42, and run the job again.",
	},
	{Name: "RELEASED", Class: Failed, Meaning: "The job failed, and its credits were given back.", Todo: "Run the job again."},
}
