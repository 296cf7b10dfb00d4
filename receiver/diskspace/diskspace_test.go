package diskspace_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/diskspace"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

func TestMain(m *testing.M) { testmain.Run(m) }

func TestOf(t *testing.T) {
	dir := t.TempDir()
	s, err := diskspace.Of(dir)
	require.NoError(t, err)
	assert.Positive(t, s.Free)
	assert.GreaterOrEqual(t, s.Total, s.Free)
	_, err = diskspace.Of(filepath.Join(dir, "none"))
	assert.Error(t, err)
}
