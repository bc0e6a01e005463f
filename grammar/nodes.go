package grammar

import "github.com/promfmt/promfmt/lexer"

// root is what participle makes of a line.
type root interface {
	// nodes sets the node of a line whose content ends at end, where an empty text is said to stand.
	nodes(l *Line, end int)
}

func (r *line) nodes(l *Line, end int) {
	if r.Sample != nil {
		l.Sample = r.Sample.node()
		return
	}
	hashLine{Hash: r.Hash, Help: r.Help, Type: r.Type, Comment: r.Comment}.nodes(l, end)
}

func (r *line1) nodes(l *Line, end int) {
	if r.Sample != nil {
		l.Sample = r.Sample.node()
		return
	}
	hashLine{r.Hash, r.Help, r.Type, r.Unit, r.End, r.Comment}.nodes(l, end)
}

func (r *line2) nodes(l *Line, end int) {
	if r.Sample != nil {
		l.Sample = r.Sample.node()
		return
	}
	hashLine{r.Hash, r.Help, r.Type, r.Unit, r.End, r.Comment}.nodes(l, end)
}

// hashLine is a line that begins with #, if there is a Hash.
type hashLine struct {
	Hash    token
	Help    *helpLine
	Type    *typeLine
	Unit    *unitLine
	End     token
	Comment token
}

func (r hashLine) nodes(l *Line, end int) {
	hash := leaf(r.Hash)
	switch {
	case r.Help != nil && present(r.Help.Name):
		l.Help = &Help{hash, leaf(r.Help.Keyword), leaf(r.Help.Name), text(r.Help.Text, lexer.Text, end)}
	case r.Help != nil:
		l.Incomplete = &Incomplete{hash, leaf(r.Help.Keyword), nil}
	case r.Type != nil && present(r.Type.Word):
		l.Type = &Type{hash, leaf(r.Type.Keyword), leaf(r.Type.Name), leaf(r.Type.Word)}
	case r.Type != nil:
		l.Incomplete = &Incomplete{hash, leaf(r.Type.Keyword), optional(r.Type.Name)}
	case r.Unit != nil && present(r.Unit.Name):
		l.Unit = &Unit{hash, leaf(r.Unit.Keyword), leaf(r.Unit.Name), text(r.Unit.Word, lexer.Word, end)}
	case r.Unit != nil:
		l.Incomplete = &Incomplete{hash, leaf(r.Unit.Keyword), nil}
	case present(r.End):
		l.End = &End{hash, leaf(r.End)}
	case present(r.Hash):
		l.Comment = &Comment{hash, text(r.Comment, lexer.Comment, end)}
	}
}

func (s *sample) node() *Sample {
	return &Sample{
		Name:      optional(s.Name),
		Labels:    s.Labels.node(),
		Value:     leaf(s.Value),
		Timestamp: optional(s.Timestamp),
	}
}

func (s *sample1) node() *Sample {
	node := &Sample{
		Name:      optional(s.Name),
		Labels:    s.Labels.node(),
		Value:     leaf(s.Value),
		Timestamp: optional(s.Timestamp),
	}
	if s.Exemplar != nil {
		node.Exemplars = []Exemplar{s.Exemplar.node()}
	}
	return node
}

func (s *sample2) node() *Sample {
	node := &Sample{
		Name:      optional(s.Name),
		Labels:    s.Labels.node(),
		Value:     leaf(s.Value),
		Timestamp: optional(s.Timestamp),
		Start:     optional(s.Start),
	}
	if s.Composite != nil {
		node.Composite = s.Composite.node()
	}
	for _, e := range s.Exemplars {
		node.Exemplars = append(node.Exemplars, e.node())
	}
	return node
}

// node is nil if s is.
func (s *labels) node() *Labels {
	if s == nil {
		return nil
	}
	node := &Labels{Open: leaf(s.Open), Close: leaf(s.Close), LeadingComma: optional(s.LeadingComma)}
	for _, i := range s.Items {
		node.Items = append(node.Items, Item{leaf(i.Name), optional(i.Value)})
		node.TrailingComma = optional(i.Comma)
	}
	return node
}

func (e *exemplar) node() Exemplar {
	s := e.Labels
	labels := Labels{Open: leaf(s.Open), Close: leaf(s.Close), LeadingComma: optional(s.LeadingComma)}
	for _, l := range s.Labels {
		labels.Items = append(labels.Items, Item{leaf(l.Name), optional(l.Value)})
		labels.TrailingComma = optional(l.Comma)
	}
	return Exemplar{leaf(e.Hash), labels, leaf(e.Value), optional(e.Timestamp)}
}

func (c *composite) node() *Composite {
	node := &Composite{Open: leaf(c.Open), Close: leaf(c.Close)}
	for _, f := range c.Fields {
		node.Fields = append(node.Fields, f.node())
	}
	return node
}

func (f *field) node() Field {
	var node Field
	switch {
	case f.Number != nil:
		node = Field{Name: leaf(f.Number.Name), Value: optional(f.Number.Value)}
	case f.List != nil:
		node = Field{Name: leaf(f.List.Name), Open: optional(f.List.Open), Close: optional(f.List.Close)}
		for _, number := range f.List.Numbers {
			node.Entries = append(node.Entries, Entry{Value: leaf(number.Value)})
		}
	case f.Pairs != nil:
		node = Field{Name: leaf(f.Pairs.Name), Open: optional(f.Pairs.Open), Close: optional(f.Pairs.Close)}
		for _, p := range f.Pairs.Pairs {
			node.Entries = append(node.Entries, Entry{Key: optional(p.Key), Value: leaf(p.Value)})
		}
	}
	return node
}

func present(t token) bool { return t.Type != 0 }

func leaf(t token) Leaf { return Leaf{lexer.Kind(t.Type), t.Pos.Offset, t.Value} }

func optional(t token) *Leaf {
	if !present(t) {
		return nil
	}
	l := leaf(t)
	return &l
}

// text is t, or nothing at end if there is no t.
func text(t token, kind lexer.Kind, end int) Leaf {
	if !present(t) {
		return Leaf{Kind: kind, Offset: end}
	}
	return leaf(t)
}
