package simulator

import "encoding/json"

// message is the body of a delivery, which stays the same however often it is sent.
type message struct {
	id   string
	body []byte
}

// messageJSON is the body of a delivery. See “Delivery” in receiver/README.md.
type messageJSON struct {
	Event     string `json:"event"`
	LiveMode  bool   `json:"liveMode"`
	MessageID string `json:"messageId"`
	Timestamp string `json:"timestamp"`
	Body      any    `json:"body"`
}

func (m messageJSON) encode() message {
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // it has only texts and truth values
	}
	return message{id: m.MessageID, body: text}
}
