// Package client speaks to UP42: it signs in, manages a workspace's webhooks
// and lists orders and processing jobs (wire.md §4 and §5).
package client
