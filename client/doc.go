// Package client calls UP42: it signs in, manages the webhooks of a workspace, and lists
// orders and processing jobs. See client/README.md.
package client
