package lexer_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/lexer"
)

// What the plain lexer is made of, as regular expressions.
const (
	plainName    = `[a-zA-Z_:][a-zA-Z0-9_:]*`
	plainString  = `"(?:[^"\\]|\\.)*"`
	plainInteger = `[+-]?[0-9]+`
	plainFloat   = `[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?i:inf|infinity)|(?i:nan)`

	wordEnds  = `(?:[ \t]|$)`
	fieldEnds = `(?:[ \t{}\[\],:]|$)`
)

// rule is how a token may begin the rest of a line, and in which place the rest of the line is then.
type rule struct {
	pattern *regexp.Regexp // the token is its group
	kind    lexer.Kind
	next    string
}

// token is a rule for what the pattern matches, whatever follows.
func token(pattern string, kind lexer.Kind, next string) rule {
	return tokenBefore(pattern, "", kind, next)
}

// tokenBefore is a rule for what the pattern matches if ahead follows.
func tokenBefore(pattern, ahead string, kind lexer.Kind, next string) rule {
	return rule{regexp.MustCompile(`(?s)^(` + pattern + `)` + ahead), kind, next}
}

// plainRules are the tokens that there may be in each place of a line, the first that fits. They are what the formats say
// with nothing done for speed.
func plainRules(d lexer.Dialect) map[string][]rule {
	openMetrics, composites := d != lexer.PrometheusText, d == lexer.OpenMetrics2
	only := func(condition bool, rules ...rule) []rule {
		if condition {
			return rules
		}
		return nil
	}
	blanks := func(next string) []rule { return []rule{token(`[ \t]+`, lexer.Blank, next)} }
	lost := []rule{token(`[^ \t]+`, lexer.Invalid, "lost")}
	name := func(next string) []rule {
		return []rule{
			token(plainName, lexer.Name, next), token(plainString, lexer.String, next), token(`".*`, lexer.Invalid, "lost"),
		}
	}
	numbers := func(end, next string) []rule {
		return []rule{tokenBefore(plainInteger, end, lexer.Integer, next), tokenBefore(plainFloat, end, lexer.Float, next)}
	}
	values := slices.Concat(
		blanks("values"),
		only(openMetrics, token(`#`, lexer.Hash, "exemplar")),
		only(composites, token(`\{`, lexer.CompositeOpen, "field"), token(`st@`, lexer.StartAt, "values")),
		numbers(wordEnds, "values"), lost,
	)
	labels, helpBlanks := token(`\{`, lexer.LeftBrace, "labels"), `[ \t]+`
	labelsAfterBlanks := labels
	if openMetrics {
		helpBlanks = `[ \t]`
	}
	if composites {
		labelsAfterBlanks = tokenBefore(`\{`, `[ \t]*(?:[}",]|(?:`+plainName+`)?[ \t]*=)`, lexer.LeftBrace, "labels")
	}
	rules := map[string][]rule{
		"line":          slices.Concat(blanks("line"), []rule{token(`#`, lexer.Hash, "hash"), labels}, name("named"), lost),
		"named":         slices.Concat(blanks("named, blanks"), []rule{labels}, lost),
		"named, blanks": append([]rule{labelsAfterBlanks}, values...),
		"values":        values,
		"exemplar":      slices.Concat(blanks("exemplar"), []rule{labels}, lost),
		"labels": slices.Concat(blanks("labels"), []rule{
			token(`\}`, lexer.RightBrace, "values"), token(`,`, lexer.Comma, "labels"), token(`=`, lexer.Equal, "labels"), labels,
		}, name("labels"), []rule{token(`.[^ \t{},="]*`, lexer.Invalid, "labels")}),
		"hash": slices.Concat(
			blanks("hash"),
			[]rule{tokenBefore(`HELP`, wordEnds, lexer.Help, "help"), tokenBefore(`TYPE`, wordEnds, lexer.Type, "type")},
			only(openMetrics, tokenBefore(`UNIT`, wordEnds, lexer.Unit, "type"), tokenBefore(`EOF`, `[ \t]*$`, lexer.End, "lost")),
			[]rule{token(`.+`, lexer.Comment, "lost")},
		),
		"help":        slices.Concat(blanks("help"), name("help, named"), lost),
		"help, named": append([]rule{token(helpBlanks, lexer.Blank, "text")}, lost...),
		"text":        {token(`.+`, lexer.Text, "text")},
		"type":        slices.Concat(blanks("type"), name("type, named"), lost),
		"type, named": append(blanks("words"), lost...),
		"words":       append(blanks("words"), token(`[^ \t]+`, lexer.Word, "words")),
		"lost":        append(blanks("lost"), lost...),
	}
	// A composite value has numbers but where the name of a field stands.
	for place, after := range map[string]struct{ comma, colon string }{
		"field": {"field", "field's value"}, "field's value": {"field", "field's value"}, "list": {"list", "list"},
	} {
		rules[place] = slices.Concat(blanks(place), []rule{
			token(`\{`, lexer.CompositeOpen, place), token(`\}`, lexer.CompositeClose, "values"),
			token(`\[`, lexer.LeftBracket, "list"), token(`\]`, lexer.RightBracket, "field's value"),
			token(`,`, lexer.Comma, after.comma), token(`:`, lexer.Colon, after.colon),
		})
		if place == "field" {
			rules[place] = append(rules[place],
				tokenBefore(`count|sum|gcount|gsum|schema|zero_threshold|zero_count`, fieldEnds, lexer.NumberField, place),
				tokenBefore(`negative_buckets|positive_buckets`, fieldEnds, lexer.ListField, place),
				tokenBefore(`negative_spans|positive_spans|bucket|quantile`, fieldEnds, lexer.PairsField, place))
		} else {
			rules[place] = append(rules[place], numbers(fieldEnds, place)...)
		}
		rules[place] = append(rules[place], token(`.[^ \t{}\[\],:]*`, lexer.Invalid, place))
	}
	return rules
}

var (
	rulesOf = func() (all [lexer.Dialects]map[string][]rule) {
		for d := range lexer.Dialect(lexer.Dialects) {
			all[d] = plainRules(d)
		}
		return all
	}()
	plainLine = regexp.MustCompile(`^([^\n]*?)(\r*(?:\n|$))`)
)

// plainTokens are the tokens of src up to EOF, read one after the other by regular expressions.
func plainTokens(t *testing.T, src []byte, d lexer.Dialect) (tokens []lexer.Token) {
	t.Helper()
	for at := 0; at < len(src); {
		line := plainLine.FindSubmatch(src[at:])
		place, rest := "line", line[1]
		for len(rest) > 0 {
			i := slices.IndexFunc(rulesOf[d][place], func(r rule) bool { return r.pattern.Match(rest) })
			require.GreaterOrEqual(t, i, 0, "%s: %q", place, rest)
			r := rulesOf[d][place][i]
			size := len(r.pattern.FindSubmatch(rest)[1])
			tokens = append(tokens, lexer.Token{Kind: r.kind, Start: at, End: at + size})
			at, place, rest = at+size, r.next, rest[size:]
		}
		if size := len(line[2]); size > 0 {
			tokens = append(tokens, lexer.Token{Kind: lexer.Newline, Start: at, End: at + size})
			at += size
		}
	}
	return append(tokens, lexer.Token{Kind: lexer.EOF, Start: len(src), End: len(src)})
}

// requirePlainNames holds NameEnd against looking at one byte after the other, at the first places of src.
func requirePlainNames(t *testing.T, src []byte) {
	t.Helper()
	const nameBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:0123456789"
	for i := range min(len(src), 200) {
		end := i
		for end < len(src) && strings.IndexByte(nameBytes, src[end]) >= 0 {
			end++
		}
		if '0' <= src[i] && src[i] <= '9' {
			end = i
		}
		require.Equal(t, end, lexer.NameEnd(src, i), "%q, from %d on", src, i)
	}
}
