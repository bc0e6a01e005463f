package grammar_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/alecthomas/participle/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/grammar"
	"github.com/promfmt/promfmt/lexer"
)

// goodLines are lines that the grammar accepts, each with its tree as outline writes it.
var goodLines = []struct{ name, line, want string }{
	{"a sample is a name and a value", "a 1", "Sample a@0 1@2"},
	{"a timestamp may follow the value", "a 1 1712345678901", "Sample a@0 1@2 1712345678901@4"},
	{"a timestamp may have a minus", "a 1 -5", "Sample a@0 1@2 -5@4"},
	{"a timestamp may have a plus", "a 1 +5", "Sample a@0 1@2 +5@4"},
	{"the size of a timestamp is no matter of syntax", "a 1 99999999999999999999", "Sample a@0 1@2 99999999999999999999@4"},
	{"a name may hold colons and digits", ":a_9:b 1", "Sample :a_9:b@0 1@7"},
	{"a line may end in LF", "a 1\n", "Sample a@0 1@2"},
	{"a line may end in CR LF", "a 1\r\n", "Sample a@0 1@2"},
	{"a line may end in a lone CR", "a 1\r", "Sample a@0 1@2"},
	{"blanks may stand before a sample", " \ta 1", "Sample a@2 1@4"},
	{"blanks may follow the value", "a 1 \t \n", "Sample a@0 1@2"},
	{"blanks may follow the timestamp", "a 1 2  ", "Sample a@0 1@2 2@4"},
	{"tabs and runs of blanks separate tokens", "a\t 1\t\t2", "Sample a@0 1@3 2@6"},
	{"blanks may stand before the braces and none behind", `a {l="x"}1`, `Sample a@0 {@2 l@3="x"@5 }@8 1@9`},
	{"blanks may stand anywhere in the braces", `a{ l = "x" , } 1`, `Sample a@0 {@1 l@3="x"@7 ,@11 }@13 1@15`},
	{"braces may be empty", "a{} 1", "Sample a@0 {@1 }@2 1@4"},
	{"several labels keep their order", `a{z="1",b="2"} 1`, `Sample a@0 {@1 z@2="1"@4 b@8="2"@10 }@13 1@15`},
	{"a comma may follow the last label", `a{l="x",} 1`, `Sample a@0 {@1 l@2="x"@4 ,@7 }@8 1@10`},
	{"a comma may stand before the first label", `a{,l="x"} 1`, `Sample a@0 {@1 ,@2 l@3="x"@5 }@8 1@10`},
	{"a comma may stand alone in the braces", "a{,} 1", "Sample a@0 {@1 ,@2 }@3 1@5"},
	{"a label value may be empty", `a{l=""} 1`, `Sample a@0 {@1 l@2=""@4 }@6 1@8`},
	{"a label value keeps its escapes", `a{l="\\\"\n\q"} 1`, `Sample a@0 {@1 l@2="\\\"\n\q"@4 }@14 1@16`},
	{"a label value may hold what else means something", `a{l="},{=# "} 1`, `Sample a@0 {@1 l@2="},{=# "@4 }@12 1@14`},
	{"a label value may hold NUL", "a{l=\"\x00\"} 1", "Sample a@0 {@1 l@2=\"\x00\"@4 }@7 1@9"},
	{"bad UTF-8 in a label value is no matter of syntax", "a{l=\"\xff\"} 1", "Sample a@0 {@1 l@2=\"\xff\"@4 }@7 1@9"},
	{"a repeated label is no matter of syntax", `a{l="x",l="y"} 1`, `Sample a@0 {@1 l@2="x"@4 l@8="y"@10 }@13 1@15`},
	{"a colon in a label name is no matter of syntax", `a{b:c="x"} 1`, `Sample a@0 {@1 b:c@2="x"@6 }@9 1@11`},
	{"a label may begin with two underscores", `a{__b="x"} 1`, `Sample a@0 {@1 __b@2="x"@6 }@9 1@11`},
	{"the label __name__ is no matter of syntax", `a{__name__="b"} 1`, `Sample a@0 {@1 __name__@2="b"@11 }@14 1@16`},
	{"a label name may be quoted", `a{"b.c"="x"} 1`, `Sample a@0 {@1 "b.c"@2="x"@8 }@11 1@13`},
	{"an empty label name is no matter of syntax", `a{""="x"} 1`, `Sample a@0 {@1 ""@2="x"@5 }@8 1@10`},
	{"the metric name may stand in the braces", `{"m.x"} 1`, `Sample {@0 "m.x"@1 }@6 1@8`},
	{"the metric name in the braces may come first", `{"m.x",l="x"} 1`, `Sample {@0 "m.x"@1 l@7="x"@9 }@12 1@14`},
	{"the metric name in the braces may come last", `{l="x","m.x"} 1`, `Sample {@0 l@1="x"@3 "m.x"@7 }@12 1@14`},
	{"the metric name in the braces may come in between", `{k="x","m.x",l="y",} 1`, `Sample {@0 k@1="x"@3 "m.x"@7 l@13="y"@15 ,@18 }@19 1@21`},
	{"a second metric name is no matter of syntax", `{"a","b"} 1`, `Sample {@0 "a"@1 "b"@5 }@8 1@10`},
	{"a metric name on both sides of the brace is no matter of syntax", `a{"m"} 1`, `Sample a@0 {@1 "m"@2 }@5 1@7`},
	{"an empty metric name is no matter of syntax", `{""} 1`, `Sample {@0 ""@1 }@3 1@5`},
	{"a missing metric name is no matter of syntax", "{} 2", "Sample {@0 }@1 2@3"},
	{"a missing metric name before labels is no matter of syntax", `{l="x"} 2`, `Sample {@0 l@1="x"@3 }@6 2@8`},
	{"a name of one letter needs no blank before the value behind braces", "{A=\"\"}0", `Sample {@0 A@1=""@3 }@5 0@6`},
	{"NaN and infinities are values in any case", "a nAn", "Sample a@0 nAn@2"},
	{"an infinity may have a sign", "a -INF", "Sample a@0 -INF@2"},
	{"an infinity may be written out", "a +Infinity 5", "Sample a@0 +Infinity@2 5@12"},
	{"a value may have a fraction and an exponent", "a -1.5E+10", "Sample a@0 -1.5E+10@2"},
	{"the size of a value is no matter of syntax", "a 1e400", "Sample a@0 1e400@2"},

	{"a help line is a name and a text", `# HELP a Some "text" \\ \n.`, `Help #@0 HELP@2 a@7 Some "text" \\ \n.@9`},
	{"a help text loses leading blanks and keeps trailing ones", "# HELP a \t x y \t\n", "Help #@0 HELP@2 a@7 x y \t@11"},
	{"a help text may be missing", "# HELP a", "Help #@0 HELP@2 a@7 @8"},
	{"a help text of blanks is empty", "# HELP a  \n", "Help #@0 HELP@2 a@7 @10"},
	{"a help text may end in a backslash", `# HELP a b\`, `Help #@0 HELP@2 a@7 b\@9`},
	{"a help text may hold NUL", "# HELP a \x00", "Help #@0 HELP@2 a@7 \x00@9"},
	{"bad UTF-8 in a help text is no matter of syntax", "# HELP a \xff", "Help #@0 HELP@2 a@7 \xff@9"},
	{"a help text may begin with a quote", `# HELP a "b`, `Help #@0 HELP@2 a@7 "b@9`},
	{"a help line may name a quoted metric", `# HELP "m.x" text`, `Help #@0 HELP@2 "m.x"@7 text@13`},
	{"an empty quoted name is no matter of syntax", `# HELP "" text`, `Help #@0 HELP@2 ""@7 text@10`},
	{"the # needs no blank behind it", "#HELP a b", "Help #@0 HELP@1 a@6 b@8"},
	{"blanks may stand before the #", "  # HELP a b", "Help #@2 HELP@4 a@9 b@11"},
	{"a type line is a name and a type", "# TYPE a counter\n", "Type #@0 TYPE@2 a@7 counter@9"},
	{"a type line may name a quoted metric", `# TYPE "m.x" gauge`, `Type #@0 TYPE@2 "m.x"@7 gauge@13`},
	{"a type line without a blank behind the # is one", "#TYPE a counter", "Type #@0 TYPE@1 a@6 counter@8"},
	{"a type line may have runs of blanks and end in one", "#  TYPE\ta  counter ", "Type #@0 TYPE@3 a@8 counter@11"},
	{"an unknown type is no matter of syntax", "# TYPE a COUNTER", "Type #@0 TYPE@2 a@7 COUNTER@9"},
	{"a type is any word", "# TYPE a -{}", "Type #@0 TYPE@2 a@7 -{}@9"},

	{"a help line without a name is incomplete", "# HELP", "Incomplete #@0 HELP@2"},
	{"a help line with blanks for a name is incomplete", "#HELP  \n", "Incomplete #@0 HELP@1"},
	{"a type line without a name is incomplete", "# TYPE\n", "Incomplete #@0 TYPE@2"},
	{"a type line without a type is incomplete", "# TYPE a", "Incomplete #@0 TYPE@2 a@7"},
	{"a type line with blanks for a type is incomplete", "# TYPE \"a\" \r\n", `Incomplete #@0 TYPE@2 "a"@7`},

	{"any other line with # is a comment", "# a  comment \n", "Comment #@0 a  comment @2"},
	{"a comment needs no blank", "#foo", "Comment #@0 foo@1"},
	{"a lone # is a comment", "#", "Comment #@0 @1"},
	{"a # and blanks are a comment", " # \t\n", "Comment #@1 @4"},
	{"the end mark of OpenMetrics is a comment", "# EOF", "Comment #@0 EOF@2"},
	{"the unit of OpenMetrics is a comment", "# UNIT a seconds", "Comment #@0 UNIT a seconds@2"},
	{"a word that only begins like HELP is a comment", "# HELPER a b", "Comment #@0 HELPER a b@2"},
	{"a word in small letters is a comment", "# type a counter", "Comment #@0 type a counter@2"},
	{"a second # is part of a comment", "## TYPE a counter", "Comment #@0 # TYPE a counter@1"},
	{"a comment may hold bad UTF-8 and NUL", "# \xff\x00", "Comment #@0 \xff\x00@2"},

	{"nothing is a blank line", "", ""},
	{"a line end is a blank line", "\n", ""},
	{"a CR and LF are a blank line", "\r\n", ""},
	{"blanks are a blank line", " \t\n", ""},
}

// outline writes the node of a line as its name and its leaves, each with the offset where it stands.
func outline(l *grammar.Line) string {
	var words []string
	add := func(leaves ...*grammar.Leaf) {
		for _, leaf := range leaves {
			if leaf != nil {
				words = append(words, at(leaf))
			}
		}
	}
	labels := func(labels *grammar.Labels) {
		add(&labels.Open, labels.LeadingComma)
		for _, item := range labels.Items {
			if item.Value == nil {
				add(&item.Name)
			} else {
				words = append(words, at(&item.Name)+"="+at(item.Value))
			}
		}
		add(labels.TrailingComma, &labels.Close)
	}
	switch {
	case l.Sample != nil:
		words = append(words, "Sample")
		add(l.Sample.Name)
		if l.Sample.Labels != nil {
			labels(l.Sample.Labels)
		}
		if composite := l.Sample.Composite; composite != nil {
			add(&composite.Open)
			for _, field := range composite.Fields {
				words = append(words, at(&field.Name)+":")
				add(field.Value, field.Open)
				for _, entry := range field.Entries {
					if entry.Key == nil {
						add(&entry.Value)
					} else {
						words = append(words, at(entry.Key)+":"+at(&entry.Value))
					}
				}
				add(field.Close)
			}
			add(&composite.Close)
		} else {
			add(&l.Sample.Value)
		}
		add(l.Sample.Timestamp)
		if l.Sample.Start != nil {
			words = append(words, "Start")
			add(l.Sample.Start)
		}
		for _, exemplar := range l.Sample.Exemplars {
			words = append(words, "Exemplar")
			add(&exemplar.Hash)
			labels(&exemplar.Labels)
			add(&exemplar.Value, exemplar.Timestamp)
		}
	case l.Help != nil:
		words = append(words, "Help")
		add(&l.Help.Hash, &l.Help.Keyword, &l.Help.Name, &l.Help.Text)
	case l.Type != nil:
		words = append(words, "Type")
		add(&l.Type.Hash, &l.Type.Keyword, &l.Type.Name, &l.Type.Word)
	case l.Unit != nil:
		words = append(words, "Unit")
		add(&l.Unit.Hash, &l.Unit.Keyword, &l.Unit.Name, &l.Unit.Word)
	case l.End != nil:
		words = append(words, "End")
		add(&l.End.Hash, &l.End.Keyword)
	case l.Incomplete != nil:
		words = append(words, "Incomplete")
		add(&l.Incomplete.Hash, &l.Incomplete.Keyword, l.Incomplete.Name)
	case l.Comment != nil:
		words = append(words, "Comment")
		add(&l.Comment.Hash, &l.Comment.Text)
	}
	return strings.Join(words, " ")
}

func at(leaf *grammar.Leaf) string { return fmt.Sprintf("%s@%d", leaf.Raw, leaf.Offset) }

func TestGoodLines(t *testing.T) {
	for _, test := range goodLines {
		t.Run(test.name, func(t *testing.T) {
			line := grammar.ParseLine([]byte(test.line))
			require.Nil(t, line.Err)
			require.Equal(t, test.want, outline(line))
			require.Equal(t, test.line, line.String())
		})
	}
}

// badLines are lines that the grammar refuses, each with the offset of the token at fault, the rule and the words.
var badLines = []struct {
	name, line string
	offset     int
	rule       diag.Rule
	message    string
}{
	{"a value is missing", "a", 1, diag.Syntax, `expected "{" or a value, found end of line`},
	{"a value is missing before the line end", "a \n", 2, diag.Syntax, `expected "{" or a value, found end of line`},
	{"a value is missing before CR LF", "a\r\n", 1, diag.Syntax, `expected "{" or a value, found end of line`},
	{"a value is missing behind the braces", "a{}", 3, diag.Syntax, `expected a value, found end of line`},
	{"a value is a word", "a b 1", 2, diag.Number, `expected "{" or a value, found "b"`},
	{"a value is hexadecimal", "a 0x1f", 2, diag.Number, `expected "{" or a value, found "0x1f"`},
	{"a value holds an underscore", "a{} 1_000", 4, diag.Number, `expected a value, found "1_000"`},
	{"a value is a signed NaN", "a +NaN", 2, diag.Number, `expected "{" or a value, found "+NaN"`},
	{"a value is followed by a vertical tab", "a 1\v", 2, diag.Number, `expected "{" or a value, found "1\v"`},
	{"a value is followed by a next-line character", "a 1\u0085", 2, diag.Number, `expected "{" or a value, found "1\u0085"`},
	{"a value is in quotes", `a "1"`, 2, diag.Number, `expected "{" or a value, found "\"1\""`},
	{"a value is in digits of another script", "a \u0661", 2, diag.Number, `expected "{" or a value, found "١"`},
	{"a value holds NUL", "a 1\x002", 2, diag.Number, `expected "{" or a value, found "1\x002"`},
	{"a value holds a CR", "a 1\r2", 2, diag.Number, `expected "{" or a value, found "1\r2"`},
	{"a second pair of braces follows", "a{}{} 1", 3, diag.Number, `expected a value, found "{}"`},
	{"a timestamp is in seconds with a fraction", "a 1 5.0", 4, diag.Timestamp, `expected a timestamp or the end of the line, found "5.0"`},
	{"a timestamp has an exponent", "a 1 1e3", 4, diag.Timestamp, `expected a timestamp or the end of the line, found "1e3"`},
	{"a timestamp is NaN", "a 1 NaN", 4, diag.Timestamp, `expected a timestamp or the end of the line, found "NaN"`},
	{"a timestamp is a word", "a 1 now\n", 4, diag.Timestamp, `expected a timestamp or the end of the line, found "now"`},
	{"a third number follows", "a 1 2 3", 6, diag.Syntax, `expected the end of the line, found "3"`},
	{"a fraction follows the timestamp", "a 1 2 3.5", 6, diag.Syntax, `expected the end of the line, found "3.5"`},
	{"a word follows the timestamp", "a 1 2 x", 6, diag.Syntax, `expected the end of the line, found "x"`},
	{"an exemplar follows the value", `a_total 17.0 # {trace_id="abc"} 0.67 123`, 13, diag.ExemplarInText, `expected a timestamp or the end of the line, found "#"`},
	{"an exemplar follows the timestamp", `a_total 17 1 # {trace_id="abc"} 0.67`, 13, diag.ExemplarInText, `expected the end of the line, found "#"`},
	{"a comment follows the value", "a 1 #x", 4, diag.ExemplarInText, `expected a timestamp or the end of the line, found "#x"`},

	{"a metric name holds a dash", "a-b 1", 1, diag.MetricName, `expected "{" or a value, found "-b"`},
	{"a metric name holds a dot before braces", `a.b{l="x"} 1`, 1, diag.MetricName, `expected "{" or a value, found ".b{l=\"x\"}"`},
	{"a metric name holds bad UTF-8", "a\xff 1", 1, diag.MetricName, `expected "{" or a value, found "\xff"`},
	{"a metric name is followed by a quote", `a"b" 1`, 1, diag.MetricName, `expected "{" or a value, found "\"b\""`},
	{"a line begins with a digit", "9a 1", 0, diag.MetricName, `expected a metric name, "{" or "#", found "9a"`},
	{"a line begins with NUL", "\x00 1", 0, diag.MetricName, `expected a metric name, "{" or "#", found "\x00"`},
	{"a line begins with a byte order mark", "\ufeffa 1", 0, diag.MetricName, `expected a metric name, "{" or "#", found "\ufeffa"`},
	{"a line begins with a closing brace", " } 1", 1, diag.MetricName, `expected a metric name, "{" or "#", found "}"`},
	{"a quoted metric name stands outside the braces", `"m.x" 1`, 0, diag.Syntax, `expected a metric name, "{" or "#", found "\"m.x\""`},
	{"a quoted metric name outside the braces does not end", `"m.x 1`, 0, diag.Syntax, `expected a metric name, "{" or "#", found an unterminated string`},

	{"a metric name in the braces is not quoted", "{a} 1", 2, diag.Syntax, `expected "=", found "}"`},
	{"a metric name of a letter in the braces is not quoted", "{A}0", 2, diag.Syntax, `expected "=", found "}"`},
	{"a label has no name", `{="x"} 1`, 1, diag.Syntax, `expected a label name or "}", found "="`},
	{"a label behind a metric name has no name", `o{="foo"} 0`, 2, diag.Syntax, `expected a label name or "}", found "="`},
	{"a label has no value", "a{l} 1", 3, diag.Syntax, `expected "=", found "}"`},
	{"a label has nothing behind =", "a{l=} 1", 4, diag.Syntax, `expected a label value in quotes, found "}"`},
	{"a label value has no quotes", "a{l=x} 1", 4, diag.Syntax, `expected a label value in quotes, found "x"`},
	{"a label value is a number", "a{l=1} 1", 4, diag.Syntax, `expected a label value in quotes, found "1"`},
	{"a label value has no closing quote", `a{l="x} 1`, 4, diag.Syntax, `expected a label value in quotes, found an unterminated string`},
	{"a label value ends in a backslash", `a{l="C:\"} 1`, 4, diag.Syntax, `expected a label value in quotes, found an unterminated string`},
	{"a line feed stands in a label value", "a{l=\"x\ny\"} 1", 4, diag.Syntax, `expected a label value in quotes, found an unterminated string`},
	{"a label name holds a dash", `a{b-c="x"} 1`, 3, diag.LabelName, `expected "=", found "-c"`},
	{"a label name begins with a dash", `a{-b="x"} 1`, 2, diag.LabelName, `expected a label name or "}", found "-b"`},
	{"a label name begins with a digit", `a{l="x",9="y"} 1`, 8, diag.LabelName, `expected a label name or "}", found "9"`},
	{"a label name holds bad UTF-8", "a{b\xff=\"x\"} 1", 3, diag.LabelName, `expected "=", found "\xff"`},
	{"a word follows a label name", `a{b -c="x"} 1`, 4, diag.Syntax, `expected "=", found "-c"`},
	{"a quoted label name has no closing quote", `a{"b=1`, 2, diag.Syntax, `expected a label name or "}", found an unterminated string`},
	{"two commas follow a label", `a{l="x",,} 1`, 8, diag.Syntax, `expected a label name or "}", found ","`},
	{"two commas stand alone", "a{,,} 1", 3, diag.Syntax, `expected a label name or "}", found ","`},
	{"a comma is missing", `{l="x" m="y"} 1`, 7, diag.Syntax, `expected "," or "}", found "m"`},
	{"a comma is missing behind a quoted name", `{"a" l="x"} 1`, 5, diag.Syntax, `expected "=", "," or "}", found "l"`},
	{"text follows a label value", `a{l="x"y} 1`, 7, diag.Syntax, `expected "," or "}", found "y"`},
	{"a brace stands in braces", "a{{} 1", 2, diag.Syntax, `expected a label name or "}", found "{"`},
	{"a line ends behind the open brace", "a{\n", 2, diag.Syntax, `expected a label name or "}", found end of line`},
	{"a line ends behind a label name", "a{l", 3, diag.Syntax, `expected "=", found end of line`},
	{"a line ends behind =", "a{l=", 4, diag.Syntax, `expected a label value in quotes, found end of line`},
	{"a line ends behind a label value", `a{l="x"`, 7, diag.Syntax, `expected "," or "}", found end of line`},
	{"a line ends behind a quoted name", `{"a"`, 4, diag.Syntax, `expected "=", "," or "}", found end of line`},
	{"a line ends behind a comma", `a{l="x", `, 9, diag.Syntax, `expected a label name or "}", found end of line`},

	{"the name of a help line holds a dash", "# HELP a-b x", 8, diag.MetricName, `expected a blank and the help text, found "-b"`},
	{"the name of a help line begins with a dash", "# HELP -b x", 7, diag.MetricName, `expected a metric name, found "-b"`},
	{"the name of a help line has no closing quote", `# HELP "b x`, 7, diag.Syntax, `expected a metric name, found an unterminated string`},
	{"a help text follows the closing quote directly", `# HELP "b"x`, 10, diag.Syntax, `expected a blank and the help text, found "x"`},
	{"the name of a type line holds a dash", "# TYPE a-b counter", 8, diag.MetricName, `expected a blank and the type, found "-b"`},
	{"the name of a type line begins with a digit", "# TYPE 9 counter", 7, diag.MetricName, `expected a metric name, found "9"`},
	{"a word follows the type", "# TYPE a counter extra", 17, diag.Syntax, `expected the end of the line, found "extra"`},
	{"a # follows the type", "# TYPE a counter # x", 17, diag.Syntax, `expected the end of the line, found "#"`},

	{"a second line follows", "a 1\nb 2\n", 4, diag.Syntax, `expected nothing behind the end of the line, found "b"`},
	{"a long token is cut off", "a " + strings.Repeat("x", 100), 2, diag.Number, `expected "{" or a value, found "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"…`},
	{"a long token is cut off between characters", "a " + strings.Repeat("x", 39) + "é", 2, diag.Number, `expected "{" or a value, found "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"…`},
}

func TestBadLines(t *testing.T) {
	for _, test := range badLines {
		t.Run(test.name, func(t *testing.T) {
			line := grammar.ParseLine([]byte(test.line))
			require.NotNil(t, line.Err)
			require.Empty(t, outline(line), "a bad line has no other node")
			require.EqualError(t, line.Err, test.message)
			require.Equal(t, test.offset, line.Err.Offset)
			require.Equal(t, test.rule, line.Err.Rule)
			require.Equal(t, "expected "+line.Err.Expected+", found "+line.Err.Found, test.message)
			require.Equal(t, test.line, line.String())
		})
	}
}

func TestHints(t *testing.T) {
	tests := []struct{ name, line, want string }{
		{"a metric name that needs quotes", "a-b 1", `other names stand in quotes, those of samples within the braces, as in {"a.b"}`},
		{"a metric name with quotes at the wrong place", `"a.b" 1`, `other names stand in quotes, those of samples within the braces, as in {"a.b"}`},
		{"a label name that needs quotes", `a{b-c="x"} 1`, `other names stand in quotes, as in {"a.b"="x"}`},
		{"a string without an end", `a{b="x} 1`, `a string ends on its own line; \n stands for a line feed in it, \" for a quote and \\ for a backslash`},
		{"a timestamp in seconds", "a 1 1712345678.9", "a timestamp is a whole number of milliseconds; in OpenMetrics it is in seconds"},
		{"an exemplar", `a 1 # {l="x"} 1`, "exemplars belong to OpenMetrics"},
		{"a timestamp that is no number at all has no hint", "a 1 now", ""},
		{"a missing value has no hint", "a", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, grammar.ParseLine([]byte(test.line)).Err.Hint)
		})
	}
}

func TestTreeInFull(t *testing.T) {
	line := grammar.ParseLine([]byte(`{,"m.x",l="1"} +Inf -7` + "\n"))
	want := &grammar.Line{
		Number: 1,
		Tokens: []lexer.Token{
			{Kind: lexer.LeftBrace, Start: 0, End: 1},
			{Kind: lexer.Comma, Start: 1, End: 2},
			{Kind: lexer.String, Start: 2, End: 7},
			{Kind: lexer.Comma, Start: 7, End: 8},
			{Kind: lexer.Name, Start: 8, End: 9},
			{Kind: lexer.Equal, Start: 9, End: 10},
			{Kind: lexer.String, Start: 10, End: 13},
			{Kind: lexer.RightBrace, Start: 13, End: 14},
			{Kind: lexer.Blank, Start: 14, End: 15},
			{Kind: lexer.Float, Start: 15, End: 19},
			{Kind: lexer.Blank, Start: 19, End: 20},
			{Kind: lexer.Integer, Start: 20, End: 22},
			{Kind: lexer.Newline, Start: 22, End: 23},
			{Kind: lexer.EOF, Start: 23, End: 23},
		},
		Sample: &grammar.Sample{
			Labels: &grammar.Labels{
				Open:         grammar.Leaf{Kind: lexer.LeftBrace, Offset: 0, Raw: "{"},
				Close:        grammar.Leaf{Kind: lexer.RightBrace, Offset: 13, Raw: "}"},
				LeadingComma: &grammar.Leaf{Kind: lexer.Comma, Offset: 1, Raw: ","},
				Items: []grammar.Item{
					{Name: grammar.Leaf{Kind: lexer.String, Offset: 2, Raw: `"m.x"`}},
					{
						Name:  grammar.Leaf{Kind: lexer.Name, Offset: 8, Raw: "l"},
						Value: &grammar.Leaf{Kind: lexer.String, Offset: 10, Raw: `"1"`},
					},
				},
			},
			Value:     grammar.Leaf{Kind: lexer.Float, Offset: 15, Raw: "+Inf"},
			Timestamp: &grammar.Leaf{Kind: lexer.Integer, Offset: 20, Raw: "-7"},
		},
	}
	require.Empty(t, cmp.Diff(want, line, cmpopts.IgnoreUnexported(grammar.Line{})))
	require.True(t, line.Sample.Labels.Items[0].Name.Quoted())
	require.False(t, line.Sample.Labels.Items[1].Name.Quoted())
	require.Equal(t, 13, line.Sample.Labels.Items[1].Value.End())
	require.Equal(t, "+Inf", line.Text(line.Tokens[9]))
}

func TestLineSharesNoMemoryWithItsSource(t *testing.T) {
	src := []byte(`a{l="x"} 1`)
	line := grammar.ParseLine(src)
	clear(src)
	require.Equal(t, `a{l="x"} 1`, line.String())
	require.Equal(t, `Sample a@0 {@1 l@2="x"@4 }@7 1@9`, outline(line))
}

func TestLines(t *testing.T) {
	type summary struct {
		Number, Offset int
		Text, Node     string
	}
	tests := []struct {
		name, document string
		want           []summary
	}{
		{"an empty document has no line", "", nil},
		{"a line end makes one line", "\n", []summary{{1, 0, "\n", ""}}},
		{"the last line may lack its line end", "a 1\nb 2", []summary{
			{1, 0, "a 1\n", "Sample a@0 1@2"},
			{2, 4, "b 2", "Sample b@0 2@2"},
		}},
		{"good lines around a bad one are read", "a 1\r\na-b 2\n\n# c\r", []summary{
			{1, 0, "a 1\r\n", "Sample a@0 1@2"},
			{2, 5, "a-b 2\n", ""},
			{3, 11, "\n", ""},
			{4, 12, "# c\r", "Comment #@0 c@2"},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []summary
			for line := range grammar.Lines([]byte(test.document)) {
				got = append(got, summary{line.Number, line.Offset, line.String(), outline(line)})
			}
			require.Empty(t, cmp.Diff(test.want, got))
		})
	}
	t.Run("a reader may stop early", func(t *testing.T) {
		for line := range grammar.Lines([]byte("a 1\nb 2\n")) {
			require.Equal(t, 1, line.Number)
			break
		}
	})
}

func TestManyLabels(t *testing.T) {
	block := func(n int) []byte { return []byte("a{" + strings.Repeat(`l="x",`, n) + "} 1") }

	t.Run("fifty thousand labels are read", func(t *testing.T) {
		line := grammar.ParseLine(block(50_000))
		require.Nil(t, line.Err)
		require.Len(t, line.Sample.Labels.Items, 50_000)
	})
	t.Run("twice the repetitions of participle are the limit", func(t *testing.T) {
		repetitions := participle.MaxIterations
		t.Cleanup(func() { participle.MaxIterations = repetitions })
		participle.MaxIterations = 10

		line := grammar.ParseLine(block(18))
		require.Nil(t, line.Err)
		require.Len(t, line.Sample.Labels.Items, 18)

		line = grammar.ParseLine(block(19))
		require.NotNil(t, line.Err)
		require.EqualError(t, line.Err, "more than 18 labels on a line")
		require.Equal(t, diag.TooManyLabels, line.Err.Rule)
		require.Equal(t, string(block(19)), line.String())
	})
}
