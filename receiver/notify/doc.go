// Package notify sends notifications about deliveries: to the terminal, the desktop, a
// file, a chat or by e-mail. Rules say about which deliveries, how, and when not.
//
// What can be read later (a file, a chat, an e-mail) gets one message for each delivery.
// What a person sees in passing (the bell, the desktop), and each rule that has a least time
// between two messages, gets summaries: a rule waits a moment after the first delivery of a
// burst, keeps a least time between two messages, and sends nothing in its quiet hours.
// Neither needs memory for what waits: a summary has a few words, and a message for each
// delivery is made when the log is read. The receiver never waits for notifications.
package notify
