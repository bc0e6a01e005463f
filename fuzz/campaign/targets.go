package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// pkg is a package with fuzz targets.
type pkg struct {
	// path is what it is imported by, dir where it is, and name how it is called here: its path without that of the
	// repository's main module.
	path, dir, name string
	targets         []string
	// binary is its test program, built to be fuzzed, and cache where the inputs worth keeping are.
	binary, cache string
}

// findTargets gives the packages of all modules that have targets whose names match the pattern, and these targets.
func findTargets(pattern *regexp.Regexp) ([]*pkg, error) {
	main, err := output(".", "go", "list", "-m")
	if err != nil {
		return nil, err
	}
	cache, err := output(".", "go", "env", "GOCACHE")
	if err != nil {
		return nil, err
	}
	modules, err := modulesBelow(".")
	if err != nil {
		return nil, err
	}
	var packages []*pkg
	for _, module := range modules {
		listed, err := output(module, "go", "test", "-list", "^Fuzz", "./...")
		if err != nil {
			return nil, err
		}
		for _, p := range parseList(listed) {
			p.name = strings.TrimPrefix(p.path, main+"/")
			p.targets = matching(p, pattern)
			if len(p.targets) == 0 {
				continue
			}
			if p.dir, err = output(module, "go", "list", "-f", "{{.Dir}}", p.path); err != nil {
				return nil, err
			}
			p.cache = filepath.Join(cache, "fuzz", filepath.FromSlash(p.path))
			packages = append(packages, p)
		}
	}
	if len(packages) == 0 {
		return nil, fmt.Errorf("there is no target that matches %q", pattern)
	}
	return packages, nil
}

// modulesBelow gives the folders of all modules at and below a folder.
func modulesBelow(root string) (folders []string, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return fs.SkipDir
		case d.Name() == "go.mod":
			folders = append(folders, filepath.Dir(path))
		}
		return nil
	})
	return folders, err
}

// parseList reads what "go test -list" prints: the names of a package before its line "ok PACKAGE TIME".
func parseList(listed string) (packages []*pkg) {
	var names []string
	for line := range strings.Lines(listed) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 1 && strings.HasPrefix(fields[0], "Fuzz"):
			names = append(names, fields[0])
		case len(fields) > 1 && fields[0] == "ok":
			if len(names) > 0 {
				packages = append(packages, &pkg{path: fields[1], targets: names})
			}
			names = nil
		}
	}
	return packages
}

func matching(p *pkg, pattern *regexp.Regexp) (names []string) {
	for _, name := range p.targets {
		if pattern.MatchString(p.name + "." + name) {
			names = append(names, name)
		}
	}
	return names
}

// build builds the test program with what the fuzzer needs in it, so that what a run takes is for fuzzing.
func (p *pkg) build(ctx context.Context, folder string) error {
	p.binary = p.program(folder, "fuzz")
	return run(ctx, p.dir, "go", "test", "-c", "-fuzz", ".", "-o", p.binary, ".")
}

// program is where to put a test program of the package that is built in one way.
func (p *pkg) program(folder, way string) string {
	return filepath.Join(folder, strings.ReplaceAll(p.name, "/", "-")+"-"+way+".test")
}

// output runs a command and gives what it prints, without the last line feed.
func output(dir, name string, args ...string) (string, error) {
	command := exec.Command(name, args...)
	command.Dir = dir
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(command.Args, " "), err, out)
	}
	return string(bytes.TrimRight(out, "\n")), nil
}

// run runs a command, of whose output nobody hears unless it fails.
func run(ctx context.Context, dir, name string, args ...string) error {
	command := exec.CommandContext(ctx, name, args...)
	command.Dir = dir
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(command.Args, " "), err, out)
	}
	return nil
}
