package jsonscan_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/jsonscan"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

func TestMain(m *testing.M) { testmain.Run(m) }

// values are all values of a field, in their order.
type values []string

func (v *values) UnmarshalJSON(text []byte) error {
	*v = append(*v, string(text))
	return nil
}

// object is what both read of an object.
type object struct {
	Status values `json:"status"`
	TaskID values `json:"taskId"`
	Inner  values `json:"inner"`
}

// scan reads an object by this package. It reads an object in the field inner member by
// member.
func scan(text []byte) (o object, ok bool) {
	s := jsonscan.New(text)
	s.Object(func(name []byte) {
		var f jsonscan.Field
		switch string(jsonscan.Fold(&f, name)) {
		case "status":
			o.Status = append(o.Status, string(s.Value()))
		case "taskid":
			o.TaskID = append(o.TaskID, string(s.Value()))
		case "inner":
			if s.Next() == '{' {
				o.Inner = append(o.Inner, string(s.Object(func([]byte) { s.Value() })))
			} else {
				o.Inner = append(o.Inner, string(s.Value()))
			}
		default:
			s.Value()
		}
	})
	return o, s.End()
}

func check(t *testing.T, text []byte) {
	t.Helper()
	s := jsonscan.New(text)
	value := s.Value()
	if whole := s.End(); assert.Equal(t, json.Valid(text), whole, "%.200q", text) && whole {
		assert.Equal(t, strings.Trim(string(text), " \t\r\n"), string(value))
	}
	var want object
	isObject := json.Unmarshal(text, &want) == nil && strings.HasPrefix(strings.TrimLeft(string(text), " \t\r\n"), "{")
	if got, ok := scan(text); assert.Equal(t, isObject, ok, "%.200q", text) && ok {
		assert.Equal(t, want, got, "%.200q", text)
	}
}

var texts = []string{
	``, ` `, `{}`, ` { } `, `[]`, `[ ]`, `{"a":{}}`, `{"a":[]}`, `[{},[],{}]`, `{`, `[`, `}`, `]`, `{]`, `[}`, `{}{}`, `[1,]`, `{"a":1,}`, `{,}`,
	`{"a"}`, `{"a":}`, `{"a" 1}`, `{a:1}`, `{1:1}`, `{"a":1 "b":2}`, `[1 2]`, `{"a":1]`, `[1}`, "{}\x00", "\x00", "{\"a\":\x00}",
	`null`, `true`, `false`, `nul`, `truex`, `True`, `"a"`, `"a`, `"`, `"\"`, `"\q"`, `"\u12"`, `"\u12g4"`, `"\uD83D\ude00\n\/"`, "\"\x1f\"", "\"\x7f\xff\"", "\"a\nb\"",
	`0`, `-0`, `-`, `01`, `1.`, `1.5`, `.5`, `1e`, `1e+`, `1E-5`, `+1`, `1.5e3.2`, `--1`, `0x1`, `1e5 `, "\u00a01", "\ufeff{}",
	`{"status":"a","Status":"b","STATUS" : {"x":[1,{"status":2}]} ,"\u0073tatus":1,"ſtatus":2,"\u017ftatus":3,"tas\u212aId":4,"taskID":null,"status ":5,"":6}`,
	`{"stat\\u0075s":1,"\\u0073tatus":2,"stat\u0000us":3,"statu\u0053":4}`, "{\"status\xff\":1,\"ta\xe2\x84\xaaid\":2,\"ta\xe2\x84id\":3}",
	`{"inner":{"a":1,"b":[{}]},"inner": [ 1 ] , "inner": { }, "inner":"x"}`, `{"inner":{"a":1,}}`, `{"inner":{"a":1}`, `{"inner":{"a"`,
	`{"statusstatusstatusstatusstatus":1,"taskidtaskidtaskidtaskid":2}`,
}

func TestTheSameAsEncodingJSON(t *testing.T) {
	for _, text := range texts {
		check(t, []byte(text))
		check(t, []byte(`{"inner":`+text+`}`))
		check(t, []byte(`[`+text+`,`+text+`]`))
	}
	for _, depth := range []int{30, 31, 32, 33, 9998, 9999, 10000, 10001, 20000} {
		for _, brackets := range [][2]string{{`[`, `]`}, {`{"a":`, `}`}} {
			deep := strings.Repeat(brackets[0], depth) + `1` + strings.Repeat(brackets[1], depth)
			check(t, []byte(deep))
			check(t, []byte(`{"inner":`+deep+`}`))
			check(t, []byte(deep[:len(deep)-1]))
		}
	}
}

func FuzzTheSameAsEncodingJSON(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text))
	}
	f.Fuzz(check)
}

func TestWhatIsReturnedCantGrowIntoTheText(t *testing.T) {
	text := []byte(`{"a":[1],"b":{}}`)
	s := jsonscan.New(text)
	s.Object(func([]byte) { _ = append(s.Value(), "xxxx"...) })
	assert.True(t, s.End())
	assert.Equal(t, `{"a":[1],"b":{}}`, string(text))
}
