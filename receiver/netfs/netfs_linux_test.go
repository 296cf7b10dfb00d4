package netfs

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

const mounts = `22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
40 22 0:52 / /mnt/far rw,nosuid - fuse.sshfs me@far:/ rw,user_id=0
41 22 0:53 / /mnt/stick rw - fuseblk /dev/sdb1 rw
42 22 0:54 / /mnt/a\\040b rw shared:1 master:2 - fuse.rclone far: rw
`

func TestFUSEIsNamed(t *testing.T) {
	for device, want := range map[string]string{
		"0:52": "FUSE (sshfs)", "0:53": "", "0:54": "FUSE (rclone)", "0:99": "FUSE", // not in this namespace
	} {
		assert.Equal(t, want, fuse(typeOf(mounts, device)), device)
	}
}

func TestThisMachine(t *testing.T) {
	assert.Empty(t, Of(t.TempDir()))
	assert.Empty(t, Of("/proc/self/status"))
	assert.Empty(t, Of("/nothing/is/here"))
}
