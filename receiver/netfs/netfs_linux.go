package netfs

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// names are the network file systems by their type of statfs(2), and those through which a
// virtual machine sees files of its host.
var names = map[uint32]string{
	unix.NFS_SUPER_MAGIC: "NFS", unix.SMB_SUPER_MAGIC: "SMB", unix.CIFS_SUPER_MAGIC: "SMB/CIFS", unix.SMB2_SUPER_MAGIC: "SMB",
	unix.V9FS_MAGIC: "9p", unix.AFS_SUPER_MAGIC: "AFS", unix.AFS_FS_MAGIC: "AFS", unix.CODA_SUPER_MAGIC: "Coda",
	unix.OCFS2_SUPER_MAGIC: "OCFS2", 0x00c36400: "Ceph", 0x0bd00bd0: "Lustre", 0x01161970: "GFS2", 0x47504653: "GPFS",
	0x564c: "NCP", 0x786f4256: "vboxsf", 0xbacbacbc: "vmhgfs", 0x7c7c6673: "prlfs",
}

// localFUSE are file systems in user space that keep their files on this machine.
var localFUSE = []string{"fuseblk", "fuse.fuse-overlayfs", "fuse.mergerfs", "fuse.gocryptfs", "fuse.encfs", "fuse.lxcfs", "fuse.ntfs-3g"}

func of(path string) string {
	var at unix.Statfs_t
	if unix.Statfs(path, &at) != nil {
		return ""
	}
	if uint32(at.Type) != unix.FUSE_SUPER_MAGIC {
		return names[uint32(at.Type)]
	}
	var st unix.Stat_t
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil || unix.Stat(path, &st) != nil {
		return "FUSE"
	}
	return fuse(typeOf(string(mounts), fmt.Sprintf("%d:%d", unix.Major(st.Dev), unix.Minor(st.Dev))))
}

// typeOf returns the type of the mount of a device, from the text of mountinfo.
func typeOf(mounts, device string) string {
	for line := range strings.Lines(mounts) {
		mount, system, _ := strings.Cut(line, " - ")
		if f := strings.Fields(mount); len(f) > 2 && f[2] == device {
			kind, _, _ := strings.Cut(system, " ")
			return kind
		}
	}
	return ""
}

// fuse names a file system in user space by its type.
func fuse(kind string) string {
	for _, local := range localFUSE {
		if kind == local {
			return ""
		}
	}
	if program, ok := strings.CutPrefix(kind, "fuse."); ok {
		return "FUSE (" + program + ")"
	}
	return "FUSE"
}
