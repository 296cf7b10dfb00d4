package main

import "testing"

// The tests run the whole program as its users do.
func TestMain(m *testing.M) { testMain(m, main) }
