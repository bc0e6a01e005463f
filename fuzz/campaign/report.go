package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// report makes a page of all entries of a log: a row a target, the findings, and the coverage measured last.
func report(entries []entry, explanations []explanation) string {
	entries = settle(entries, explanations)
	var b strings.Builder
	b.WriteString("# Fuzzing campaigns\n\nMade by `fuzz/campaign` of its log; do not edit.\n")
	accounts := sum(entries)
	if len(accounts) > 0 {
		fmt.Fprintf(&b, "\nFrom %s to %s, commits %s.\n\n", day(entries[0]), day(entries[len(entries)-1]), strings.Join(commits(entries), ", "))
		b.WriteString(accountTable(accounts))
	}
	if rows := findingRows(entries, explanations, "not looked at yet", func(a *account) []string { return a.Findings }); len(rows) > 0 {
		b.WriteString("\n## Findings\n\n" + findingHead + strings.Join(rows, ""))
	}
	if rows := findingRows(entries, explanations, "", func(a *account) []string { return a.NotRepeated }); len(rows) > 0 {
		b.WriteString("\n## Not repeated\n\nInputs that failed once and pass when they are run by themselves.\n\n" + findingHead + strings.Join(rows, ""))
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

// settle puts entries into the order of their time, names what failed the first time only, and takes for not repeated
// what turned out to be.
func settle(entries []entry, explanations []explanation) []entry {
	entries = slices.SortedStableFunc(slices.Values(entries), func(a, b entry) int { return a.Time.Compare(b.Time) })
	findings, notRepeated := make(map[string]bool), make(map[string]bool)
	for i, e := range entries {
		if e.Run == nil {
			continue
		}
		run := *e.Run
		run.Findings, run.NotRepeated = nil, nil
		for _, name := range e.Run.Findings {
			if x, _ := explained(explanations, name); x.Whose == nobodys {
				run.NotRepeated = addOnce(run.NotRepeated, name, notRepeated)
			} else {
				run.Findings = addOnce(run.Findings, name, findings)
			}
		}
		for _, name := range e.Run.NotRepeated {
			run.NotRepeated = addOnce(run.NotRepeated, name, notRepeated)
		}
		entries[i].Run = &run
	}
	return entries
}

func addOnce(names []string, name string, added map[string]bool) []string {
	if added[name] {
		return names
	}
	added[name] = true
	return append(names, name)
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

const findingHead = "| finding | day and commit | whose | what | kept as |\n|---|---|---|---|---|\n"

// findingRows are the inputs that failed in one of two ways, a row each, and what is said of those that have no explanation.
func findingRows(entries []entry, explanations []explanation, unexplained string, of func(*account) []string) (rows []string) {
	for _, e := range entries {
		if e.Run == nil {
			continue
		}
		for _, name := range of(e.Run) {
			x, ok := explained(explanations, name)
			if !ok {
				x.What = unexplained
			}
			rows = append(rows, fmt.Sprintf("| %#q | %s, %s | %s | %s | %s |\n", name, day(e), e.Commit, x.Whose, x.What, x.Input))
		}
	}
	return rows
}

func explained(explanations []explanation, finding string) (explanation, bool) {
	i := slices.IndexFunc(explanations, func(x explanation) bool { return x.Finding == finding })
	if i < 0 {
		return explanation{}, false
	}
	return explanations[i], true
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
