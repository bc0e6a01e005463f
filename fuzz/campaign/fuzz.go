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

// mostFindings is how many failing inputs of a target are enough for a round: most are of one defect.
const mostFindings = 3

// fuzz runs one target for the time of a round. A target that fails goes on with what is left of the time.
func (c *campaign) fuzz(ctx context.Context, p *pkg, name string) entry {
	total := &account{Target: p.name + "." + name}
	begin := time.Now()
	goesOn := true
	for left := c.time; goesOn && left >= time.Second && len(total.Findings) < mostFindings && ctx.Err() == nil; {
		var spent time.Duration
		spent, goesOn = c.fuzzOnce(ctx, p, name, left, total)
		left -= spent.Round(time.Second)
	}
	total.Seconds = time.Since(begin).Seconds()
	return entry{Run: total}
}

// fuzzOnce runs a target until it fails or has tried new inputs for so long, and adds to its account. It tells how long
// that was, and whether the target failed and can go on.
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
	spent = clock.stop()
	said := printed.String()
	total.addProgress(said)
	if state := command.ProcessState; state != nil {
		// That of the fuzzing processes is counted in, since they have been waited for.
		total.CPU += (state.UserTime() + state.SystemTime()).Seconds()
		if state.Success() || ctx.Err() != nil || isOnlyLate(said) {
			return spent, false
		}
	}
	finding, again := c.keep(p, name, said, err)
	total.Findings = append(total.Findings, finding)
	return spent, again
}

// clock ends a run when it has tried new inputs for the time of it. The go command has the time begin before the inputs
// that are known already are run, which may take all of it.
type clock struct {
	duration time.Duration
	end      func()
	timer    *time.Timer
	begin    time.Time
}

// Write looks for the line that says that from now on inputs are new.
func (c *clock) Write(said []byte) (int, error) {
	if c.timer == nil && bytes.Contains(said, []byte("now fuzzing with")) {
		c.begin = time.Now()
		c.timer = time.AfterFunc(c.duration, c.end)
	}
	return len(said), nil
}

// stop tells for how long new inputs have been tried.
func (c *clock) stop() time.Duration {
	if c.timer == nil {
		return 0
	}
	c.timer.Stop()
	return time.Since(c.begin)
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

// keep moves the input that failed to the findings, with what was said of it, and gives its name there. It also tells
// whether the target can go on without it.
func (c *campaign) keep(p *pkg, name, said string, failure error) (finding string, again bool) {
	input := inputOf(p, name, said)
	finding = name + "-" + time.Now().UTC().Format("20060102T150405")
	if input != "" {
		finding = name + "-" + filepath.Base(input)
	}
	err := os.MkdirAll(c.findings, 0o755)
	if err == nil && input != "" {
		err = move(input, filepath.Join(c.findings, finding))
	}
	again = err == nil && input != ""
	note := fmt.Sprintf("%s.%s at %s: %v\n%s", p.name, name, c.commit, failure, said)
	err = errors.Join(err, os.WriteFile(filepath.Join(c.findings, finding+".txt"), []byte(note), 0o644))
	if err != nil {
		fmt.Fprintln(os.Stderr, "campaign:", err)
	}
	return finding, again
}

// inputOf is the file of the input that failed, or empty if there is none, as for a seed that stands in the code.
func inputOf(p *pkg, name, said string) string {
	if m := written.FindStringSubmatch(said); m != nil {
		return filepath.Join(p.dir, filepath.FromSlash(m[1]))
	}
	m := kept.FindStringSubmatch(said)
	if m == nil {
		return ""
	}
	file := filepath.Join(p.cache, name, filepath.Base(filepath.FromSlash(m[1])))
	if _, err := os.Stat(file); err != nil {
		return ""
	}
	return file
}

// move moves a file, to another file system if need be.
func move(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, data, 0o644); err != nil {
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
