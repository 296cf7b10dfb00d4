package bench

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// The report is between these lines of a document.
const (
	reportBegins = "<!-- make bench-report writes this -->\n"
	reportEnds   = "<!-- end of the report -->\n"
)

// writeReport replaces the report in a document.
func writeReport(file, report string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	head, rest, found := strings.Cut(string(text), reportBegins)
	_, tail, ended := strings.Cut(rest, reportEnds)
	if !found || !ended {
		return fmt.Errorf("%s has no place for the report: %q and %q", file, reportBegins, reportEnds)
	}
	return os.WriteFile(file, []byte(head+reportBegins+report+reportEnds+tail), 0o644)
}

// print prints the report, and what the other program shows.
func (b *bench) print() {
	fmt.Print(b.report())
	if b.before == "" {
		return
	}
	fmt.Printf("\n| the other program | deliveries/s | p50 | p99 | p99.9 | CPU each | memory | this one |\n|---|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, l := range b.loads(func(load) bool { return true }) {
		f := b.of(l, before)
		fmt.Printf("| %s | %s | %s | %s | %s | %s | %d MB | × %.2f |\n", l, count(int(f.rate)), wait(f.p50), wait(f.p99), wait(f.p999), micros(f.cpu), f.memory, b.ratio(l, empty, before))
	}
}

// report returns the tables, in Markdown.
func (b *bench) report() string {
	var out strings.Builder
	fmt.Fprintf(&out, "| connections | deliveries/s | p50 | p99 | CPU each | memory | 10⁶ events | receiver alone | no store | bare file | SQLite, one transaction each |\n")
	fmt.Fprintf(&out, "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, l := range b.loads(func(l load) bool { return l.rate == 0 }) {
		f := b.of(l, empty)
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %d MB |", count(l.conns), count(int(f.rate)), wait(f.p50), wait(f.p99), micros(f.cpu), f.memory)
		fmt.Fprintf(&out, " × %.2f |", b.ratio(l, million, empty))
		for _, other := range []string{ownStore, noStore, bareFile, eachByTx} {
			fmt.Fprintf(&out, " × %.2f |", b.ratio(l, other, empty))
		}
		out.WriteByte('\n')
	}
	fmt.Fprintf(&out, "\n| deliveries/s | store | p50 | p99 | p99.9 | CPU each | memory |\n|--:|---|--:|--:|--:|--:|--:|\n")
	for _, l := range b.loads(func(l load) bool { return l.rate > 0 }) {
		for _, receiver := range []struct{ name, text string }{{empty, "empty"}, {million, "10⁶ events"}} {
			f := b.of(l, receiver.name)
			fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s | %d MB |\n", count(l.rate), receiver.text, wait(f.p50), wait(f.p99), wait(f.p999), micros(f.cpu), f.memory)
		}
	}
	return out.String()
}

func (b *bench) loads(which func(load) bool) (out []load) {
	for _, l := range append(append(out, connections...), rates...) {
		if len(b.measured[run{l, empty}]) > 0 && which(l) {
			out = append(out, l)
		}
	}
	return out
}

// count groups the digits of a number that has three that matter.
func count(n int) string {
	if n >= 10_000 {
		n = (n + 50) / 100 * 100
	} else if n >= 1000 {
		n = (n + 5) / 10 * 10
	}
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

func wait(d time.Duration) string {
	return strings.TrimSuffix(fmt.Sprintf("%.3g", d.Seconds()*1000), ".0") + " ms"
}

func micros(d time.Duration) string { return fmt.Sprintf("%d µs", d.Microseconds()) }
