// Package simulator is a simulated UP42: sign-in and API on real HTTP, and
// orders and processing jobs that live and are told of to the webhooks that
// subscribe, signed as UP42 signs (wire.md).
//
// It shares no code with package client, so that each checks the other; both
// are written from wire.md. What a client can see of UP42's own answers beyond
// that (paging, Keycloak's errors) follows UP42's Python SDK, which works
// against it.
package simulator
