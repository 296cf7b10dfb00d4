package suggest

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/text"
)

// proposal is a line of the drop-down.
type proposal struct {
	// word is what is put into the expression.
	word string
	// shown is how it is shown, clean, and help what it means.
	shown, help string
	// count is how often a value was counted.
	count int
	// of is the key of a value that is proposed with its key, for a word. Else it is Text.
	of filter.Key
}

// maxProposals is how many lines the drop-down has at most.
const maxProposals = 200

// proposeKeys proposes the keys that begin with what is typed, and then those that contain it.
func proposeKeys(all []filter.Key, typed string) (out []proposal) {
	typed = strings.ToLower(typed)
	var inside []proposal
	for _, k := range all {
		short, _ := k.Help()
		p := proposal{word: string(k), shown: string(k) + ":", help: short}
		switch {
		case strings.HasPrefix(string(k), typed):
			out = append(out, p)
		case len(typed) > 1 && strings.Contains(string(k), typed):
			inside = append(inside, p)
		}
	}
	return append(out, inside...)
}

// wholeKeys are the keys whose documented values are proposed for a word that begins like them, and
// leastWord is how many letters it must have.
var wholeKeys = []filter.Key{filter.Is, filter.Verdict, filter.Status, filter.Reason}

const leastWord = 3

// proposeWhole proposes values with their keys, of those that the list knows, for a word that may be
// meant so: it is searched in all columns otherwise.
func proposeWhole(all []filter.Key, documented func(filter.Key) []string, typed string) (out []proposal) {
	if typed = folded(typed); len(typed) < leastWord {
		return nil
	}
	for _, k := range wholeKeys {
		if !slices.Contains(all, k) {
			continue
		}
		for _, v := range documented(k) {
			if strings.HasPrefix(folded(v), typed) {
				out = append(out, proposal{of: k, word: v, shown: string(k) + ":" + v, help: meaning[k]})
			}
		}
	}
	return out
}

// meaning says what a value is about.
var meaning = map[filter.Key]string{
	filter.Is: "how it is", filter.Verdict: "the verdict", filter.Status: "this status only", filter.Reason: "the reason of a rejection",
}

// moments are proposed for since and until.
var moments = []proposal{
	{word: "10m", help: "ten minutes ago"},
	{word: "1h", help: "an hour ago"},
	{word: "today", help: "since midnight, in UTC"},
	{word: "yesterday", help: "since midnight of the day before, in UTC"},
	{word: "24h", help: "a day ago"},
	{word: "7d", help: "a week ago"},
	{word: "30d", help: "thirty days ago"},
}

// proposeMoments proposes times that begin with what is typed.
func proposeMoments(typed string) (out []proposal) {
	for _, p := range moments {
		if p.shown = p.word; strings.HasPrefix(p.word, strings.ToLower(typed)) {
			out = append(out, p)
		}
	}
	return out
}

// proposeValues proposes the values of a key that were counted, the most frequent ones first, and
// then those that are documented: at first those that begin with what is typed.
func proposeValues(p *filter.Place, counted map[string]int, documented []string) []proposal {
	typed := folded(strings.Trim(p.Typed, "*"))
	taken := map[string]bool{}
	for _, v := range p.Listed {
		taken[folded(v)] = true
	}
	var all []proposal
	add := func(value string, n int) {
		is := folded(value)
		word, ok := insertable(p.Key, value)
		if ok && !taken[is] && strings.Contains(is, typed) {
			taken[is] = true
			all = append(all, proposal{word: word, shown: text.Clean(value, 0), count: n})
		}
	}
	for _, value := range slices.SortedFunc(maps.Keys(counted), func(a, b string) int {
		return cmp.Or(cmp.Compare(counted[b], counted[a]), strings.Compare(a, b))
	}) {
		add(value, counted[value])
	}
	for _, value := range documented {
		add(value, 0)
	}
	slices.SortStableFunc(all, func(a, b proposal) int { return rank(&a, typed) - rank(&b, typed) })
	if len(all) == 1 && folded(all[0].word) == folded(p.Typed) {
		return nil // all of it is typed
	}
	return all[:min(len(all), maxProposals)]
}

// rank is lower for what begins with what is typed.
func rank(p *proposal, typed string) int {
	if strings.HasPrefix(folded(p.shown), typed) {
		return 0
	}
	return 1
}

// folded is a value without what filters do not tell apart.
func folded(s string) string { return strings.ReplaceAll(strings.ToLower(s), "_", " ") }

// longestWord is how many characters of a value are put into an expression.
const longestWord = 60

// insertable returns what of a value can be put into an expression: all of it, or its start
// where a filter by the start finds it, too. What can't be typed is left out.
func insertable(k filter.Key, value string) (word string, ok bool) {
	head := text.Head(value, 4*longestWord)
	head = head[:common(head, text.Clean(head, 0))]
	for utf8.RuneCountInString(head) > longestWord {
		_, n := utf8.DecodeLastRuneInString(head)
		head = head[:len(head)-n]
	}
	switch {
	case head == value:
		return value, value != ""
	case strings.TrimSpace(head) == "":
		return "", false
	}
	switch k {
	case filter.Name, filter.Type, filter.Host, filter.Webhook: // a part is enough
		return strings.TrimRight(head, " "), true
	case filter.Status, filter.Event:
		return head + "*", true
	default:
		return "", false
	}
}

// common returns the length of the start that two texts have in common.
func common(a, b string) (n int) {
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(a) && !utf8.RuneStart(a[n]) {
		n--
	}
	return n
}
