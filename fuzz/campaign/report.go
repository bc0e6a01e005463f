package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// report makes a page of all entries of a log: a row a target, the findings, and the coverage measured last.
func report(entries []entry) string {
	var b strings.Builder
	b.WriteString("# Fuzzing campaigns\n\nMade by `fuzz/campaign` of its log; do not edit.\n")
	accounts := sum(entries)
	if len(accounts) > 0 {
		fmt.Fprintf(&b, "\nFrom %s to %s, commits %s.\n\n", day(entries[0]), day(entries[len(entries)-1]), strings.Join(commits(entries), ", "))
		b.WriteString(accountTable(accounts))
	}
	if findings := findings(entries); len(findings) > 0 {
		b.WriteString("\n## Findings\n\n" + strings.Join(findings, ""))
	}
	for _, e := range slices.Backward(entries) {
		if e.Coverage != nil {
			fmt.Fprintf(&b, "\n## Coverage\n\nStatements reached by the seeds, and by the seeds and all inputs found, at %s (%s).\n\n", e.Commit, day(e))
			b.WriteString(coverageTable(e.Coverage))
			break
		}
	}
	return b.String()
}

// sum adds up the runs of each target, in the order of their names.
func sum(entries []entry) []account {
	var sums []account
	for _, e := range entries {
		if e.Run == nil {
			continue
		}
		i := slices.IndexFunc(sums, func(a account) bool { return a.Target == e.Run.Target })
		if i < 0 {
			i = len(sums)
			sums = append(sums, account{Target: e.Run.Target})
		}
		sums[i].add(*e.Run)
	}
	slices.SortFunc(sums, func(a, b account) int { return strings.Compare(a.Target, b.Target) })
	return sums
}

// add adds a later run.
func (a *account) add(later account) {
	a.Seconds += later.Seconds
	a.CPU += later.CPU
	a.Executions += later.Executions
	a.New += later.New
	if later.Inputs > 0 {
		a.Inputs = later.Inputs
	}
	a.Findings = append(a.Findings, later.Findings...)
}

func accountTable(accounts []account) string {
	var b strings.Builder
	b.WriteString("| target | executions | new inputs | inputs | time | CPU time | findings |\n|---|--:|--:|--:|--:|--:|--:|\n")
	var all account
	for _, a := range accounts {
		b.WriteString(a.row())
		inputs := all.Inputs + a.Inputs
		all.add(a)
		all.Inputs = inputs
	}
	all.Target = "all"
	b.WriteString(all.row())
	return b.String()
}

func (a *account) row() string {
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %d |\n", a.Target, thousands(a.Executions), thousands(a.New), thousands(a.Inputs),
		duration(a.Seconds), duration(a.CPU), len(a.Findings))
}

// findings are the inputs that failed, a line each.
func findings(entries []entry) (lines []string) {
	for _, e := range entries {
		if e.Run == nil {
			continue
		}
		for _, name := range e.Run.Findings {
			lines = append(lines, fmt.Sprintf("- %s, %s, at %s: %#q\n", day(e), e.Run.Target, e.Commit, name))
		}
	}
	return lines
}

func coverageTable(packages []coverage) string {
	var b strings.Builder
	b.WriteString("| package | statements | by the seeds | by all inputs |\n|---|--:|--:|--:|\n")
	for _, c := range packages {
		fmt.Fprintf(&b, "| %s | %d | %s | %s |\n", c.Package, c.Statements, percent(c.Seeds, c.Statements), percent(c.All, c.Statements))
	}
	return b.String()
}

func commits(entries []entry) (names []string) {
	for _, e := range entries {
		if !slices.Contains(names, e.Commit) {
			names = append(names, e.Commit)
		}
	}
	return names
}

func day(e entry) string { return e.Time.Format(time.DateOnly) }

func percent(part, whole int) string {
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(max(whole, 1)))
}

func duration(seconds float64) string {
	return (time.Duration(seconds * float64(time.Second))).Round(time.Second).String()
}

// thousands writes a number with commas.
func thousands(n int64) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
