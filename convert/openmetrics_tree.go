package convert

import (
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/grammar"
	"github.com/promfmt/promfmt/lexer"
)

// readOpenMetricsTree reads a line of OpenMetrics, without its end, into e, by way of its syntax tree.
func readOpenMetricsTree(line []byte, e *entry) (failedAt int) {
	e.reset()
	tree := grammar.Of(e.dialect).ParseLine(line)
	switch {
	case tree.Sample != nil:
		readOpenMetricsSampleTree(line, tree, e)
	case tree.Err != nil:
		return tree.Err.Offset
	case tree.Help != nil:
		h := tree.Help
		e.checkBlanksTree(line, tree, true)
		e.setName(line, h.Name.Offset, h.Name.End(), h.Name.Quoted())
		e.setHelpText(line, h.Text.Offset)
	case tree.Type != nil:
		t := tree.Type
		e.checkBlanksTree(line, tree, false)
		e.setName(line, t.Name.Offset, t.Name.End(), t.Name.Quoted())
		e.setTypeWord(line, t.Word.Offset, t.Word.End())
	case tree.Unit != nil:
		u := tree.Unit
		e.checkBlanksTree(line, tree, true)
		e.setName(line, u.Name.Offset, u.Name.End(), u.Name.Quoted())
		e.setUnitWord(line, u.Word.Offset, u.Word.End())
	case tree.End != nil:
		e.kind = endLine
		e.checkBlanksTree(line, tree, false)
	case tree.Incomplete != nil:
		i := tree.Incomplete
		end := i.Keyword.End()
		if i.Name != nil {
			end = i.Name.End()
		}
		e.setIncomplete(i.Hash.Offset, end)
	case tree.Comment != nil:
		e.setComment(tree.Comment.Hash.Offset)
	default:
		e.setBlankLine(line)
	}
	return accepted
}

// checkBlanksTree looks at the blanks of a line. In a HELP or UNIT line the name has one behind it even if nothing else
// follows. Of a sample with an exemplar that cannot be read, only what stands before that is looked at.
func (e *entry) checkBlanksTree(line []byte, tree *grammar.Line, behindName bool) {
	hashes := 0
	before, blanks := lexer.EOF, 0
	for _, t := range tree.Tokens {
		if t.Kind == lexer.Blank {
			continue
		}
		wanted := wantsBlank(before, t.Kind)
		if t.Kind == lexer.EOF && behindName {
			wanted = before == lexer.Name || before == lexer.String
		}
		e.checkBlanks(line, blanks, t.Start, wanted)
		before, blanks = t.Kind, t.End
		if t.Kind == lexer.Hash && tree.Err != nil {
			if hashes == len(tree.Sample.Exemplars) {
				return
			}
			hashes++
		}
	}
}

func readOpenMetricsSampleTree(line []byte, tree *grammar.Line, e *entry) {
	s := tree.Sample
	e.kind = sampleLine
	e.checkBlanksTree(line, tree, false)
	if s.Name != nil {
		e.setName(line, s.Name.Offset, s.Name.End(), false)
		e.labelsEnd = s.Name.End()
	}
	if s.Labels != nil {
		readOpenMetricsLabelsTree(line, s.Labels, e)
	}
	if s.Composite != nil {
		readCompositeTree(line, s.Composite, e)
	} else {
		e.setNumber(line, s.Value.Offset, s.Value.End())
	}
	if s.Timestamp != nil {
		e.setSeconds(line, s.Timestamp.Offset, s.Timestamp.End())
	}
	if s.Start != nil {
		e.setStart(line, startOf(tree.Tokens), spanOf(s.Start))
	}
	for _, x := range s.Exemplars {
		labels := &x.Labels
		e.beginExemplar(x.Hash.Offset, labels.Open.Offset)
		if comma := labels.LeadingComma; comma != nil {
			e.findInExemplar(diag.StrayComma, comma.Offset, comma.End())
		}
		for _, label := range labels.Items {
			e.addExemplarLabel(line, spanOf(&label.Name), spanOf(label.Value))
		}
		if comma := labels.TrailingComma; comma != nil {
			e.findInExemplar(diag.TrailingComma, comma.Offset, comma.End())
		}
		e.endExemplar(line, x.Hash.Offset, spanOf(&x.Value), spanOf(x.Timestamp))
	}
	if tree.Err != nil {
		e.find(diag.Exemplar, tree.Err.Offset, tree.Err.Offset)
	}
}

// spanOf is where a leaf stands, the zero span if there is none.
func spanOf(l *grammar.Leaf) span {
	if l == nil {
		return span{}
	}
	return span{l.Offset, l.End()}
}

// startOf is where the st@ stands.
func startOf(tokens []lexer.Token) int {
	for _, t := range tokens {
		if t.Kind == lexer.StartAt {
			return t.Start
		}
	}
	return 0
}

func readOpenMetricsLabelsTree(line []byte, labels *grammar.Labels, e *entry) {
	if comma := labels.LeadingComma; comma != nil {
		e.find(diag.StrayComma, comma.Offset, comma.End())
	}
	if comma := labels.TrailingComma; comma != nil {
		e.find(diag.TrailingComma, comma.Offset, comma.End())
	}
	for i, item := range labels.Items {
		name := spanOf(&item.Name)
		if item.Value == nil {
			e.setNameAmongLabels(line, name.at, name.end, i == 0)
		} else {
			e.addLabel(line, name, spanOf(item.Value))
		}
	}
	if e.name == nil {
		e.find(diag.MissingName, labels.Open.Offset, labels.Close.End())
		e.name = []byte{}
	}
	e.labelsEnd = labels.Close.End()
}

func readCompositeTree(line []byte, c *grammar.Composite, e *entry) {
	e.beginComposite(c.Open.Offset)
	for i := range c.Fields {
		field := &c.Fields[i]
		f := e.addField(line, field.Name.Offset, field.Name.End())
		if field.Value != nil {
			f.number = e.number(line, spanOf(field.Value))
		}
		for j := range field.Entries {
			entry := &field.Entries[j]
			e.addEntry(line, f, spanOf(entry.Key), spanOf(&entry.Value))
		}
	}
	e.endComposite(line, c.Close.End())
}
