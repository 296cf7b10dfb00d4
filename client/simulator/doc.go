// Package simulator simulates UP42: its sign-in and API over HTTP, and orders and processing
// jobs that change. Changes are delivered to webhooks, with UP42's signatures.
//
// It shares no code with package client, so that the tests of each check the other. What it
// answers beyond UP42's documentation (paging, the errors of Keycloak) follows UP42's Python
// SDK, which works with it. See client/README.md.
package simulator
