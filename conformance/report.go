package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"
)

// Report is what became of all files.
type Report struct {
	Command string
	Verdict Verdict
	Compare Comparison
	// Results are in the order of the files.
	Results []Result
}

// Group counts the outcomes of the files of one folder that are in one format.
type Group struct {
	Folder, Format string
	Files          int
	// Outcomes are counts by Outcome.
	Outcomes [outcomeCount]int
}

// Groups are the counts in the order of the files.
func (r *Report) Groups() []Group {
	var groups []Group
	places := make(map[[2]string]int)
	for _, result := range r.Results {
		folder := path.Dir(result.File)
		key := [2]string{folder, result.Format}
		i, ok := places[key]
		if !ok {
			i = len(groups)
			places[key] = i
			groups = append(groups, Group{Folder: folder, Format: result.Format})
		}
		groups[i].Files++
		groups[i].Outcomes[result.Outcome]++
	}
	return groups
}

// Differences are the results in which the parser did not do what was expected of it.
func (r *Report) Differences() []Result {
	list := []Result{}
	for _, result := range r.Results {
		if result.Outcome.IsDifference() {
			list = append(list, result)
		}
	}
	return list
}

// WriteText writes the counts as a table, the differences, each on a line, if they are asked for, and the sum of it all.
func (r *Report) WriteText(w io.Writer, differences bool) error {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	row := func(folder, format string, files any, cell func(Outcome) any) {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%v", folder, format, files)
		for o := range outcomeCount {
			_, _ = fmt.Fprintf(table, "\t%v", cell(o))
		}
		_, _ = fmt.Fprintln(table)
	}
	// The last word of a heading stands under the others.
	heading := func(last bool) func(Outcome) any {
		return func(o Outcome) any {
			words := strings.Fields(strings.ToUpper(o.String()))
			if n := len(words) - 1; last {
				words = words[n:]
			} else {
				words = words[:n]
			}
			return strings.Join(words, " ")
		}
	}
	row("", "", "", heading(false))
	row("FOLDER", "FORMAT", "FILES", heading(true))
	var sum Group
	for _, g := range r.Groups() {
		row(g.Folder, g.Format, g.Files, func(o Outcome) any { return g.Outcomes[o] })
		sum.Files += g.Files
		for o, n := range g.Outcomes {
			sum.Outcomes[o] += n
		}
	}
	row("all", "", sum.Files, func(o Outcome) any { return sum.Outcomes[o] })
	_ = table.Flush() // into memory
	text.WriteByte('\n')
	list := r.Differences()
	if differences {
		for _, d := range list {
			fmt.Fprintf(&text, "%s: %s: %s\n", d.File, d.Outcome, printable(d.Reason))
		}
		if len(list) > 0 {
			text.WriteByte('\n')
		}
	}
	fmt.Fprintf(&text, "%d of %d files as expected\n", sum.Files-len(list), sum.Files)
	_, err := io.WriteString(w, text.String())
	return err
}

// printable is a text with what a terminal would not print, but obey, as Go writes it in quotes: a parser may say anything.
func printable(text string) string {
	var b strings.Builder
	for _, r := range text {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}

// WriteJSON writes the report as one JSON document.
func (r *Report) WriteJSON(w io.Writer) error {
	type group struct {
		Folder   string          `json:"folder"`
		Format   string          `json:"format"`
		Files    int             `json:"files"`
		Outcomes map[Outcome]int `json:"outcomes"`
	}
	groups := []group{}
	for _, g := range r.Groups() {
		counts := make(map[Outcome]int)
		for o, n := range g.Outcomes {
			if n > 0 {
				counts[Outcome(o)] = n
			}
		}
		groups = append(groups, group{g.Folder, g.Format, g.Files, counts})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Command     string     `json:"command"`
		Verdict     Verdict    `json:"verdict"`
		Compare     Comparison `json:"compare"`
		Files       int        `json:"files"`
		Groups      []group    `json:"groups"`
		Differences []Result   `json:"differences"`
	}{r.Command, r.Verdict, r.Compare, len(r.Results), groups, r.Differences()})
}
