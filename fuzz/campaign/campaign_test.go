package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTargetsAreThoseThatGoTestLists(t *testing.T) {
	packages := parseList("FuzzB\nFuzzA\nok  \texample.org/m/a\t0.01s\n" +
		"?   \texample.org/m/b\t[no test files]\n" +
		"ok  \texample.org/m/c\t(cached) [no tests to run]\n" +
		"FuzzC\nok  \texample.org/m/d/e\t(cached)\n")
	require.Equal(t, []*pkg{
		{path: "example.org/m/a", targets: []string{"FuzzB", "FuzzA"}},
		{path: "example.org/m/d/e", targets: []string{"FuzzC"}},
	}, packages)
}

func TestAPatternChoosesTargetsByPackageAndName(t *testing.T) {
	p := &pkg{name: "d/e", targets: []string{"FuzzA", "FuzzAB", "FuzzC"}}
	require.Equal(t, []string{"FuzzA", "FuzzAB"}, matching(p, regexp.MustCompile(`e\.FuzzA`)))
	require.Empty(t, matching(p, regexp.MustCompile(`^a\.`)))
}

func TestModulesAreFoundBelowTheRoot(t *testing.T) {
	root := t.TempDir()
	for _, file := range []string{"go.mod", "a/go.mod", "a/testdata/go.mod", ".cache/go.mod", "b/b.go"} {
		path := filepath.Join(root, filepath.FromSlash(file))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, nil, 0o644))
	}
	folders, err := modulesBelow(root)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{root, filepath.Join(root, "a")}, folders)
}

func TestTheLastLineOfProgressCounts(t *testing.T) {
	a := &account{Executions: 5, New: 1}
	a.addProgress("fuzz: elapsed: 0s, gathering baseline coverage: 0/114 completed\n" +
		"fuzz: elapsed: 3s, execs: 16954 (5650/sec), new interesting: 20 (total: 134)\n" +
		"fuzz: elapsed: 4s, execs: 27072 (9647/sec), new interesting: 23 (total: 137)\nPASS\n")
	a.addProgress("fuzz: elapsed: 0s, gathering baseline coverage: 0/114 completed\n")
	require.Equal(t, &account{Executions: 27077, New: 24, Inputs: 137}, a)
}

const saidOfAFailure = `--- FAIL: FuzzA (0.05s)
    --- FAIL: FuzzA (0.00s)
        a_test.go:5: boom

    Failing input written to testdata/fuzz/FuzzA/72636b67dfaa48c5
FAIL
`

func TestAnInputThatFailsIsMovedToTheFindings(t *testing.T) {
	p := &pkg{name: "a", dir: t.TempDir(), cache: t.TempDir()}
	c := &campaign{findings: filepath.Join(t.TempDir(), "findings"), commit: "abc"}
	input := filepath.Join(p.dir, "testdata", "fuzz", "FuzzA", "72636b67dfaa48c5")
	require.NoError(t, os.MkdirAll(filepath.Dir(input), 0o755))
	require.NoError(t, os.WriteFile(input, []byte("input"), 0o644))

	name, again := c.keep(p, "FuzzA", saidOfAFailure, os.ErrInvalid)
	require.Equal(t, "FuzzA-72636b67dfaa48c5", name)
	require.True(t, again)
	require.NoDirExists(t, filepath.Join(p.dir, "testdata", "fuzz"))
	data, err := os.ReadFile(filepath.Join(c.findings, name))
	require.NoError(t, err)
	require.Equal(t, "input", string(data))
	data, err = os.ReadFile(filepath.Join(c.findings, name+".txt"))
	require.NoError(t, err)
	require.Equal(t, "a.FuzzA at abc: invalid argument\n"+saidOfAFailure, string(data))
}

func TestAnInputOfTheCacheThatFailsIsMovedAsWell(t *testing.T) {
	p := &pkg{name: "a", dir: t.TempDir(), cache: t.TempDir()}
	input := filepath.Join(p.cache, "FuzzA", "72636b67dfaa48c5")
	require.NoError(t, os.MkdirAll(filepath.Dir(input), 0o755))
	require.NoError(t, os.WriteFile(input, []byte("input"), 0o644))
	require.Equal(t, input, inputOf(p, "FuzzA", "failure while testing seed corpus entry: FuzzA/72636b67dfaa48c5\n"))
}

func TestATargetWhoseSeedFailsIsNotRunAgain(t *testing.T) {
	c := &campaign{findings: t.TempDir()}
	name, again := c.keep(&pkg{dir: t.TempDir()}, "FuzzA", "failure while testing seed corpus entry: FuzzA/seed#0\n", os.ErrInvalid)
	require.Regexp(t, `^FuzzA-\d{8}T\d{6}$`, name)
	require.False(t, again)
	require.FileExists(t, filepath.Join(c.findings, name+".txt"))
}

func TestAnInputThatTheEndOfTheTimeCutsIsNoFinding(t *testing.T) {
	require.True(t, isOnlyLate("--- FAIL: FuzzA (10.05s)\n    context deadline exceeded\nFAIL\n"))
	require.False(t, isOnlyLate("context deadline exceeded\n"+saidOfAFailure))
	require.False(t, isOnlyLate("--- FAIL: FuzzA (10.05s)\n"))
}

func TestALogIsReadAsItWasWritten(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log.jsonl")
	none, err := readLog(name)
	require.NoError(t, err)
	require.Empty(t, none)
	for _, e := range entries {
		require.NoError(t, addToLog(name, e))
	}
	read, err := readLog(name)
	require.NoError(t, err)
	require.Equal(t, entries, read)
}

var entries = []entry{
	{Time: time.Date(2026, 11, 20, 1, 2, 3, 0, time.UTC), Commit: "abc", Run: &account{"b.FuzzB", 60, 61.5, 1234567, 10, 100, nil}},
	{Time: time.Date(2026, 11, 20, 1, 3, 3, 0, time.UTC), Commit: "abc", Run: &account{"a.FuzzA", 60, 59, 999, 1, 5, []string{"FuzzA-1"}}},
	{Time: time.Date(2026, 11, 21, 1, 2, 3, 0, time.UTC), Commit: "abd", Run: &account{"b.FuzzB", 60, 60, 1000, 2, 102, nil}},
	{Time: time.Date(2026, 11, 21, 1, 3, 3, 0, time.UTC), Commit: "abd", Coverage: []coverage{{"lexer", 500, 400, 450}}},
}

func TestAReportSumsUpTheRunsOfATarget(t *testing.T) {
	require.Equal(t, `# Fuzzing campaigns

Made by `+"`fuzz/campaign`"+` of its log; do not edit.

From 2026-11-20 to 2026-11-21, commits abc, abd.

| target | executions | new inputs | inputs | time | CPU time | findings |
|---|--:|--:|--:|--:|--:|--:|
| a.FuzzA | 999 | 1 | 5 | 1m0s | 59s | 1 |
| b.FuzzB | 1,235,567 | 12 | 102 | 2m0s | 2m2s | 0 |
| all | 1,236,566 | 13 | 107 | 3m0s | 3m1s | 1 |

## Findings

- 2026-11-20, a.FuzzA, at abc: `+"`FuzzA-1`"+`

## Coverage

Statements reached by the seeds, and by the seeds and all inputs found, at abd (2026-11-21).

| package | statements | by the seeds | by all inputs |
|---|--:|--:|--:|
| lexer | 500 | 80.0 % | 90.0 % |
`, report(entries))
}

func TestABlockIsReachedIfItIsReachedOnce(t *testing.T) {
	p := make(profile)
	require.NoError(t, p.read("mode: set\nm/a/f.go:1.1,2.2 3 1\nm/a/f.go:3.1,4.2 2 0\nm/b/g.go:1.1,2.2 5 1\n"))
	require.NoError(t, p.read("mode: set\nm/a/f.go:1.1,2.2 3 0\n"))
	reached, statements := p.of("m/a")
	require.Equal(t, []int{3, 5}, []int{reached, statements})
	require.ErrorContains(t, p.read("nonsense\n"), "nonsense")
}
