// Platforms checks for `make lint` that the program and its tests compile on each platform that
// it is released for. It reads the source and makes no code, so it takes seconds for each.
package main

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/signal"
	"slices"

	"golang.org/x/sync/errgroup"
	"golang.org/x/tools/go/packages"
)

// platforms have each system and each architecture that there is a release for, but for the
// usual one, which go vet checks. Arguments name others.
var platforms = []string{"linux/386", "darwin/arm64", "windows/amd64", "windows/386", "freebsd/arm64"}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	which := os.Args[1:]
	if len(which) == 0 {
		which = platforms
	}
	if err := checkAll(ctx, which); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// checkAll checks the module in the working folder on some platforms, two at a time.
func checkAll(ctx context.Context, which []string) error {
	found := make([]error, len(which))
	var checks errgroup.Group
	checks.SetLimit(2)
	for i, p := range which {
		checks.Go(func() error {
			found[i] = check(ctx, p)
			return nil
		})
	}
	return errors.Join(append(found, checks.Wait())...)
}

// check returns all errors of the source on a platform.
func check(ctx context.Context, platform string) error {
	p, err := parse(platform)
	if err != nil {
		return err
	}
	loaded, err := packages.Load(&packages.Config{
		Context: ctx, Tests: true, Env: append(os.Environ(), "GOOS="+p.os, "GOARCH="+p.arch, "CGO_ENABLED=0"),
		ParseFile: parseFile,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps | packages.NeedSyntax |
			packages.NeedTypes | packages.NeedTypesSizes,
	}, "./...")
	if err != nil {
		return fmt.Errorf("%s: %w", platform, err)
	}
	var problems []string
	packages.Visit(loaded, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			problems = append(problems, fmt.Sprintf("%s: %v", platform, e))
		}
	})
	slices.Sort(problems)
	for _, text := range slices.Compact(problems) {
		err = errors.Join(err, errors.New(text))
	}
	return err
}

// parseFile leaves out what types do not need.
func parseFile(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
	return parser.ParseFile(fset, name, src, parser.AllErrors|parser.SkipObjectResolution)
}
