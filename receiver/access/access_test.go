package access_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/access"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

func TestMain(m *testing.M) { testmain.Run(m) }

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a")
	require.NoError(t, access.Check(dir, access.Read|access.Write|access.Enter))
	require.Error(t, access.Check(file, access.Exist))
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, r := range []access.Right{access.Exist, access.Read, access.Write} {
		assert.NoError(t, access.Check(file, r))
	}
}
