package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// entry is a line of the log: the run of a target or a measurement of coverage.
type entry struct {
	Time     time.Time  `json:"time"`
	Commit   string     `json:"commit"`
	Run      *account   `json:"run,omitempty"`
	Coverage []coverage `json:"coverage,omitempty"`
}

// account is what became of a target.
type account struct {
	Target string `json:"target"`
	// Seconds is what passed, and CPU what all processes of the run together computed.
	Seconds float64 `json:"seconds"`
	CPU     float64 `json:"cpu"`
	// Executions is how many inputs were tried, New how many of them reached what none before did, and Inputs how many the
	// target had in the end, seeds included.
	Executions int64 `json:"executions"`
	New        int64 `json:"new"`
	Inputs     int64 `json:"inputs"`
	// Findings are the names of the inputs that failed.
	Findings []string `json:"findings,omitempty"`
	// NotRepeated are the names of those that failed once but pass when they are run by themselves.
	NotRepeated []string `json:"notRepeated,omitempty"`
}

// failures is how often the target failed.
func (a *account) failures() int { return len(a.Findings) + len(a.NotRepeated) }

// coverage is how many of the statements of a package are reached.
type coverage struct {
	Package    string `json:"package"`
	Statements int    `json:"statements"`
	Seeds      int    `json:"seeds"` // by the seeds alone
	All        int    `json:"all"`   // by the seeds and the inputs found
}

// explanation is what is known of a finding, written by hand when it has been looked at.
type explanation struct {
	Finding string `json:"finding"`
	// Whose is "ours", the name of a peer, or nobodys.
	Whose string `json:"whose"`
	What  string `json:"what"`
	// Input is the file that has been made of it, from the root of the repository on. It is empty if there is none.
	Input string `json:"input,omitempty"`
}

// nobodys are failures for which no code is to blame, since the machine was.
const nobodys = "nobody's"

// readLines reads a file with a value in each line, which need not be there yet.
func readLines[T any](name string) (values []T, err error) {
	if name == "" {
		return nil, nil
	}
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(data)) {
		var value T
		if err := json.Unmarshal([]byte(line), &value); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		values = append(values, value)
	}
	return values, nil
}

func addToLog(name string, e entry) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}
