package recorded_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/recording/recorded"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func read(t *testing.T, file string) *recorded.Recording {
	t.Helper()
	in, err := os.Open(file)
	require.NoError(t, err)
	defer in.Close()
	r, err := recorded.Read(in)
	require.NoError(t, err)
	return r
}

// What is older than asked for is not recorded, even if nothing that is stored is as new.
func TestWhatFollowsIsRecorded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new.rec")
	synctest.Test(t, func(t *testing.T) {
		log := receivertest.NewLog(receivertest.Order("old", "CREATED", receivertest.At(noon)))
		defer log.Close()
		r, err := recorded.Create(file)
		require.NoError(t, err)
		last, err := r.Stored(t.Context(), log, noon.Add(time.Minute))
		require.NoError(t, err)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- r.Follow(ctx, log, last) }()
		log.Add(receivertest.Order("new", "PLACED", receivertest.At(noon.Add(2*time.Minute))))
		synctest.Wait()
		log.Add(receivertest.Order("new", "FULFILLED", receivertest.At(noon.Add(2*time.Minute+1500*time.Millisecond))))
		synctest.Wait()
		n, err := r.State()
		require.NoError(t, err)
		assert.Equal(t, 2, n)
		stop()
		require.ErrorIs(t, <-ended, context.Canceled)
		_, err = r.State()
		require.NoError(t, err, "to end is no fault")
		require.NoError(t, r.Close())
	})
	got := read(t, file)
	require.Len(t, got.Deliveries, 2)
	assert.Equal(t, 1500*time.Millisecond, got.Deliveries[1].After())
	assert.Contains(t, string(got.Deliveries[1].Body), "FULFILLED")
	assert.NotContains(t, string(got.Deliveries[1].Body), `"new"`)
	_, err := recorded.Create(file)
	require.ErrorContains(t, err, "exists already")
}

func TestAFaultEndsARecording(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "cut.rec")
	log := receivertest.NewLog(receivertest.Order("a", "CREATED", receivertest.At(noon)))
	defer log.Close()
	r, err := recorded.Create(file)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	require.ErrorIs(t, r.Follow(t.Context(), log, 0), os.ErrClosed, "as on a full disk")
	n, err := r.State()
	assert.Zero(t, n)
	require.ErrorContains(t, err, "write the recording")
	broken := errors.New("can't be read")
	log.Fail(broken)
	require.ErrorIs(t, r.Follow(t.Context(), log, 0), broken)
	_, err = r.Stored(t.Context(), log, time.Time{})
	require.ErrorIs(t, err, broken)
}

// A recording may be cut off anywhere.
func TestARecordingThatIsCutOff(t *testing.T) {
	t.Parallel()
	whole := `{"up42hooks":"recording","version":1,"key":"a-key"}` + "\n" + `{"at":0,"body":{}}` + "\n" + `{"at":5,"body":{}}` + "\n"
	head := strings.Index(whole, "\n") + 1
	for end := range whole {
		got, err := recorded.Read(strings.NewReader(whole[:end]))
		if end < head-1 {
			require.ErrorContains(t, err, "cut off before its first delivery", "%q", whole[:end])
			continue
		}
		require.NoError(t, err, "%q", whole[:end])
		assert.LessOrEqual(t, len(got.Deliveries), 2)
		assert.Equal(t, !strings.HasSuffix(whole[:end], "\n") && !strings.HasSuffix(whole[:end], "{}}"), got.Cut, "%q", whole[:end])
	}
	_, err := recorded.Read(strings.NewReader("another file\n"))
	require.ErrorContains(t, err, "this is not a recording")
}
