package convert

import (
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/grammar"
)

// readTree reads a line of text, without its end, into e, by way of its syntax tree.
func readTree(line []byte, e *entry) (failedAt int) {
	e.reset()
	tree := grammar.ParseLine(line)
	switch {
	case tree.Err != nil:
		return tree.Err.Offset
	case tree.Sample != nil:
		readSampleTree(line, tree.Sample, e)
	case tree.Help != nil:
		h := tree.Help
		m := metadataOf(h.Hash, h.Keyword, h.Name)
		m.text, m.textEnd = h.Text.Offset, h.Text.End()
		e.setHelp(line, m)
	case tree.Type != nil:
		t := tree.Type
		m := metadataOf(t.Hash, t.Keyword, t.Name)
		m.text, m.textEnd = t.Word.Offset, t.Word.End()
		e.setType(line, m)
	case tree.Incomplete != nil:
		i := tree.Incomplete
		e.kind = commentLine
		end := i.Keyword.End()
		if i.Name != nil {
			end = i.Name.End()
		}
		e.find(diag.IncompleteMetadata, i.Hash.Offset, end)
	case tree.Comment != nil:
		e.kind = commentLine
	}
	return accepted
}

func metadataOf(hash, keyword, name grammar.Leaf) metadata {
	return metadata{
		hash:    hash.Offset,
		keyword: keyword.Offset, keywordEnd: keyword.End(),
		name: name.Offset, nameEnd: name.End(), quoted: name.Quoted(),
	}
}

func readSampleTree(line []byte, s *grammar.Sample, e *entry) {
	e.kind = sampleLine
	if s.Name != nil {
		e.setName(line, s.Name.Offset, s.Name.End(), false)
	}
	if s.Labels != nil {
		readLabelsTree(line, s.Labels, e)
	}
	e.setValue(line, s.Value.Offset, s.Value.End())
	end := s.Value.End()
	if s.Timestamp != nil {
		end = s.Timestamp.End()
		e.setTimestamp(line, s.Timestamp.Offset, end)
	}
	if end < len(line) {
		e.find(diag.TrailingSpace, end, len(line))
	}
}

func readLabelsTree(line []byte, labels *grammar.Labels, e *entry) {
	if comma := labels.LeadingComma; comma != nil {
		e.find(diag.StrayComma, comma.Offset, comma.End())
	}
	for _, item := range labels.Items {
		at, end := item.Name.Offset, item.Name.End()
		if item.Value == nil {
			e.setNameInBraces(line, at, end)
			continue
		}
		name := line[at:end]
		if item.Name.Quoted() {
			name = e.unquote(line, at, end)
		}
		value := e.unquote(line, item.Value.Offset, item.Value.End())
		e.labels.add(e, name, value, at, end)
	}
	if e.name == nil {
		e.find(diag.MissingName, labels.Open.Offset, labels.Close.End())
	}
}
