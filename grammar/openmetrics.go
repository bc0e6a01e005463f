package grammar

// What the grammars of OpenMetrics leave to the reader of the tree. They accept a line that can have one meaning only,
// even where the format does not have it, and refuse what would be a guess:
//
//	the line                                                    accepted, for the reader to find
//	blanks that are not one space, or stand in braces or at an end    yes: Line.Tokens shows them
//	a CR before the line feed                                   yes: it is part of the Newline
//	a blank line, a comment                                     yes: a Line without nodes, a Comment
//	a HELP or UNIT line without a name, a TYPE line without a type    yes: Incomplete
//	any word for a type or unit, any string for a name          yes
//	a comma before the first label or behind the last one       yes: Labels.LeadingComma, TrailingComma
//	two commas, or none, between labels                         no
//	a quoted metric name anywhere in the braces, two or none    yes: Items without a Value
//	a label name with a colon, or one that occurs twice         yes
//	a timestamp that is NaN or infinite                         yes
//	a number in another syntax, a value of another kind         no
//	an exemplar without a timestamp                             yes
//	a metric name among the labels of an exemplar               no
//	a second exemplar in OpenMetrics 1.0                        no
//	any exemplar that is refused                                the sample before it is read: Line.Err and Line.Sample
//	fields of a composite value in any order, twice or missing  yes
//	a field that does not exist, or holds a list for a number   no
//	a bound, count, offset or schema that is out of range       yes
//	the start timestamp before the timestamp                    no

// line1 is the root of OpenMetrics 1.0.
type line1 struct {
	Sample  *sample1  `parser:"( @@"`
	Hash    token     `parser:"| @'#'"`
	Help    *helpLine `parser:"  ( @@"`
	Type    *typeLine `parser:"  | @@"`
	Unit    *unitLine `parser:"  | @@"`
	End     token     `parser:"  | @'EOF':End"`
	Comment token     `parser:"  | @Comment )? )? Newline?"`
}

type sample1 struct {
	Name      token     `parser:"( @Name"`
	Labels    *labels   `parser:"  @@? | @@ )"`
	Value     token     `parser:"@( Integer | Float )"`
	Timestamp token     `parser:"@( Integer | Float )?"`
	Exemplar  *exemplar `parser:"@@?"`
}

type unitLine struct {
	Keyword token `parser:"@'UNIT'"`
	Name    token `parser:"( @( Name | String )"`
	Word    token `parser:"  @Word? )?"`
}

type exemplar struct {
	Hash      token           `parser:"@'#'"`
	Labels    *exemplarLabels `parser:"@@"`
	Value     token           `parser:"@( Integer | Float )"`
	Timestamp token           `parser:"@( Integer | Float )?"`
}

type exemplarLabels struct {
	Open         token    `parser:"@'{'"`
	LeadingComma token    `parser:"@','?"`
	Labels       []*label `parser:"@@*"`
	Close        token    `parser:"@'}'"`
}

type label struct {
	Name  token `parser:"@( Name | String ) '='"`
	Value token `parser:"@String (?= ',' | '}')"`
	Comma token `parser:"@','?"`
}

// line2 is the root of OpenMetrics 2.0.
type line2 struct {
	Sample  *sample2  `parser:"( @@"`
	Hash    token     `parser:"| @'#'"`
	Help    *helpLine `parser:"  ( @@"`
	Type    *typeLine `parser:"  | @@"`
	Unit    *unitLine `parser:"  | @@"`
	End     token     `parser:"  | @'EOF':End"`
	Comment token     `parser:"  | @Comment )? )? Newline?"`
}

type sample2 struct {
	Name      token       `parser:"( @Name"`
	Labels    *labels     `parser:"  @@? | @@ )"`
	Value     token       `parser:"( @( Integer | Float )"`
	Composite *composite  `parser:"| @@ )"`
	Timestamp token       `parser:"@( Integer | Float )?"`
	Start     token       `parser:"( 'st@' @( Integer | Float ) )?"`
	Exemplars []*exemplar `parser:"@@*"`
}

type composite struct {
	Open   token    `parser:"@'{'"`
	Fields []*field `parser:"@@ ( ',' @@ )*"`
	Close  token    `parser:"@'}'"`
}

type field struct {
	Number *numberField `parser:"  @@"`
	List   *listField   `parser:"| @@"`
	Pairs  *pairsField  `parser:"| @@"`
}

type numberField struct {
	Name  token `parser:"@NumberField ':'"`
	Value token `parser:"@( Integer | Float )"`
}

type listField struct {
	Name    token     `parser:"@ListField ':'"`
	Open    token     `parser:"@'['"`
	Numbers []*number `parser:"( @@ ( ',' @@ )* )?"`
	Close   token     `parser:"@']'"`
}

type number struct {
	Value token `parser:"@( Integer | Float )"`
}

type pairsField struct {
	Name  token   `parser:"@PairsField ':'"`
	Open  token   `parser:"@'['"`
	Pairs []*pair `parser:"( @@ ( ',' @@ )* )?"`
	Close token   `parser:"@']'"`
}

type pair struct {
	Key   token `parser:"@( Integer | Float ) ':'"`
	Value token `parser:"@( Integer | Float )"`
}
