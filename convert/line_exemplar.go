package convert

import (
	"unicode/utf8"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// lineExemplar is an exemplar of a sample, which stands at those columns, from its # on. An exemplar that is to be left
// out is none of the entry's.
type lineExemplar struct {
	span
	labels    model.Labels
	value     float64
	timestamp model.Timestamp
}

// exemplarLabels is the label set of the exemplar that is being read, from its brace on.
type exemplarLabels struct {
	labelSet
	brace int
	// broken tells that the exemplar is to be left out.
	broken bool
}

// beginExemplar takes the # and the brace of an exemplar.
func (e *entry) beginExemplar(hash, brace int) {
	x := e.extra()
	x.begun++
	e.limitParts(x.begun, hash, hash+1)
	l := &x.labels
	if l.dialect != e.dialect {
		l.forget()
	}
	l.dialect = e.dialect
	l.begin()
	l.brace, l.broken = brace, false
}

// limitParts takes note that there are so many exemplars, or labels of them, and reports it once if they are too many.
func (e *entry) limitParts(count, at, end int) {
	x := e.more
	if !x.full && exceeds(count, e.parts) {
		e.find(diag.TooManyParts, at, end)
		x.full = true
	}
}

// findInExemplar is find for exemplars, about which nothing is said any more once they are too many.
func (e *entry) findInExemplar(rule diag.Rule, at, end int) {
	if !e.more.full {
		e.find(rule, at, end)
	}
}

// addExemplarLabel takes a label of an exemplar. What would refuse a sample only makes the exemplar be left out.
func (e *entry) addExemplarLabel(line []byte, name, value span) {
	x := e.more
	x.labelled++
	e.limitParts(x.labelled, name.at, name.end)
	if x.full {
		return
	}
	l := &x.labels
	label := e.labelName(line, name)
	text := e.unquote(line, value.at, value.end)
	from := len(e.findings)
	l.add(e, label, text, name.at, name.end)
	for i := from; i < len(e.findings); i++ {
		switch f := &e.findings[i]; f.rule {
		case diag.NameLabel:
			f.rule = diag.UnderscoreLabel
		case diag.EmptyName, diag.DuplicateLabel, diag.LabelName:
			f.rule, f.message = diag.Exemplar, messages[f.rule]
			l.broken = true
		}
	}
}

// maxExemplarCharacters is how many characters the labels of an exemplar may have in OpenMetrics 1.0.
const maxExemplarCharacters = 128

// leaveOut takes an exemplar that began when there were so many findings, and cannot be read because of what stands at
// the column at.
func (e *entry) leaveOut(findings, at int) {
	e.findings = e.findings[:findings]
	e.find(diag.Exemplar, at, at)
}

// endExemplar takes the rest of an exemplar that began with the # at that column. There is no timestamp if that is the
// zero span.
func (e *entry) endExemplar(line []byte, hash int, value, timestamp span) {
	x := e.more
	if x.full {
		return
	}
	l := &x.labels
	exemplar := lineExemplar{span: span{hash, max(value.end, timestamp.end)}}
	var ok bool
	if exemplar.value, ok = lexer.ParseFloat(value.of(line)); !ok {
		e.findSaid(diag.Exemplar, value.at, value.end, messages[diag.Number])
		l.broken = true
	}
	if timestamp.end > 0 {
		t := &exemplar.timestamp
		if t.Seconds, t.Nanos, _, t.Set = lexer.ParseSeconds(timestamp.of(line)); !t.Set {
			e.find(diag.ExemplarTimestamp, timestamp.at, timestamp.end)
			l.broken = true
		}
	}
	if l.broken {
		return
	}
	if timestamp.end == 0 && e.dialect == lexer.OpenMetrics2 {
		e.find(diag.ExemplarNoTimestamp, hash, exemplar.end)
	}
	from := len(x.encodings)
	x.encodings = append(x.encodings, l.encoding...)
	exemplar.labels = model.LabelsFromEncoding(view(x.encodings[from:]))
	if e.dialect == lexer.OpenMetrics && characters(exemplar.labels) > maxExemplarCharacters {
		e.find(diag.ExemplarLength, l.brace, exemplar.end)
	}
	x.exemplars = append(x.exemplars, exemplar)
}

// characters is how many the names and values of labels have together.
func characters(labels model.Labels) int {
	n := 0
	for rest := labels; ; {
		label, after, ok := rest.Cut()
		if !ok {
			return n
		}
		n += utf8.RuneCountInString(label.Name) + utf8.RuneCountInString(label.Value)
		rest = after
	}
}
