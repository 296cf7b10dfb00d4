package signature

import "github.com/up42/up42-webhooks/receiver/jsonscan"

// bodyTimestamp returns the value of the field `timestamp` of a JSON object, as
// encoding/json would find it: the case of the name does not matter, and the last one
// counts. It returns nil if there is no such field, or if the body is not such an object.
func bodyTimestamp(body []byte) (value []byte) {
	s := jsonscan.New(body)
	var room jsonscan.Field
	s.Object(func(name []byte) {
		field := jsonscan.Fold(&room, name)
		if v := s.Value(); string(field) == "timestamp" {
			value = v
		}
	})
	if !s.End() {
		return nil
	}
	return value
}
