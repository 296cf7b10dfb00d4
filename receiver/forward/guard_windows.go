package forward

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// guard puts a program into a job that ends with us: Windows kills it and its children if we end
// before release is called, even if we are killed. Without a job nothing happens.
func guard(pid int) (release func()) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return func() {}
	}
	release = func() { _ = windows.CloseHandle(job) }
	if limit(job, windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE) != nil {
		return release
	}
	program, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid))
	if err != nil {
		return release
	}
	_ = windows.AssignProcessToJobObject(job, program)
	_ = windows.CloseHandle(program)
	return func() {
		_ = limit(job, 0) // children that it left go on
		_ = windows.CloseHandle(job)
	}
}

func limit(job windows.Handle, flags uint32) error {
	var info windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	info.BasicLimitInformation.LimitFlags = flags
	_, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	return err
}
