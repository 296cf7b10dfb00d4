package access

import "golang.org/x/sys/windows"

// Rights. Enter is for folders: to use what is in it.
const (
	Exist Right = 0
	Read  Right = windows.FILE_READ_DATA  // of a folder: list it
	Write Right = windows.FILE_WRITE_DATA // of a folder: make files in it
	Enter Right = windows.FILE_EXECUTE    // of a folder: go through it
)

// Check returns an error if the user does not have the rights, or if there is no such file.
func Check(path string, r Right) error {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	const share = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	// With this flag it also opens folders.
	h, err := windows.CreateFile(name, uint32(r), share, nil, windows.OPEN_EXISTING, windows.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if err != nil {
		return err
	}
	return windows.CloseHandle(h)
}
