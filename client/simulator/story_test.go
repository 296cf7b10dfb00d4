package simulator_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
)

// The first minute at the default speed shows each course that asks something of the user,
// or is easily misunderstood, from its start to its end.
func TestTheFirstMinuteShowsEachCourse(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3, 42} {
		var courses [][]string
		tasks := map[string]bool{}
		byID := map[string]int{}
		for _, d := range played(t, simulator.Options{Seed: seed}, time.Minute, 0) {
			at, known := byID[d.id()]
			if !known {
				at = len(courses)
				byID[d.id()], courses = at, append(courses, nil)
			}
			courses[at] = append(courses[at], d.state())
			if d.Body.JobTaskID != "" {
				tasks[d.Body.JobTaskID] = true
			}
		}
		for name, want := range map[string][]string{
			"a feasibility study that waits for its owner": {
				"CREATED FEASIBILITY_WAITING_UPLOAD", "CREATED FEASIBILITY_WAITING_RESPONSE", "CREATED QUOTATION_WAITING_UPLOAD",
				"CREATED QUOTATION_WAITING_RESPONSE", "CREATED QUOTATION_ACCEPTED", "BEING_PLACED QUOTATION_ACCEPTED",
				"PLACED QUOTATION_ACCEPTED", "BEING_FULFILLED QUOTATION_ACCEPTED", "FULFILLED QUOTATION_ACCEPTED",
			},
			"a placement that fails and recovers": {"BEING_PLACED", "PLACEMENT_FAILED", "PLACED", "BEING_FULFILLED", "FULFILLED"},
			"a job with three tasks": {
				"licensed", "valid", "accepted", "running", "tiling:1 running", "tiling:1 successful", "detection:1 running", "detection:1 successful",
				"merging:1 running", "merging:1 successful", "successful", "captured",
			},
			"a job that is successful, then captured": {"licensed", "valid", "accepted", "running", "successful", "captured"},
		} {
			assert.True(t, slices.ContainsFunc(courses, func(c []string) bool { return slices.Equal(c, want) }), "seed %d: %s in %v", seed, name, courses)
		}
		assert.GreaterOrEqual(t, len(tasks), 3)
	}
}

// The owner has some seconds to see that an order waits.
func TestAnOrderWaitsForItsOwner(t *testing.T) {
	seen := played(t, simulator.Options{Seed: 1}, time.Minute, 0)
	i := slices.IndexFunc(seen, func(d delivery) bool { return d.Body.SubStatus == "FEASIBILITY_WAITING_RESPONSE" })
	require.GreaterOrEqual(t, i, 0)
	next := slices.IndexFunc(seen[i+1:], func(d delivery) bool { return d.id() == seen[i].id() })
	require.GreaterOrEqual(t, next, 0)
	assert.GreaterOrEqual(t, seen[i+1+next].at.Sub(seen[i].at), 6*time.Second)
	assert.Less(t, seen[i].at.Sub(epoch), 20*time.Second)
}
