// Package remote serves the dashboard, and commands that read, over SSH.
//
// A [Server] lets in whoever's key is in a [KeyFile]. Each session has a size, colours and a locale of
// its own, and the role of its key. What would open programs, files or other servers for a client
// does not exist in a session; neither do a shell, forwarding, an agent and subsystems.
package remote
