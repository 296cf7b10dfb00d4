// Package secretcheck knows the mistakes that people make with secrets and passwords: a line
// end or quotation marks that came along, the name of a variable before it, a text that only
// stands for a secret. It changes nothing, and has no secret in its words.
package secretcheck

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// MaxLength is the length of the longest secret of a webhook at UP42, in characters.
const MaxLength = 500

// Problem says what is probably wrong with a secret, or with the file that it is in.
type Problem struct {
	// What follows a subject: "begins with a space".
	What string
	// Todo says what to do.
	Todo string
	// Harmless says that the secret is used as its owner means it.
	Harmless bool
}

// check is a mistake. is says whether a secret has it; core is the secret without what is
// around it.
type check struct {
	what, todo string
	is         func(secret, core string) bool
}

const (
	partOfIt = ", and all of it is used"
	write    = "Write the secret as UP42 has it, and nothing else."
)

// spelling are the mistakes in any text that has to be exact.
var spelling = []check{
	{"has a byte order mark" + partOfIt, "Save it as UTF-8 without a byte order mark.", has("\ufeff")},
	{"has bytes of zero, as UTF-16 has them" + partOfIt, "Save it as UTF-8.", has("\x00")},
	{"is not UTF-8" + partOfIt, "Save it as UTF-8.", func(s, _ string) bool { return !utf8.ValidString(s) }},
	{"has a line end inside" + partOfIt, "Write it on one line. Several secrets go into a file, one a line.", func(s, _ string) bool { return strings.ContainsAny(s, "\r\n\v\f\u0085\u2028\u2029") }},
	{"begins or ends with white space" + partOfIt, "Remove the white space, unless UP42 has it, too.", func(s, _ string) bool { return strings.TrimSpace(s) != s }},
	{"has characters that can't be seen" + partOfIt, "Type it instead of copying it, or copy it from a plain text.", invisible},
	{"is within quotation marks" + partOfIt, "Remove the quotation marks, unless UP42 has them, too.", quoted},
	{"has letters that look like others, or accents that are characters of their own" + partOfIt, "Type it instead of copying it, unless UP42 has them, too.", mistakable},
}

// meaning are the mistakes in the text of a secret.
var meaning = []check{
	{"ends with a backslash and an n" + partOfIt, "Remove the two characters: nothing makes a line end of them.", func(s, _ string) bool { return strings.HasSuffix(s, `\n`) }},
	{"begins with #" + partOfIt + ": there are no comments", "Remove the line, if it is a comment.", func(s, _ string) bool { return strings.HasPrefix(strings.TrimSpace(s), "#") }},
	{"begins like a comment" + partOfIt + ": there are no comments", "Remove the line, if it is a comment.", matches(`^(//|;|--\s|/\*|<!--|(?i:rem)\s)`)},
	{"ends with a comma or a semicolon" + partOfIt, "Remove it, unless UP42 has it, too.", matches(`\S[,;]$`)},
	{"has words after a #" + partOfIt + ": there are no comments", "Remove them, if they are a comment.", matches(`\S\s+#+(\s|$)`)},
	{"has a name before it, like NAME=VALUE" + partOfIt, "Keep the value only.", matches(`^\$env:\w+\s?=|^((export|set|setx|env|-e|--env)\s+)?[A-Za-z_][\w.-]{0,63}\s?=\s?[^=\s]|^[A-Za-z_][\w-]{0,63}:\s+\S|^[{].*:.*[}]$`)},
	{"is the beginning or the end of a key file" + partOfIt, "UP42's secrets are one line: copy that of the webhook.", matches(`^-----(BEGIN|END)`)},
	{"has a prefix as other services have it; UP42 uses the whole text, with the prefix" + partOfIt, "Check whether it is the secret of the webhook at UP42.", matches(`(?i)^(whsec_|whsk_|sk_(live|test)_|[rp]k_(live|test)_|bearer\s|basic\s|base64[:,]|hex:|0x[0-9a-f]{16}|sha(1|256|512)[=:-]|v[0-9][,=]|gh[pousr]_|xox[abp]-|eyJ[\w-]+\.)`)},
	{"is a text that stands for a secret" + partOfIt, "Put the real secret in its place.", matches(placeholder)},
	{"is a secret that another program has encrypted, or stands for a file" + partOfIt, "Give the secret itself.", matches(`^(ENC\[|\$ANSIBLE_VAULT;|version https://git-lfs|age-encryption\.org|SealedSecret\b)`)},
	{"names a place where a secret is" + partOfIt, "Give the secret itself, or its file with --secret-file.", matches(`(?i)^(op|vault|sm|gcpsm|awssm|file|env|secret|secretref|keyring|k8s|https?|s3|gs)://?\S|^(vault|ssm|secretsmanager|aws|gcp|akv)[:#]\S|^arn:aws\S*:|^projects/\S+/secrets/|^[@~]?/?([\w.-]+/)+[\w.-]+\.(txt|key|secret|pem|env)$|^@?/(run|etc|var|home|root|secrets|usr|opt|tmp|mnt)/\S+$`)},
	{"is encoded for a URL or a page" + partOfIt, "Decode it.", matches(`%(20|2[BF]|3[DF]|26)|&(amp|lt|gt|quot|#\d+);`)},
	{"has more than 500 characters, and UP42 takes no longer secret", write, func(s, _ string) bool { return utf8.RuneCountInString(s) > MaxLength }},
}

// placeholder matches texts of examples and forms, and variables that nothing replaced.
const placeholder = `(?i)^(change[-_ ]?(me|this|it)\W*|replace[-_ ]?(me|this)\W*|placeholder|(my|your|the|a)?[-_ ]?(up42|webhook)?[-_ ]?(secret|password)[-_ ]?(here|goes here|key|value|\d{1,3})?|` +
	`passw0rd|example|sample|dummy|foo(bar)?|test(ing)?|todo|tbd|fixme|none|null|nil|undefined|redacted|hidden|masked|x{3,}|y{3,}|[*]{3,}|[•●]{3,}|[.]{3,}|…|-{3,}|_{3,}|1234567?8?9?0?|` +
	`insert\b.*|enter\b.*|paste\b.*|.*(…|[.]{3})|<.*>|\{\{.*\}\}|\[.*\]|\$\{.*\}|\$\(.*\)|\$[A-Z_][A-Z0-9_]*|%[A-Z_][A-Z0-9_]*%)$`

// Text returns what is probably wrong with a secret. An empty one has no problem here.
func Text(secret string) []Problem {
	return append(Spelling(secret), find(meaning, secret)...)
}

// enough is how many characters nobody can guess, if they are random.
const enough = 16

// New returns what is probably wrong with a secret of a webhook: [Text], and whether it is so
// short that it can be guessed, or several secrets.
func New(secret string) []Problem {
	out := Text(secret)
	if n := utf8.RuneCountInString(secret); n > 0 && n < enough {
		what := fmt.Sprintf("has %d characters: who has one delivery can find a short secret by trying", n)
		if n == 1 {
			what = "has one character: everybody can guess it"
		}
		out = append(out, Problem{What: what, Todo: fmt.Sprintf("Use %d random characters or more.", enough)})
	}
	if isList(secret) {
		out = append(out, Problem{What: "has commas as a list of secrets has" + partOfIt, Todo: "Write each secret on a line of its own, unless UP42 has the commas, too."})
	}
	return out
}

// isList reports whether a text could be several secrets with commas between them.
func isList(text string) bool {
	items := strings.Split(text, ",")
	return len(items) > 1 && !slices.ContainsFunc(items, func(item string) bool {
		item = strings.TrimSpace(item)
		return utf8.RuneCountInString(item) < enough || strings.ContainsFunc(item, unicode.IsSpace)
	})
}

// Spelling returns what is probably wrong with the characters of a text, such as the name of a
// user.
func Spelling(text string) []Problem { return find(spelling, text) }

func find(checks []check, text string) (out []Problem) {
	core := coreOf(text)
	for _, c := range checks {
		if text != "" && c.is(text, core) {
			out = append(out, Problem{What: c.what, Todo: c.todo})
		}
	}
	return out
}

// coreOf returns a secret without white space, quotation marks and a name around it.
func coreOf(secret string) string {
	core := strings.TrimFunc(secret, func(r rune) bool { return unicode.IsSpace(r) || hidden(r) })
	if quoted(core, "") {
		_, first := utf8.DecodeRuneInString(core)
		_, last := utf8.DecodeLastRuneInString(core)
		core = core[first : len(core)-last]
	}
	return core
}

func has(part string) func(secret, _ string) bool {
	return func(secret, _ string) bool { return strings.Contains(secret, part) }
}

// matches says whether the core matches a pattern. The pattern is compiled when it is first
// asked: all of them would take a quarter of the start of each command.
func matches(pattern string) func(_, core string) bool {
	re := compiled(pattern)
	return func(_, core string) bool { return re().MatchString(core) }
}

func compiled(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// pairs are the quotation marks with which people and programs surround a text.
var pairs = map[rune]rune{
	'"': '"', '\'': '\'', '`': '`', '“': '”', '„': '“', '”': '”', '‘': '’', '‚': '‘', '’': '’', '«': '»', '»': '«', '‹': '›', '″': '″',
}

func quoted(secret, _ string) bool {
	secret = strings.TrimSpace(secret)
	first, size := utf8.DecodeRuneInString(secret)
	last, _ := utf8.DecodeLastRuneInString(secret)
	end, opens := pairs[first]
	return opens && last == end && len(secret) > size
}

// invisible says whether a secret has a character that looks like none, or like a space.
func invisible(secret, _ string) bool {
	return strings.ContainsFunc(secret, func(r rune) bool {
		return hidden(r) && r != '\ufeff' && r != 0 && !strings.ContainsRune("\r\n\v\f\u0085\u2028\u2029", r)
	})
}

// mistakable says whether a secret has Latin letters beside letters that look like them, or an accent
// that is a character of its own: the same text may have one character for both.
func mistakable(secret, _ string) bool {
	has := func(tables ...*unicode.RangeTable) bool {
		return strings.ContainsFunc(secret, func(r rune) bool { return unicode.IsOneOf(tables, r) })
	}
	wide := strings.ContainsFunc(secret, func(r rune) bool { return r >= '\uff01' && r <= '\uff5e' })
	return wide || has(unicode.Mn) && has(unicode.Latin) && !has(unicode.Variation_Selector) || has(unicode.Latin) && has(unicode.Cyrillic, unicode.Greek)
}

// hidden says whether a character can't be seen. A space of ASCII can be told.
func hidden(r rune) bool {
	return r != utf8.RuneError && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r != ' ' && unicode.Is(unicode.Zs, r) ||
		unicode.Is(unicode.Variation_Selector, r) || r == '\u3164' || r == '\u115f' || r == '\u2800')
}
