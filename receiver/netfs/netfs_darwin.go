package netfs

import (
	"strings"

	"golang.org/x/sys/unix"
)

// names are the network file systems by their names of statfs(2).
var names = map[string]string{
	"nfs": "NFS", "smbfs": "SMB", "afpfs": "AFP", "webdav": "WebDAV", "ftp": "FTP",
	"macfuse": "FUSE", "osxfuse": "FUSE", "osxfusefs": "FUSE", "fusefs": "FUSE",
}

func of(path string) string {
	var at unix.Statfs_t
	if unix.Statfs(path, &at) != nil {
		return ""
	}
	return names[strings.ToLower(unix.ByteSliceToString(at.Fstypename[:]))]
}
