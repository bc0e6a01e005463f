package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	baseline  = "fuzz: elapsed: 0s, gathering baseline coverage: 0/1 completed\n"
	begun     = "fuzz: elapsed: 0s, gathering baseline coverage: 1/1 completed, now fuzzing with 2 workers\n"
	minimizes = "fuzz: elapsed: 3s, minimizing\n"
)

// executed is a line of progress.
func executed(n int) string {
	return fmt.Sprintf("fuzz: elapsed: 3s, execs: %d (0/sec), new interesting: 1 (total: 2)\n", n)
}

func TestARunEndsWhenItsTimeIsOverAndSomethingIsExecuted(t *testing.T) {
	again := func(n int, line string) []string { return slices.Repeat([]string{line}, n) }
	for _, test := range []struct {
		name  string
		over  bool // whether the time is over when lines are written
		lines []string
		ends  bool
		hangs bool
	}{
		{"a line of progress ends one whose time is over", true, []string{begun, executed(14)}, true, false},
		{"nothing ends one whose time is not over", false, []string{begun, executed(14), executed(15)}, false, false},
		{"inputs that are known take the time that they take", true, []string{baseline, baseline, baseline}, false, false},
		{"one that hangs ends", false, append([]string{begun}, again(31, executed(14))...), true, true},
		{"one that has hung for a little less does not", false, append([]string{begun}, again(30, executed(14))...), false, false},
		{"one that makes an input smaller does not hang", false, append([]string{begun}, again(40, minimizes)...), false, false},
		{"one that makes an input smaller ends with its time", true, []string{begun, minimizes}, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			ends := false
			c := &clock{duration: time.Hour, end: func() { ends = true }}
			if test.over {
				c.duration = 0
			}
			for _, line := range test.lines {
				_, err := c.Write([]byte(line))
				require.NoError(t, err)
			}
			require.Equal(t, test.ends, ends)
			require.Equal(t, test.hangs, c.hangs())
		})
	}
}

func TestOneThatStandsStillIsNotEndedByItsTime(t *testing.T) {
	ends := 0
	c := &clock{duration: time.Hour, end: func() { ends++ }}
	write := func(lines ...string) {
		for _, line := range lines {
			_, err := c.Write([]byte(line))
			require.NoError(t, err)
		}
	}
	write(begun, executed(14))
	c.duration = 0
	write(executed(14), executed(14))
	require.Zero(t, ends)
	write(executed(15))
	require.Equal(t, 1, ends)
}

// hangsVariable has this test program stand in for one whose target hangs.
const hangsVariable = "CAMPAIGN_TEST_HANGS"

func TestMain(m *testing.M) {
	if os.Getenv(hangsVariable) == "" {
		os.Exit(m.Run())
	}
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	fmt.Print(begun)
	for range linesToHang + 1 {
		fmt.Print(executed(14))
	}
	select {
	case <-interrupted:
		fmt.Print("PASS\n") // as the go command does
	case <-time.After(time.Minute):
		os.Exit(3)
	}
}

func TestATargetThatHangsIsAFinding(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a target is ended by an interrupt")
	}
	program, err := os.Executable()
	require.NoError(t, err)
	t.Setenv(hangsVariable, "1")
	c := &campaign{findings: t.TempDir(), commit: "abc", time: time.Hour}
	run := c.fuzz(t.Context(), &pkg{name: "a", dir: t.TempDir(), binary: program}, "FuzzA").Run
	require.Len(t, run.Findings, 1)
	require.EqualValues(t, 14, run.Executions)
	note, err := os.ReadFile(filepath.Join(c.findings, run.Findings[0]+".txt"))
	require.NoError(t, err)
	require.Contains(t, string(note), "a.FuzzA at abc: nothing is executed any more\n"+begun)
}
