// Package filter reads filter expressions, the language in which the screen, the
// commands and the configuration choose deliveries and rows.
//
// An expression consists of words. A delivery passes if all words match it:
//
//	status:FAILED* kind:order -verdict:unsigned since:10m kiruna
//
// The words:
//   - key:value compares one property of the delivery; key:a,b matches if one of
//     the values does;
//   - a word after "-" must not match;
//   - final is short for is:final;
//   - any other word is text: it matches if the screen shows it somewhere in the
//     row, in upper or lower case;
//   - "two words" in quotes are one value or one text, and text in quotes is never
//     a key. Inside quotes, \" is a quote and \\ a backslash.
//
// keys.go has the table of all keys: how their values are read, what they match and
// how help describes them. [Keys] and [Key.Help] give it to others.
package filter
