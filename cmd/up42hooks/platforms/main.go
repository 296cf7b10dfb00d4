// Platforms checks for `make lint` that the program and its tests compile on each platform that
// it is released for, and does there what go vet does. It reads the source and makes no code:
// go vet compiles all packages first, which takes minutes for each platform.
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

	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/suite/vet"
	"golang.org/x/tools/go/packages"
)

// platforms are those that there is a release for, but for the usual one, which go vet checks.
// Arguments name others.
var platforms = []string{
	"linux/arm64", "linux/386", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64", "windows/386", "freebsd/amd64", "freebsd/arm64",
}

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

// checkAll checks the module in the working folder on some platforms. Each takes 3 GB of memory.
func checkAll(ctx context.Context, which []string) (err error) {
	for _, p := range which {
		err = errors.Join(err, check(ctx, p))
	}
	return err
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
		Mode:      packages.LoadAllSyntax | packages.NeedModule,
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
	if len(problems) == 0 {
		problems, err = vetted(platform, loaded)
	}
	slices.Sort(problems)
	for _, text := range slices.Compact(problems) {
		err = errors.Join(err, errors.New(text))
	}
	return err
}

// vetted returns what go vet says about packages. They have no errors.
func vetted(platform string, loaded []*packages.Package) (problems []string, err error) {
	done, err := checker.Analyze(vet.Suite, loaded, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", platform, err)
	}
	for act := range done.All() {
		if !act.IsRoot {
			continue
		}
		if act.Err != nil {
			problems = append(problems, fmt.Sprintf("%s: %s: %v", platform, act, act.Err))
		}
		for _, d := range act.Diagnostics {
			problems = append(problems, fmt.Sprintf("%s: %s: %s", platform, act.Package.Fset.Position(d.Pos), d.Message))
		}
	}
	return problems, nil
}

// parseFile leaves out what types do not need.
func parseFile(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
	return parser.ParseFile(fset, name, src, parser.AllErrors|parser.SkipObjectResolution)
}
