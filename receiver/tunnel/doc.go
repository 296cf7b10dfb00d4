// Package tunnel makes a receiver on this machine reachable from outside, by a
// tunnel program that is installed here (cloudflared or ngrok), and keeps a
// UP42 webhook pointed at where that leads.
//
// A [Tunnel] runs the program, finds its public URL, starts it again when it
// dies and ends it with us. A [Keeper] keeps the webhook: journalled before it
// is created, so that one that a crash left behind is found and removed.
package tunnel
