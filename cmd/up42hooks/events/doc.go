// Package events has the commands that list events, orders and jobs, and the parts
// with which other commands read and print events from the store.
package events
