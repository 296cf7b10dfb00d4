// Package tunnel makes a receiver on this machine reachable from the internet.
//
// A [Tunnel] runs an installed tunnel program (cloudflared or ngrok), finds its public URL,
// follows whether it is connected, restarts it when it dies, and ends it when this program
// ends. A [Registration] keeps a UP42 webhook pointed at that URL. It writes a journal before
// it creates the webhook, so that the next run finds and removes a webhook that a crash left
// behind.
//
// The build tag ngrok adds ngrok's own library, which needs no program.
package tunnel
