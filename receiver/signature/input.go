package signature

import (
	"math"
	"strconv"
	"strings"
)

// Label is the name of UP42's signature in both headers.
const Label = "up42-sig"

// input is the member of Signature-Input with UP42's label.
type input struct {
	components []string
	// created is in Unix seconds. A number that is too large for an int64 is the largest
	// int64.
	created    int64
	hasCreated bool
	// hasParams: a component has parameters, which this scheme does not have.
	hasParams bool
}

// parseInput reads the values of a Signature-Input header. It reuses the memory of *buf.
func parseInput(buf *[]node, lines []string) (input, error) {
	text := lines[0]
	if len(lines) > 1 {
		text = strings.Join(lines, ", ")
	}
	nodes, ok := appendDictionary((*buf)[:0], text)
	if !ok {
		return input{}, MalformedSignatureInput
	}
	*buf = nodes
	member, err := memberOfLabel(nodes)
	if err != nil {
		return input{}, err
	}
	return readInput(member)
}

// memberOfLabel returns the nodes of the member with UP42's label, which must occur once.
func memberOfLabel(nodes []node) ([]node, error) {
	var member []node
	for i := 0; i < len(nodes); {
		end := i + 1
		for end < len(nodes) && nodes[end].role > roleList {
			end++
		}
		if nodes[i].key == Label {
			if member != nil {
				return nil, MalformedSignatureInput
			}
			member = nodes[i:end]
		}
		i = end
	}
	if member == nil {
		return nil, MissingSignature
	}
	return member, nil
}

func readInput(member []node) (in input, err error) {
	if member[0].role != roleList {
		return input{}, MalformedSignatureInput
	}
	in.components = make([]string, 0, len(member)-1)
	for i, n := range member[1:] {
		switch n.role {
		case roleElement:
			if n.kind != kindString {
				return in, MalformedSignatureInput
			}
			in.components = append(in.components, n.text)
		case roleElementParam:
			in.hasParams = true
		case roleParam:
			if hasParam(member[1:1+i], n.key) {
				return in, MalformedSignatureInput
			}
			if n.key == "created" && !in.readCreated(n.bare) {
				return in, MalformedSignatureInput
			}
		}
	}
	return in, nil
}

func hasParam(nodes []node, key string) bool {
	for _, n := range nodes {
		if n.role == roleParam && n.key == key {
			return true
		}
	}
	return false
}

// readCreated sets created from an integer of 10 to 20 digits, as UP42 writes it.
func (in *input) readCreated(b bare) bool {
	if b.kind != kindInteger || len(b.text) < 10 || b.text[0] == '-' {
		return false
	}
	created, err := strconv.ParseInt(b.text, 10, 64)
	if err != nil {
		created = math.MaxInt64
	}
	in.created, in.hasCreated = created, true
	return true
}

// check checks the list itself, not the headers that it names.
func (in *input) check() (faulty string, err error) {
	if len(in.components) == 0 {
		return "", NoCoveredComponents
	}
	for i, c := range in.components {
		for _, earlier := range in.components[:i] {
			if c == earlier {
				return c, DuplicateComponent
			}
		}
	}
	for _, c := range in.components {
		if !isSupported(c) {
			return c, ComponentUnsupported
		}
	}
	if in.hasParams {
		return "", ComponentUnsupported
	}
	return "", nil
}

// isSupported says whether a component can be covered. Signature can't cover itself, but
// Signature-Input can be covered.
func isSupported(component string) bool {
	return isComponentName(component) && component != "signature"
}

// Canonical returns the value of a Signature header without insignificant white space,
// so that equal signatures have equal texts.
func Canonical(line string) string {
	label, value, found := strings.Cut(trim(line), "=")
	if !found {
		return label
	}
	return label + "=" + trim(value)
}

// parseSignature reads the values of a Signature header into claimed. found is false if
// the first has another label. With two values, the signature is not well formed: it is
// unclear which one is meant.
func parseSignature(claimed []byte, lines []string) (found, wellFormed bool) {
	label, value, _ := strings.Cut(trim(lines[0]), "=")
	return label == Label, len(lines) == 1 && decodeExactly(claimed, trim(value))
}
