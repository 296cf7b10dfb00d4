package signature

// This file parses RFC 8941 dictionaries. It differs from a usual parser: it keeps
// repeated keys (in the RFC the last one wins, which is not safe for a signature), reads
// integers of up to 20 digits, and allocates nothing for a header of the usual size (see the
// allocations of BenchmarkVerify).

// maxNodes limits the size of a dictionary. RFC 8941 §3.2 requires at least 1,024
// members.
const maxNodes = 1024

// node is a part of a dictionary. A dictionary is a flat list of nodes in the order of
// the text: a member; if it is a list, its elements, each followed by its parameters;
// then the parameters of the member; then the next member.
type node struct {
	role role
	// key is the name of a member or a parameter.
	key string
	// bare is the value; a list has none.
	bare
}

type role uint8

const (
	roleItem         role = iota // a member that is an item
	roleList                     // a member that is an inner list
	roleElement                  // an item in the list
	roleElementParam             // a parameter of that item
	roleParam                    // a parameter of the member
)

// bare is a bare item of RFC 8941.
type bare struct {
	kind kind
	// text is a string without quotes and escapes, a token, the base64 of a byte
	// sequence, a number with its sign, or the 0 or 1 of a boolean.
	text string
}

type kind uint8

const (
	noValue kind = iota
	kindInteger
	kindDecimal
	kindString
	kindToken
	kindBytes
	kindBoolean
)

// appendDictionary appends the nodes of a dictionary to dst; ok is false if the text is
// not a dictionary. The nodes refer to the memory of text.
func appendDictionary(dst []node, text string) (nodes []node, ok bool) {
	s := scanner{text: text, nodes: dst}
	s.spaces()
	for s.more() {
		if !s.member() {
			return nil, false
		}
		s.optionalSpace()
		if !s.more() {
			break
		}
		if !s.take(',') {
			return nil, false
		}
		s.optionalSpace()
		if !s.more() {
			return nil, false // a comma with nothing after it
		}
	}
	return s.nodes, true
}

type scanner struct {
	text  string
	pos   int
	nodes []node
}

func (s *scanner) more() bool { return s.pos < len(s.text) }

// take skips c if it is the next character.
func (s *scanner) take(c byte) bool {
	if s.more() && s.text[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

func (s *scanner) spaces() {
	for s.take(' ') {
	}
}

func (s *scanner) optionalSpace() {
	for s.take(' ') || s.take('\t') {
	}
}

func (s *scanner) add(n node) bool {
	if len(s.nodes) == maxNodes {
		return false
	}
	s.nodes = append(s.nodes, n)
	return true
}

func (s *scanner) member() bool {
	key, ok := s.key()
	if !ok {
		return false
	}
	if !s.take('=') {
		return s.add(node{roleItem, key, boolTrue}) && s.params(roleParam)
	}
	if s.take('(') {
		return s.add(node{role: roleList, key: key}) && s.elements() && s.params(roleParam)
	}
	b, ok := s.bare()
	return ok && s.add(node{roleItem, key, b}) && s.params(roleParam)
}

// elements reads an inner list after its opening parenthesis.
func (s *scanner) elements() bool {
	for {
		s.spaces()
		if s.take(')') {
			return true
		}
		b, ok := s.bare()
		if !ok || !s.add(node{role: roleElement, bare: b}) || !s.params(roleElementParam) {
			return false
		}
		if !s.more() || s.text[s.pos] != ' ' && s.text[s.pos] != ')' {
			return false
		}
	}
}

func (s *scanner) params(r role) bool {
	for s.take(';') {
		s.spaces()
		key, ok := s.key()
		b := boolTrue
		if ok && s.take('=') {
			b, ok = s.bare()
		}
		if !ok || !s.add(node{r, key, b}) {
			return false
		}
	}
	return true
}

// boolTrue is the value of a member or parameter without a value.
var boolTrue = bare{kindBoolean, "1"}

func (s *scanner) key() (string, bool) {
	return s.span(func(c byte) bool { return isLower(c) || c == '*' }, isKeyChar)
}

// span reads one character of the kind first, and then all of the kind next.
func (s *scanner) span(first, next func(byte) bool) (string, bool) {
	if !s.more() || !first(s.text[s.pos]) {
		return "", false
	}
	start := s.pos
	for s.pos++; s.more() && next(s.text[s.pos]); s.pos++ {
	}
	return s.text[start:s.pos], true
}

func (s *scanner) bare() (bare, bool) {
	if !s.more() {
		return bare{}, false
	}
	switch c := s.text[s.pos]; {
	case c == '"':
		return s.str()
	case c == '-' || isDigit(c):
		return s.number()
	case c == ':':
		return s.bytes()
	case c == '?':
		return s.boolean()
	case c == '*' || isAlpha(c):
		text, ok := s.span(func(byte) bool { return true }, isTokenChar)
		return bare{kindToken, text}, ok
	default:
		return bare{}, false
	}
}

// str reads a string. It copies only a string that has escapes.
func (s *scanner) str() (bare, bool) {
	s.pos++
	start := s.pos
	var unescaped []byte
	for ; s.more(); s.pos++ {
		switch c := s.text[s.pos]; {
		case c == '"':
			text := s.text[start:s.pos]
			s.pos++
			return bare{kindString, string(unescaped) + text}, true
		case c == '\\':
			unescaped = append(unescaped, s.text[start:s.pos]...)
			s.pos++
			if !s.more() || s.text[s.pos] != '"' && s.text[s.pos] != '\\' {
				return bare{}, false
			}
			start = s.pos
		case c < ' ' || c > '~':
			return bare{}, false
		}
	}
	return bare{}, false
}

// number reads an integer of up to 20 digits (RFC 8941: 15) or a decimal.
func (s *scanner) number() (bare, bool) {
	start := s.pos
	s.take('-')
	whole := s.digits()
	if whole == 0 || whole > 20 {
		return bare{}, false
	}
	if !s.take('.') {
		return bare{kindInteger, s.text[start:s.pos]}, true
	}
	fraction := s.digits()
	if whole > 12 || fraction == 0 || fraction > 3 {
		return bare{}, false
	}
	return bare{kindDecimal, s.text[start:s.pos]}, true
}

func (s *scanner) digits() int {
	start := s.pos
	for s.more() && isDigit(s.text[s.pos]) {
		s.pos++
	}
	return s.pos - start
}

func (s *scanner) bytes() (bare, bool) {
	s.pos++
	start := s.pos
	for s.more() && isBase64(s.text[s.pos]) {
		s.pos++
	}
	end := s.pos
	for s.take('=') {
	}
	text := s.text[start:s.pos]
	return bare{kindBytes, text}, s.take(':') && len(text)%4 == 0 && len(text)-(end-start) <= 2
}

func (s *scanner) boolean() (bare, bool) {
	s.pos++
	start := s.pos
	if s.take('0') || s.take('1') {
		return bare{kindBoolean, s.text[start:s.pos]}, true
	}
	return bare{}, false
}
