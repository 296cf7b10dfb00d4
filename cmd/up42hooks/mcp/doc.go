// Package mcp is the command that serves the store, and what can be done with it, to agents:
// a Model Context Protocol server on standard input and output.
package mcp
