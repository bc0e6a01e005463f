package main

import (
	"bytes"
	"errors"
	"regexp"
	"time"
)

// errStill is the failure of a target that is done with no input any more.
var errStill = errors.New("nothing is executed any more")

// linesToHang is how many lines of progress in a row, of which the go command prints one every three seconds, tell of no new
// execution when a target hangs. That is more than the minute which the go command takes at most to make an input smaller,
// unless it is told to take longer, and counts only in the end. Lines are counted rather than seconds, since a machine that
// has no time for the target has little for the lines either.
const linesToHang = 30

// clock ends a run when it has tried new inputs for the time of it. The go command has the time begin before the inputs
// that are known already are run, which may take all of it.
//
// It does not end a run while nothing is executed. The go command ends a worker that has been at one input for ten seconds,
// and keeps the input, but says nothing of one at which the run is ended before. If it does not, the clock does.
type clock struct {
	duration time.Duration
	end      func()

	begin      time.Time // when the first new input was tried; zero before
	executions string    // what the last line of progress tells of them
	still      int       // how many lines before it told the same
}

var executions = regexp.MustCompile(`fuzz: elapsed: \S+ (execs: \d+|minimizing)`)

// Write looks for the line that says that from now on inputs are new, and for those of progress behind it.
func (c *clock) Write(said []byte) (int, error) {
	if c.begin.IsZero() && bytes.Contains(said, []byte("now fuzzing with")) {
		c.begin = time.Now()
	}
	if !c.begin.IsZero() {
		for _, m := range executions.FindAllSubmatch(said, -1) {
			c.progress(string(m[1]))
		}
	}
	return len(said), nil
}

// progress takes in a line of progress. An input that failed may take its time to be made smaller.
func (c *clock) progress(executions string) {
	if executions != c.executions || executions == "minimizing" {
		c.executions, c.still = executions, 0
	} else {
		c.still++
	}
	if c.hangs() || c.still == 0 && time.Since(c.begin) >= c.duration {
		c.end()
	}
}

func (c *clock) hangs() bool { return c.still >= linesToHang }

// spent is for how long new inputs have been tried.
func (c *clock) spent() time.Duration {
	if c.begin.IsZero() {
		return 0
	}
	return time.Since(c.begin)
}
