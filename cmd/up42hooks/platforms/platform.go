package main

import (
	"fmt"
	"strings"
)

// platform is an operating system with an architecture.
type platform struct{ os, arch string }

func parse(text string) (platform, error) {
	system, arch, ok := strings.Cut(text, "/")
	if !ok {
		return platform{}, fmt.Errorf("%q: want OS/ARCH, such as windows/amd64", text)
	}
	return platform{system, arch}, nil
}
