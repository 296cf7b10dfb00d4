//go:build !unix

package main

func panicOnSignal() {}
