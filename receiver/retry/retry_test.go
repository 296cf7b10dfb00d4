package retry_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/retry"
)

func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		assert.True(t, retry.Sleep(t.Context(), time.Hour))
		assert.Equal(t, time.Hour, time.Since(began))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		assert.False(t, retry.Sleep(ctx, time.Hour))
		assert.Equal(t, time.Hour+time.Minute, time.Since(began))
		assert.False(t, retry.Sleep(ctx, 0))
		assert.True(t, retry.Sleep(t.Context(), -1))
	})
}

func TestBackoff(t *testing.T) {
	var got []time.Duration
	for failures := range 7 {
		got = append(got, retry.Backoff(failures+1, time.Second, 15*time.Second)/time.Second)
	}
	assert.Equal(t, []time.Duration{1, 2, 4, 8, 15, 15, 15}, got)
	assert.Equal(t, time.Minute, retry.Backoff(1<<30, time.Second, time.Minute))
}

func TestJitter(t *testing.T) {
	for range 1000 {
		d := retry.Jitter(10 * time.Second)
		assert.GreaterOrEqual(t, d, 6*time.Second)
		assert.LessOrEqual(t, d, 10*time.Second)
	}
	assert.Zero(t, retry.Jitter(0))
}

func TestAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for value, want := range map[string]time.Duration{
			"": 0, "7": 7 * time.Second, " 7 ": 7 * time.Second, "-7": 0, "soon": 0, "99999999": 30 * 24 * time.Hour,
			"99999999999999999999": 30 * 24 * time.Hour, "-99999999999999999999": 0, "1.5": 0, "0x10": 0,
			time.Now().UTC().Add(time.Minute).Format(http.TimeFormat):  time.Minute,
			time.Now().UTC().Add(-time.Minute).Format(http.TimeFormat): 0,
		} {
			assert.Equal(t, want, retry.After(http.Header{"Retry-After": {value}}), value)
		}
		byClock := http.Header{"Date": {"Sat, 01 Jan 2000 00:00:00 GMT"}, "Retry-After": {"Sat, 01 Jan 2000 00:10:00 GMT"}}
		assert.Equal(t, 10*time.Minute, retry.After(byClock), "the sender's clock counts")
	})
}

func TestOutlast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		longer, end := retry.Outlast(ctx, 2*time.Second)
		defer end()
		began := time.Now()
		<-longer.Done()
		assert.Equal(t, time.Minute+2*time.Second, time.Since(began))
		other, end := retry.Outlast(t.Context(), time.Second)
		end()
		assert.Error(t, other.Err())
	})
}
