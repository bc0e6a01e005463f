package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/promfmt/promfmt/diag"
)

// findings is where lint puts what it finds.
type findings interface {
	add(*diag.Diagnostic) error
	// close ends the document that the findings make.
	close() error
}

// findingsFormat is a format for what lint has to say.
type findingsFormat struct {
	name string
	// toStdout tells that the findings are data, which go to standard output.
	toStdout  bool
	open      func(*app, *linting) findings
	listRules func(io.Writer) error
}

// findingsFormats are all of them, the default first.
var findingsFormats = []findingsFormat{
	{
		name:      "text",
		open:      func(a *app, l *linting) findings { return newReport(a.screen, l.context) },
		listRules: listRulesAsText,
	},
	{
		name:      "json",
		toStdout:  true,
		open:      func(a *app, _ *linting) findings { return newJSONFindings(a.stdout) },
		listRules: listRulesAsJSON,
	},
}

func findingsFormatNames() []string {
	var names []string
	for _, f := range findingsFormats {
		names = append(names, f.name)
	}
	return names
}

func findingsFormatNamed(name string) findingsFormat {
	return findingsFormats[slices.IndexFunc(findingsFormats, func(f findingsFormat) bool { return f.name == name })]
}

// jsonFindings writes one JSON document, a finding a line, without keeping the findings.
type jsonFindings struct {
	w                *bufio.Writer
	errors, warnings int
}

func newJSONFindings(w io.Writer) *jsonFindings { return &jsonFindings{w: bufio.NewWriter(w)} }

func (j *jsonFindings) add(d *diag.Diagnostic) error {
	separator := ",\n    "
	if j.errors+j.warnings == 0 {
		separator = "{\n  \"findings\": [\n    "
	}
	if d.Severity == diag.Error {
		j.errors++
	} else {
		j.warnings++
	}
	var text bytes.Buffer
	if err := newJSONEncoder(&text).Encode(d); err != nil {
		return err
	}
	if _, err := j.w.WriteString(separator); err != nil {
		return err
	}
	_, err := j.w.Write(bytes.TrimSuffix(text.Bytes(), []byte{'\n'}))
	return err
}

func (j *jsonFindings) close() error {
	end := "\n  ]"
	if j.errors+j.warnings == 0 {
		end = "{\n  \"findings\": []"
	}
	_, err := fmt.Fprintf(j.w, "%s,\n  \"errors\": %d,\n  \"warnings\": %d\n}\n", end, j.errors, j.warnings)
	if err != nil {
		return err
	}
	return j.w.Flush()
}

// newJSONEncoder is an encoder that leaves < and > and & as they are.
func newJSONEncoder(w io.Writer) *json.Encoder {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder
}

func listRulesAsText(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	lines := []string{"RULE\tDEFAULT\tSTRICT\tMEANING\n"}
	for rule := range diag.Rules() {
		lines = append(lines, fmt.Sprintf("%s\t%s\t%s\t%s\n", rule.ID(), rule.Default(), rule.Strict(), rule.Meaning()))
	}
	if _, err := io.WriteString(table, strings.Join(lines, "")); err != nil {
		return err
	}
	return table.Flush()
}

func listRulesAsJSON(w io.Writer) error {
	type row struct {
		ID      string        `json:"id"`
		Default diag.Severity `json:"default"`
		Strict  diag.Severity `json:"strict"`
		Meaning string        `json:"meaning"`
	}
	var rows []row
	for rule := range diag.Rules() {
		rows = append(rows, row{rule.ID(), rule.Default(), rule.Strict(), rule.Meaning()})
	}
	out := newJSONEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(map[string][]row{"rules": rows})
}
