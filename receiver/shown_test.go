package receiver_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
)

func TestShownAndExplained(t *testing.T) {
	const ended = "The event says that this status is final."
	for _, tc := range []struct {
		status, sub   receiver.Status
		final         bool
		shown         receiver.Status
		meaning, todo string
	}{
		{"PLACED", "", false, "PLACED", "The host of the data has the order.", ""},
		{"CREATED", "FEASIBILITY_WAITING_UPLOAD", false, "FEASIBILITY_WAITING_UPLOAD", "UP42 is preparing the feasibility study.", ""},
		{
			"created", "feasibility waiting response", false, "feasibility waiting response",
			"The feasibility study is ready. UP42 waits for your choice.", "Choose an option of the feasibility study at UP42.",
		},
		{"CREATED", "DESIGN_WAITING", false, "DESIGN_WAITING", "", ""},
		{"PLACED", "QUOTATION_ACCEPTED", false, "PLACED", "The host of the data has the order.", ""},
		{
			"PLACED", "QUOTATION_WAITING_RESPONSE", false, "QUOTATION_WAITING_RESPONSE",
			"The quotation is ready. UP42 waits for your decision.", "Accept or reject the quotation at UP42.",
		},
		{"FULFILLED", "QUOTATION_WAITING_RESPONSE", true, "FULFILLED", "The order is complete, and the data is delivered.", ""},
		{
			"CREATED", "QUOTATION_REJECTED", false, "QUOTATION_REJECTED",
			"You rejected the quotation, so the order is not placed.", "If you still want the data, make another order.",
		},
		{
			"PLACEMENT_FAILED", "", false, "PLACEMENT_FAILED",
			"UP42 could not place the order with the host of the data, and is working on it.", "Wait until UP42 has resolved it, or cancel the order.",
		},
		{
			"PLACEMENT_FAILED", "", true, "PLACEMENT_FAILED",
			"Something failed, and the event says that this is final.", "Look at it at UP42 for the cause.",
		},
		{"PLACED", "", true, "PLACED", ended, ""},
		{"ARCHIVED", "", true, "ARCHIVED", ended, ""},
		{"ARCHIVED", "", false, "ARCHIVED", "", ""},
		{"", "", false, "", "", ""},
	} {
		assert.Equal(t, tc.shown, receiver.Order.Shown(tc.status, tc.sub, tc.final), "%+v", tc)
		meaning, todo := receiver.Order.Explain(tc.status, tc.sub, tc.final)
		assert.Equal(t, tc.meaning, meaning, "%+v", tc)
		assert.Equal(t, tc.todo, todo, "%+v", tc)
	}
	assert.Equal(t, receiver.Status("X"), receiver.Kind("scene").Shown("X", "Y", false))
}
