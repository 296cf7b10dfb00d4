package receiver_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
)

// statusesOf are the statuses that UP42 documents, as they may come.
var statusesOf = map[receiver.Kind]map[receiver.Class][]receiver.Status{
	receiver.Order: {
		receiver.InProgress: {
			"CREATED", "BEING_PLACED", "PLACED", "BEING_FULFILLED", "DOWNLOADED",
			"FEASIBILITY_WAITING_UPLOAD", "QUOTATION_WAITING_UPLOAD", "QUOTATION_ACCEPTED",
		},
		receiver.InTrouble: {"PLACEMENT_FAILED", "DOWNLOAD_FAILED", "DELIVERY_INITIALIZATION_FAILED"},
		receiver.NeedsYou:  {"FEASIBILITY_WAITING_RESPONSE", "QUOTATION_WAITING_RESPONSE"},
		receiver.Succeeded: {"FULFILLED"},
		receiver.Failed:    {"FAILED_PERMANENTLY", "FAILED", "QUOTATION_REJECTED"},
		receiver.Cancelled: {"CANCELED", "CANCELLED"},
	},
	receiver.Job: {
		receiver.InProgress: {"NOT STARTED", "PENDING", "RUNNING", "CANCELLING", "created", "licensed", "valid", "accepted"},
		receiver.Succeeded:  {"SUCCEEDED", "successful", "captured"},
		receiver.Failed:     {"FAILED", "ERROR", "invalid", "rejected", "unlicensed", "released"},
		receiver.Cancelled:  {"CANCELLED", "CANCELED"},
	},
}

func TestStatusClasses(t *testing.T) {
	for kind, classes := range statusesOf {
		documented := 0
		for class, statuses := range classes {
			for _, s := range statuses {
				documented++
				for _, as := range []receiver.Status{
					s, receiver.Status(strings.ToLower(string(s))), receiver.Status(s.Canonical()), receiver.Status(strings.ReplaceAll(string(s), "_", " ")),
				} {
					assert.Equal(t, class, as.Class(kind), "%s %s", kind, as)
				}
				info, ok := s.Info(kind)
				assert.True(t, ok, "%s %s", kind, s)
				assert.Equal(t, class, info.Class, "%s %s", kind, s)
			}
		}
		assert.Len(t, kind.Statuses(), documented, "the table has others")
		assert.Equal(t, receiver.InProgress, receiver.Status("SOMETHING_NEW").Class(kind))
	}
	_, ok := receiver.Status("SOMETHING_NEW").Info(receiver.Order)
	assert.False(t, ok)
}

func TestStatusesHaveWords(t *testing.T) {
	for _, k := range receiver.Kinds() {
		for _, s := range k.Statuses() {
			assert.Regexp(t, `^[A-Z].*\.$`, s.Meaning, s.Name)
			switch s.Class {
			case receiver.InTrouble, receiver.NeedsYou, receiver.Failed:
				assert.Regexp(t, `^[A-Z].*\.$`, s.Todo, s.Name)
			default:
				assert.Empty(t, s.Todo, s.Name)
			}
			assert.Equal(t, strings.HasPrefix(string(s.Name), "FEASIBILITY_") || strings.HasPrefix(string(s.Name), "QUOTATION_"), s.Sub, s.Name)
		}
	}
}

func TestClassOfAStatusWithASubStatus(t *testing.T) {
	for _, c := range []struct {
		status, sub receiver.Status
		final       bool
		want        receiver.Class
	}{
		{"CREATED", "", false, receiver.InProgress},
		{"CREATED", "FEASIBILITY_WAITING_UPLOAD", false, receiver.InProgress},
		{"CREATED", "FEASIBILITY_WAITING_RESPONSE", false, receiver.NeedsYou},
		{"CREATED", "quotation waiting response", false, receiver.NeedsYou},
		{"CREATED", "QUOTATION_REJECTED", false, receiver.Failed},
		{"CREATED", "QUOTATION_REJECTED", true, receiver.Failed},
		{"CREATED", "SOMETHING_NEW", false, receiver.InProgress},
		{"PLACEMENT_FAILED", "QUOTATION_ACCEPTED", false, receiver.InTrouble},
		{"PLACEMENT_FAILED", "", false, receiver.InTrouble},
		{"PLACEMENT_FAILED", "", true, receiver.Failed},
		{"FULFILLED", "QUOTATION_ACCEPTED", true, receiver.Succeeded},
		{"FULFILLED", "QUOTATION_WAITING_RESPONSE", true, receiver.Succeeded},
		{"CANCELED", "QUOTATION_REJECTED", true, receiver.Cancelled},
		{"FEASIBILITY_WAITING_RESPONSE", "", false, receiver.NeedsYou},
		{"FEASIBILITY_WAITING_RESPONSE", "", true, receiver.Ended},
		{"SOMETHING_NEW", "", true, receiver.Ended},
		{"", "", false, receiver.InProgress},
	} {
		assert.Equal(t, c.want, receiver.Order.Class(c.status, c.sub, c.final), "%s/%s %v", c.status, c.sub, c.final)
	}
}

func TestFinalClasses(t *testing.T) {
	for class, final := range map[receiver.Class]bool{
		receiver.InProgress: false, receiver.InTrouble: false, receiver.NeedsYou: false,
		receiver.Succeeded: true, receiver.Failed: true, receiver.Cancelled: true, receiver.Ended: true,
	} {
		assert.Equal(t, final, class.Final(), class)
	}
}

// statusTables are the tables of statuses in README.md.
func statusTables() string {
	var b strings.Builder
	for _, k := range receiver.Kinds() {
		for _, sub := range []bool{false, true} {
			what := "status"
			if sub {
				what = "sub-status"
			}
			head := fmt.Sprintf("\n| %s of %s | class | meaning | what to do |\n|---|---|---|---|\n", what, k.Plural())
			for _, s := range k.Statuses() {
				if s.Sub == sub {
					fmt.Fprintf(&b, "%s| `%s` | %s | %s | %s |\n", head, s.Name, s.Class, s.Meaning, s.Todo)
					head = ""
				}
			}
		}
	}
	return b.String() + "\n"
}

func TestReadmeListsTheStatuses(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "<!-- statuses -->\n")
	require.True(t, found)
	tables, _, found := strings.Cut(rest, "<!-- /statuses -->")
	require.True(t, found)
	assert.Equal(t, statusTables(), tables)
}
