// Package notify sends notifications about deliveries: to the terminal, the desktop, a
// file or a chat. Rules say about which deliveries, how, and when not.
//
// Deliveries that arrive in a burst become one message: a rule waits a moment after the
// first one, keeps a least time between two messages, and sends nothing in its quiet
// hours. What waits to be sent is kept as a summary, so it needs little memory however
// many deliveries arrive. The receiver never waits for notifications.
package notify
