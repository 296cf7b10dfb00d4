package admin

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/VictoriaMetrics/metrics"
)

// processFamilies are the metrics that the library writes about the process and Go's
// runtime. The library has types for them, but no help.
var processFamilies = []Family{
	{"process_cpu_seconds_total", counter, "Processor time of the process."},
	{"process_cpu_seconds_system_total", counter, "Processor time of the process inside the kernel."},
	{"process_cpu_seconds_user_total", counter, "Processor time of the process outside the kernel."},
	{"process_major_pagefaults_total", counter, "Page faults that had to read from a disk."},
	{"process_minor_pagefaults_total", counter, "Page faults that needed no disk."},
	{"process_pagefaults_total", counter, "Page faults, with a disk or without; on Windows."},
	{"process_num_threads", gauge, "Threads of the process."},
	{"process_start_time_seconds", gauge, "When the process started, in Unix seconds."},
	{"process_resident_memory_bytes", gauge, "Memory of the process that is in RAM."},
	{"process_resident_memory_peak_bytes", gauge, "The most memory of the process that was in RAM."},
	{"process_resident_memory_anon_bytes", gauge, "Memory in RAM that belongs to no file."},
	{"process_resident_memory_file_bytes", gauge, "Memory in RAM that maps files."},
	{"process_resident_memory_shared_bytes", gauge, "Memory in RAM that is shared with other processes."},
	{"process_virtual_memory_bytes", gauge, "Address space of the process."},
	{"process_virtual_memory_peak_bytes", gauge, "The largest address space that the process had."},
	{"process_virtual_memory_max_bytes", gauge, "How large the address space of the process may become; on macOS."},
	{"process_open_fds", gauge, "Open files of the process."},
	{"process_max_fds", gauge, "How many open files the process may have."},
	{"process_io_read_bytes_total", counter, "Bytes that the process has read."},
	{"process_io_written_bytes_total", counter, "Bytes that the process has written."},
	{"process_io_read_syscalls_total", counter, "System calls of the process that read."},
	{"process_io_write_syscalls_total", counter, "System calls of the process that wrote."},
	{"process_io_storage_read_bytes_total", counter, "Bytes that were read from a disk for the process."},
	{"process_io_storage_written_bytes_total", counter, "Bytes that were written to a disk for the process."},
	{"process_pressure_cpu_waiting_seconds_total", counter, "How long some task waited for a processor."},
	{"process_pressure_cpu_stalled_seconds_total", counter, "How long all tasks waited for a processor."},
	{"process_pressure_io_waiting_seconds_total", counter, "How long some task waited for a disk."},
	{"process_pressure_io_stalled_seconds_total", counter, "How long all tasks waited for a disk."},
	{"process_pressure_memory_waiting_seconds_total", counter, "How long some task waited for memory."},
	{"process_pressure_memory_stalled_seconds_total", counter, "How long all tasks waited for memory."},
	{"go_info", gauge, "The version of Go, as a label; the value is 1."},
	{"go_info_ext", gauge, "Compiler, architecture and system, as labels; the value is 1."},
	{"go_goroutines", gauge, "Goroutines that exist."},
	{"go_threads", gauge, "Threads that Go's runtime has made."},
	{"go_cgo_calls_count", counter, "Calls from Go to C."},
	{"go_cpu_count", gauge, "Processors that the process can use."},
	{"go_gomaxprocs", gauge, "How many goroutines can run at a time (GOMAXPROCS)."},
	{"go_memlimit_bytes", gauge, "The memory limit of Go's runtime (GOMEMLIMIT)."},
	{"go_sched_latencies_seconds", histogram, "How long goroutines that could run waited for a processor."},
	{"go_mutex_wait_seconds_total", counter, "How long goroutines waited for locks."},
	{"go_scavenge_cpu_seconds_total", counter, "Processor time for giving memory back to the system."},
	{"go_gc_duration_seconds", summary, "How long garbage collections paused the process."},
	{"go_gc_pauses_seconds", histogram, "How long single pauses of garbage collections took."},
	{"go_gc_forced_count", counter, "Garbage collections that the program asked for."},
	{"go_gc_cpu_seconds_total", counter, "Processor time for garbage collections."},
	{"go_gc_mark_assist_cpu_seconds_total", counter, "Processor time that goroutines spent on helping garbage collections."},
	{"go_memstats_alloc_bytes", gauge, "Memory of objects on the heap."},
	{"go_memstats_alloc_bytes_total", counter, "Memory that was allocated for objects on the heap, freed objects included."},
	{"go_memstats_buck_hash_sys_bytes", gauge, "Memory for profiling."},
	{"go_memstats_frees_total", counter, "Objects on the heap that were freed."},
	{"go_memstats_gc_cpu_fraction", gauge, "The share of processor time that garbage collections took."},
	{"go_memstats_gc_sys_bytes", gauge, "Memory for the garbage collector's own data."},
	{"go_memstats_heap_alloc_bytes", gauge, "Memory of objects on the heap, as go_memstats_alloc_bytes."},
	{"go_memstats_heap_idle_bytes", gauge, "Memory of the heap that has no objects."},
	{"go_memstats_heap_inuse_bytes", gauge, "Memory of the heap that has objects."},
	{"go_memstats_heap_objects", gauge, "Objects on the heap."},
	{"go_memstats_heap_released_bytes", gauge, "Memory of the heap that was given back to the system."},
	{"go_memstats_heap_sys_bytes", gauge, "Memory that the system gave for the heap."},
	{"go_memstats_last_gc_time_seconds", gauge, "When the last garbage collection ended, in Unix seconds."},
	{"go_memstats_lookups_total", counter, "Lookups of pointers by the runtime."},
	{"go_memstats_mallocs_total", counter, "Objects on the heap that were allocated."},
	{"go_memstats_mcache_inuse_bytes", gauge, "Memory of the allocator's caches that is in use."},
	{"go_memstats_mcache_sys_bytes", gauge, "Memory that the system gave for the allocator's caches."},
	{"go_memstats_mspan_inuse_bytes", gauge, "Memory of the allocator's spans that is in use."},
	{"go_memstats_mspan_sys_bytes", gauge, "Memory that the system gave for the allocator's spans."},
	{"go_memstats_next_gc_bytes", gauge, "The size of the heap at which the next garbage collection begins."},
	{"go_memstats_other_sys_bytes", gauge, "Memory that the system gave for other parts of the runtime."},
	{"go_memstats_stack_inuse_bytes", gauge, "Memory of stacks that is in use."},
	{"go_memstats_stack_sys_bytes", gauge, "Memory that the system gave for stacks."},
	{"go_memstats_sys_bytes", gauge, "All memory that the system gave to Go's runtime."},
}

// writeProcess writes the metrics of the process and of Go's runtime, with help and type before
// each. The library can write a type, but only if that is set for the whole program.
func writeProcess(w io.Writer) {
	var all bytes.Buffer
	metrics.WriteProcessMetrics(&all)
	last := -1
	for line := range strings.Lines(all.String()) {
		if i := processFamily(line); i >= 0 && i != last {
			processFamilies[i].write(w)
			last = i
		}
		_, _ = io.WriteString(w, line) // the client may be gone
	}
}

// processFamily returns the index of the family that a series belongs to, or -1.
func processFamily(series string) int {
	name, _, _ := strings.Cut(series, " ")
	name, _, _ = strings.Cut(name, "{")
	return slices.IndexFunc(processFamilies, func(f Family) bool {
		if f.Type != histogram && f.Type != summary {
			return f.Name == name
		}
		part, ok := strings.CutPrefix(name, f.Name)
		return ok && slices.Contains([]string{"", "_bucket", "_sum", "_count"}, part)
	})
}
