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

// TestStandIn stands in for a target, and this test program for that of its package: it has a test for each input in
// testdata/fuzz/TestStandIn of the folder that it runs in, which passes or fails as the input says.
func TestStandIn(t *testing.T) {
	inputs, err := filepath.Glob(filepath.Join("testdata", "fuzz", "TestStandIn", "*"))
	require.NoError(t, err)
	for _, name := range inputs {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			require.NotEqual(t, "fails", string(data))
		})
	}
}

func TestAnInputThatFailsIsKept(t *testing.T) {
	program, err := os.Executable()
	require.NoError(t, err)
	const written = "    fuzzing process hung or terminated unexpectedly: exit status 2\n" +
		"    Failing input written to testdata/fuzz/TestStandIn/72636b67dfaa48c5\nFAIL\n"
	const kept = "failure while testing seed corpus entry: TestStandIn/72636b67dfaa48c5\n"
	finding := account{Findings: []string{"TestStandIn-72636b67dfaa48c5"}}
	notRepeated := account{NotRepeated: finding.Findings}
	for _, test := range []struct {
		name   string
		input  string // what is in it
		cached bool   // whether it is in the cache of inputs rather than in testdata
		said   string
		want   account
		note   string
	}{
		{"one that fails again is a finding", "fails", false, written, finding, written},
		{"one that passes by itself is not", "passes", false, written, notRepeated, written + "Run by itself, 10 times over, it passes.\n"},
		{"one found before that fails again is a finding", "fails", true, kept, finding, kept},
		{"one found before that passes by itself is not", "passes", true, kept, notRepeated, kept + "Run by itself, 10 times over, it passes.\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := &pkg{name: "a", dir: t.TempDir(), cache: t.TempDir(), binary: program}
			c := &campaign{findings: filepath.Join(t.TempDir(), "findings"), commit: "abc"}
			folder := filepath.Join(p.dir, "testdata", "fuzz")
			if test.cached {
				folder = p.cache
			}
			input := filepath.Join(folder, "TestStandIn", "72636b67dfaa48c5")
			require.NoError(t, os.MkdirAll(filepath.Dir(input), 0o755))
			require.NoError(t, os.WriteFile(input, []byte(test.input), 0o644))

			var total account
			require.True(t, c.keep(t.Context(), p, "TestStandIn", test.said, os.ErrInvalid, &total), "the target goes on")
			require.Equal(t, test.want, total)
			require.Equal(t, 1, total.failures())
			require.NoDirExists(t, filepath.Join(p.dir, "testdata", "fuzz"))
			require.NoFileExists(t, input)
			data, err := os.ReadFile(filepath.Join(c.findings, "TestStandIn-72636b67dfaa48c5"))
			require.NoError(t, err)
			require.Equal(t, test.input, string(data))
			data, err = os.ReadFile(filepath.Join(c.findings, "TestStandIn-72636b67dfaa48c5.txt"))
			require.NoError(t, err)
			require.Equal(t, "a.TestStandIn at abc: invalid argument\n"+test.note, string(data))
		})
	}
}

func TestATargetThatFailsWithoutAnInputIsNotRunAgain(t *testing.T) {
	program, err := os.Executable()
	require.NoError(t, err)
	for name, said := range map[string]string{
		"a seed that the code does not have": "failure while testing seed corpus entry: TestStandIn/seed#0\n",
		"nothing is said":                    "",
	} {
		t.Run(name, func(t *testing.T) {
			c := &campaign{findings: t.TempDir()}
			var total account
			require.False(t, c.keep(t.Context(), &pkg{dir: t.TempDir(), binary: program}, "TestStandIn", said, os.ErrInvalid, &total))
			require.Len(t, total.Findings, 1)
			require.Empty(t, total.NotRepeated)
			require.Regexp(t, `^TestStandIn-\d{8}T\d{6}$`, total.Findings[0])
			require.FileExists(t, filepath.Join(c.findings, total.Findings[0]+".txt"))
		})
	}
}

func TestAnInputThatTheEndOfTheTimeCutsIsNoFinding(t *testing.T) {
	require.True(t, isOnlyLate("--- FAIL: FuzzA (10.05s)\n    context deadline exceeded\nFAIL\n"))
	require.False(t, isOnlyLate("context deadline exceeded\n    Failing input written to testdata/fuzz/FuzzA/72636b67dfaa48c5\n"))
	require.False(t, isOnlyLate("--- FAIL: FuzzA (10.05s)\n"))
}

func TestALogWrittenBeforeInputsWereRunAgainIsRead(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log.jsonl")
	require.NoError(t, os.WriteFile(name, []byte(`{"time":"2026-11-20T01:03:03Z","commit":"abc",`+
		`"run":{"target":"a.FuzzA","seconds":60,"cpu":59,"executions":999,"new":1,"inputs":5,"findings":["FuzzA-1"]}}`+"\n"), 0o644))
	read, err := readLines[entry](name)
	require.NoError(t, err)
	require.Equal(t, []entry{{
		Time: time.Date(2026, 11, 20, 1, 3, 3, 0, time.UTC), Commit: "abc",
		Run: &account{Target: "a.FuzzA", Seconds: 60, CPU: 59, Executions: 999, New: 1, Inputs: 5, Findings: []string{"FuzzA-1"}},
	}}, read)
}

func TestALogIsReadAsItWasWritten(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log.jsonl")
	none, err := readLines[entry](name)
	require.NoError(t, err)
	require.Empty(t, none)
	for _, e := range entries {
		require.NoError(t, addToLog(name, e))
	}
	read, err := readLines[entry](name)
	require.NoError(t, err)
	require.Equal(t, entries, read)
}

var entries = []entry{
	{Time: time.Date(2026, 11, 20, 1, 2, 3, 0, time.UTC), Commit: "abc", Run: &account{"b.FuzzB", 60, 61.5, 1234567, 10, 100, nil, nil}},
	{Time: time.Date(2026, 11, 20, 1, 3, 3, 0, time.UTC), Commit: "abc", Run: &account{"a.FuzzA", 60, 59, 999, 1, 5, []string{"FuzzA-1", "FuzzA-2", "FuzzA-1"}, []string{"FuzzA-3"}}},
	{Time: time.Date(2026, 11, 21, 1, 2, 3, 0, time.UTC), Commit: "abd", Run: &account{"b.FuzzB", 60, 60, 1000, 2, 102, []string{"FuzzB-1"}, nil}},
	{Time: time.Date(2026, 11, 21, 1, 3, 3, 0, time.UTC), Commit: "abd", Coverage: []coverage{{"lexer", 500, 400, 450}}},
}

var explanations = []explanation{
	{"FuzzA-1", "ours", "a sign is lost", "corpus/regress/sign.txt"},
	{"FuzzB-1", nobodys, "the process was stopped", ""},
}

func TestAReportSumsUpTheRunsOfATarget(t *testing.T) {
	require.Equal(t, wantReport, report(entries, explanations))
}

func TestLogsInAnyOrderMakeOneReport(t *testing.T) {
	require.Equal(t, wantReport, report([]entry{entries[3], entries[1], entries[0], entries[2]}, explanations))
}

const wantReport = `# Fuzzing campaigns

Made by ` + "`fuzz/campaign`" + ` of its log; do not edit.

From 2026-11-20 to 2026-11-21, commits abc, abd.

| target | executions | new inputs | inputs | time | CPU time | findings |
|---|--:|--:|--:|--:|--:|--:|
| a.FuzzA | 999 | 1 | 5 | 1m0s | 59s | 2 |
| b.FuzzB | 1,235,567 | 12 | 102 | 2m0s | 2m2s | 0 |
| all | 1,236,566 | 13 | 107 | 3m0s | 3m1s | 2 |

## Findings

| finding | day and commit | whose | what | kept as |
|---|---|---|---|---|
| ` + "`FuzzA-1`" + ` | 2026-11-20, abc | ours | a sign is lost | corpus/regress/sign.txt |
| ` + "`FuzzA-2`" + ` | 2026-11-20, abc |  | not looked at yet |  |

## Not repeated

Inputs that failed once and pass when they are run by themselves.

| finding | day and commit | whose | what | kept as |
|---|---|---|---|---|
| ` + "`FuzzA-3`" + ` | 2026-11-20, abc |  |  |  |
| ` + "`FuzzB-1`" + ` | 2026-11-21, abd | nobody's | the process was stopped |  |

## Coverage

Statements reached by the seeds, and by the seeds and all inputs found, at abd (2026-11-21).

| package | statements | by the seeds | by all inputs |
|---|--:|--:|--:|
| lexer | 500 | 80.0 % | 90.0 % |
`

func TestATableIsMadeOfALogAlone(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, e := range entries {
		require.NoError(t, addToLog("log.jsonl", e))
	}
	require.NoError(t, os.WriteFile("explained.jsonl", []byte(
		`{"finding":"FuzzA-1","whose":"ours","what":"a sign is lost","input":"corpus/regress/sign.txt"}`+"\n"+
			`{"finding":"FuzzB-1","whose":"nobody's","what":"the process was stopped"}`+"\n"), 0o644))
	c := &campaign{log: "log.jsonl", table: "table.md", explained: "explained.jsonl"}
	require.NoError(t, c.makeTable())
	table, err := os.ReadFile("table.md")
	require.NoError(t, err)
	require.Equal(t, wantReport, string(table))
}

// TestFindingsAreExplained holds what is written by hand of the findings of this repository's log against that log and
// against the files that it names.
func TestFindingsAreExplained(t *testing.T) {
	root := filepath.Join("..", "..")
	explanations, err := readLines[explanation](filepath.Join(root, "fuzz", "explained.jsonl"))
	require.NoError(t, err)
	require.NotEmpty(t, explanations)
	for i, x := range explanations {
		require.NotEmpty(t, x.Finding)
		require.NotEmpty(t, x.Whose, x.Finding)
		require.NotEmpty(t, x.What, x.Finding)
		require.NotContains(t, x.What, "|", x.Finding)
		if x.Input != "" {
			require.FileExists(t, filepath.Join(root, filepath.FromSlash(x.Input)), x.Finding)
		}
		first, _ := explained(explanations, x.Finding)
		require.Equal(t, first, explanations[i], "each is explained once")
	}
	log, err := readLines[entry](filepath.Join(root, "fuzz", "campaign.jsonl"))
	require.NoError(t, err)
	for _, e := range log {
		if e.Run == nil {
			continue
		}
		for _, name := range e.Run.Findings {
			_, ok := explained(explanations, name)
			require.True(t, ok, "%s of %s is not explained", name, e.Run.Target)
		}
	}
}

func TestABlockIsReachedIfItIsReachedOnce(t *testing.T) {
	p := make(profile)
	require.NoError(t, p.read("mode: set\nm/a/f.go:1.1,2.2 3 1\nm/a/f.go:3.1,4.2 2 0\nm/b/g.go:1.1,2.2 5 1\n"))
	require.NoError(t, p.read("mode: set\nm/a/f.go:1.1,2.2 3 0\n"))
	reached, statements := p.of("m/a")
	require.Equal(t, []int{3, 5}, []int{reached, statements})
	require.ErrorContains(t, p.read("nonsense\n"), "nonsense")
}
