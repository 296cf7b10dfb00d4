package remote

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Somebody asks for the webhooks while another one changes them.
func TestAnAnswerFromBeforeAChangeIsNotKept(t *testing.T) {
	s := newShared[string](time.Hour)
	asked, answer := make(chan struct{}), make(chan struct{})
	var asking sync.WaitGroup
	asking.Go(func() {
		old, err := s.get(t.Context(), func(context.Context) (string, error) {
			close(asked)
			<-answer
			return "before", nil
		})
		assert.NoError(t, err)
		assert.Equal(t, "before", old)
	})
	<-asked
	s.forget()
	close(answer)
	for range 2 {
		now, err := s.get(t.Context(), func(context.Context) (string, error) { return "after", nil })
		require.NoError(t, err)
		assert.Equal(t, "after", now)
	}
	asking.Wait()
}
