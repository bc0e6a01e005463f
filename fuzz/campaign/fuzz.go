package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// mostFailures is how many failures of a target are enough for a round: most are of one defect.
const mostFailures = 3

// fuzz runs one target for the time of a round. A target that fails goes on with what is left of the time.
func (c *campaign) fuzz(ctx context.Context, p *pkg, name string) entry {
	total := &account{Target: p.name + "." + name}
	begin := time.Now()
	goesOn := true
	for left := c.time; goesOn && left >= time.Second && total.failures() < mostFailures && ctx.Err() == nil; {
		var spent time.Duration
		spent, goesOn = c.fuzzOnce(ctx, p, name, left, total)
		left -= spent.Round(time.Second)
	}
	total.Seconds = time.Since(begin).Seconds()
	return entry{Run: total}
}

// fuzzOnce runs a target until it fails, hangs or has tried new inputs for so long, and adds to its account. It tells how
// long that was, and whether the target failed and can go on.
func (c *campaign) fuzzOnce(ctx context.Context, p *pkg, name string, duration time.Duration, total *account) (spent time.Duration, goesOn bool) {
	args := []string{
		"-test.run", "^$", "-test.fuzz", "^" + name + "$", "-test.fuzzminimizetime", c.minimize, "-test.fuzzcachedir", p.cache, "-test.timeout", "0",
	}
	if c.parallel > 0 {
		args = append(args, "-test.parallel", strconv.Itoa(c.parallel))
	}
	running, end := context.WithCancel(ctx)
	defer end()
	command := exec.CommandContext(running, p.binary, args...)
	command.Dir = p.dir
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = time.Minute
	clock := &clock{duration: duration, end: end}
	var printed bytes.Buffer
	command.Stdout = io.MultiWriter(&printed, os.Stdout, clock)
	command.Stderr = command.Stdout
	err := command.Run()
	spent = clock.spent()
	said := printed.String()
	total.addProgress(said)
	if state := command.ProcessState; state != nil {
		// That of the fuzzing processes is counted in, since they have been waited for.
		total.CPU += (state.UserTime() + state.SystemTime()).Seconds()
		if ctx.Err() != nil || !clock.hangs() && (state.Success() || isOnlyLate(said)) {
			return spent, false
		}
	}
	if clock.hangs() {
		err = errStill
	}
	return spent, c.keep(ctx, p, name, said, err, total)
}

var (
	progress = regexp.MustCompile(`execs: (\d+) .*new interesting: (\d+) \(total: (\d+)\)`)
	written  = regexp.MustCompile(`Failing input written to (\S+)`)
	// kept is an input that failed before anything new was tried: a seed of the code or one that the fuzzer had found.
	kept = regexp.MustCompile(`failure while testing seed corpus entry: (\S+)`)
)

// addProgress adds the figures of the last line of progress.
func (a *account) addProgress(said string) {
	all := progress.FindAllStringSubmatch(said, -1)
	if len(all) == 0 {
		return
	}
	last := all[len(all)-1]
	a.Executions += number(last[1])
	a.New += number(last[2])
	a.Inputs = number(last[3])
}

func number(digits string) int64 {
	n, _ := strconv.ParseInt(digits, 10, 64) // digits is what they are
	return n
}

// isOnlyLate reports whether a run failed for no other reason than that its time ended while an input was tried. The go
// command has this defect.
func isOnlyLate(said string) bool {
	return strings.Contains(said, "context deadline exceeded") && !written.MatchString(said) && !kept.MatchString(said)
}

// keep moves the input that failed to the folder of findings, with what was said of it. It counts as a finding unless it
// passes when it is run by itself. Whether the target can go on without it is told.
func (c *campaign) keep(ctx context.Context, p *pkg, name, said string, failure error, total *account) (again bool) {
	input := inputOf(p, name, said)
	finding := name + "-" + time.Now().UTC().Format("20060102T150405")
	if input.file != "" {
		finding = name + "-" + input.name
	}
	place := filepath.Join(c.findings, finding)
	err := os.MkdirAll(c.findings, 0o755)
	if err == nil && input.file != "" {
		err = move(input.file, place)
		input.file = place
	}
	again = err == nil && input.file != ""
	note := fmt.Sprintf("%s.%s at %s: %v\n%s", p.name, name, c.commit, failure, said)
	if err == nil && p.passes(ctx, name, input) {
		total.NotRepeated = append(total.NotRepeated, finding)
		note += fmt.Sprintf("Run by itself, %s times over, it passes.\n", timesAlone)
		again = true
	} else {
		total.Findings = append(total.Findings, finding)
	}
	err = errors.Join(err, os.WriteFile(place+".txt", []byte(note), 0o644))
	if err != nil {
		fmt.Fprintln(os.Stderr, "campaign:", err)
	}
	return again
}

// input is one that failed.
type input struct {
	// name is what the test of it is called, below its target; empty if what failed is not a certain input.
	name string
	// file is where it is; empty if it stands among the seeds.
	file string
}

// inputOf is the input that failed.
func inputOf(p *pkg, name, said string) input {
	if m := written.FindStringSubmatch(said); m != nil {
		file := filepath.Join(p.dir, filepath.FromSlash(m[1]))
		return input{filepath.Base(file), file}
	}
	m := kept.FindStringSubmatch(said)
	if m == nil {
		return input{}
	}
	entry := filepath.Base(filepath.FromSlash(m[1]))
	file := filepath.Join(p.cache, name, entry)
	if _, err := os.Stat(file); err != nil {
		return input{name: entry}
	}
	return input{entry, file}
}

// How often an input that failed is run by itself, since what several goroutines do may fail now and then, and how long
// that may take, which is enough for all but those that hang.
const (
	timesAlone = "10"
	timeAlone  = "1m"
)

// passes reports whether an input that failed passes when it is run by itself. Then it most likely was only the one that
// was tried when the process was stopped or killed, or had to wait for the machine.
func (p *pkg) passes(ctx context.Context, name string, in input) bool {
	if in.name == "" {
		return false
	}
	dir := p.dir
	if in.file != "" {
		place, err := os.MkdirTemp("", "campaign")
		if err != nil {
			return false
		}
		defer func() { _ = os.RemoveAll(place) }()
		if err := copyFile(in.file, filepath.Join(place, "testdata", "fuzz", name, in.name)); err != nil {
			return false
		}
		dir = place
	}
	command := exec.CommandContext(ctx, p.binary, "-test.run", "^"+name+"$/^"+regexp.QuoteMeta(in.name)+"$", "-test.v",
		"-test.count", timesAlone, "-test.timeout", timeAlone, "-test.failfast")
	command.Dir = dir
	said, err := command.CombinedOutput()
	// If there were no test of the name, none would fail.
	return err == nil && bytes.Contains(said, []byte("--- PASS: "+name+"/"+in.name+" "))
}

// move moves a file, to another file system if need be.
func move(from, to string) error {
	if err := copyFile(from, to); err != nil {
		return err
	}
	if err := os.Remove(from); err != nil {
		return err
	}
	// The folders that the fuzzer made are not left behind empty.
	for folder := filepath.Dir(from); filepath.Base(folder) != "testdata" && os.Remove(folder) == nil; {
		folder = filepath.Dir(folder)
	}
	return nil
}

// copyFile copies a file, and makes the folder for it.
func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644)
}
