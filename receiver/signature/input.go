package signature

import (
	"math"
	"strconv"
	"strings"
)

// Label is the name of UP42's signature in both headers.
const Label = "up42-sig"

// input is what Signature-Input says under our label.
type input struct {
	components []string
	// created is Unix seconds; what is more than an int64 holds is its largest
	// value.
	created    int64
	hasCreated bool
	// unsupported: a component has parameters, which this scheme does not know.
	unsupported bool
}

// parseInput reads the lines of a Signature-Input header, with *buf to work in.
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
	own, err := ownMember(nodes)
	if err != nil {
		return input{}, err
	}
	return readInput(own)
}

// ownMember finds the nodes of our label, which must be there once.
func ownMember(nodes []node) ([]node, error) {
	var own []node
	for i := 0; i < len(nodes); {
		end := i + 1
		for end < len(nodes) && nodes[end].role > roleList {
			end++
		}
		if nodes[i].key == Label {
			if own != nil {
				return nil, MalformedSignatureInput
			}
			own = nodes[i:end]
		}
		i = end
	}
	if own == nil {
		return nil, MissingSignature
	}
	return own, nil
}

func readInput(own []node) (in input, err error) {
	if own[0].role != roleList {
		return input{}, MalformedSignatureInput
	}
	in.components = make([]string, 0, len(own)-1)
	for i, n := range own[1:] {
		switch n.role {
		case roleElement:
			if n.kind != kindString {
				return in, MalformedSignatureInput
			}
			in.components = append(in.components, n.text)
		case roleElementParam:
			in.unsupported = true
		case roleParam:
			if repeats(own[1:1+i], n.key) {
				return in, MalformedSignatureInput
			}
			if n.key == "created" && !in.readCreated(n.bare) {
				return in, MalformedSignatureInput
			}
		}
	}
	return in, nil
}

func repeats(earlier []node, key string) bool {
	for _, n := range earlier {
		if n.role == roleParam && n.key == key {
			return true
		}
	}
	return false
}

// readCreated takes an integer of 10 to 20 digits, as UP42 writes it.
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

// check looks at the list itself, before the headers that it names.
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
	if in.unsupported {
		return "", ComponentUnsupported
	}
	return "", nil
}

// isSupported: the signature can't be among what it signs. The list that
// describes it can (wire.md §3).
func isSupported(component string) bool {
	return isComponentName(component) && component != "signature"
}

// Canonical is a Signature header's line without the white space that means
// nothing: one signature has one text, however it was written.
func Canonical(line string) string {
	label, value, found := strings.Cut(trim(line), "=")
	if !found {
		return label
	}
	return label + "=" + trim(value)
}

// parseSignature reads the Signature header into claimed. ours is false where
// it is under another label. A second one is malformed: which of the two is
// meant would be anyone's guess.
func parseSignature(claimed []byte, lines []string) (ours, formed bool) {
	label, value, _ := strings.Cut(trim(lines[0]), "=")
	return label == Label, len(lines) == 1 && decodeExactly(claimed, trim(value))
}
