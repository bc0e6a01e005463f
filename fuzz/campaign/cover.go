package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// covered are the packages whose coverage is measured, below the main module.
var covered = []string{"lexer", "grammar", "convert", "writer"}

// measure runs every target over its seeds, and over its seeds and the inputs in the cache, and tells what is reached.
func measure(ctx context.Context, packages []*pkg, folder string) ([]coverage, error) {
	main, err := output(".", "go", "list", "-m")
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, name := range covered {
		paths = append(paths, main+"/"+name)
	}
	seeds, all := make(profile), make(profile)
	for _, p := range packages {
		fmt.Printf("coverage by %s\n", p.name)
		program := p.program(folder, "cover")
		err := run(ctx, p.dir, "go", "test", "-c", "-cover", "-coverpkg", strings.Join(paths, ","), "-o", program, ".")
		if err != nil {
			return nil, err
		}
		if err := seeds.add(ctx, p, program, p.dir); err != nil {
			return nil, err
		}
		// A test program looks for inputs besides the seeds in testdata/fuzz of the folder that it runs in.
		place, err := os.MkdirTemp(folder, "inputs")
		if err != nil {
			return nil, err
		}
		if err := os.Mkdir(filepath.Join(place, "testdata"), 0o755); err != nil {
			return nil, err
		}
		if err := os.MkdirAll(p.cache, 0o755); err != nil {
			return nil, err
		}
		if err := os.Symlink(p.cache, filepath.Join(place, "testdata", "fuzz")); err != nil {
			return nil, err
		}
		if err := all.add(ctx, p, program, place); err != nil {
			return nil, err
		}
	}
	var list []coverage
	for _, name := range covered {
		bySeeds, statements := seeds.of(path.Join(main, name))
		byAll, _ := all.of(path.Join(main, name))
		if statements > 0 {
			list = append(list, coverage{name, statements, bySeeds, byAll})
		}
	}
	return list, nil
}

// profile is what is reached of each block of code: its statements, and whether they were run.
type profile map[string]block

type block struct {
	statements int
	reached    bool
}

// add runs the targets of a package in a folder, and adds what they reach.
func (p profile) add(ctx context.Context, from *pkg, program, folder string) error {
	out := program + ".out"
	pattern := "^(" + strings.Join(from.targets, "|") + ")$"
	if err := run(ctx, folder, program, "-test.run", pattern, "-test.coverprofile", out); err != nil {
		return err
	}
	data, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	return p.read(string(data))
}

// read reads a cover profile: behind its first line one a block, its place, its statements and how often it was run.
func (p profile) read(data string) error {
	for line := range strings.Lines(data) {
		if strings.HasPrefix(line, "mode:") {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) != 3 {
			return fmt.Errorf("a line of the cover profile is %q", line)
		}
		statements, err := strconv.Atoi(fields[1])
		if err != nil {
			return fmt.Errorf("a line of the cover profile is %q", line)
		}
		p[fields[0]] = block{statements, fields[2] != "0" || p[fields[0]].reached}
	}
	return nil
}

// of gives how many statements of a package are reached, of how many.
func (p profile) of(name string) (reached, statements int) {
	for place, b := range p {
		if file, _, _ := strings.Cut(place, ":"); path.Dir(file) != name {
			continue
		}
		statements += b.statements
		if b.reached {
			reached += b.statements
		}
	}
	return reached, statements
}
