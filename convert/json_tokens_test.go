package convert

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/corpus"
)

// FuzzJSONTokens holds that the tokens of an array are those of encoding/json, and that the same arrays are JSON, but for
// the known differences.
func FuzzJSONTokens(f *testing.F) {
	for _, text := range []string{
		``, ` `, `null`, `[]`, `{}`, `[1,-2.5e+3,"x",true,false,null,{"a":[{}]}]`, `"\u00e9\ud83d\ude42\\\"\/\b\f\n\r\t"`, `[1 2]`, `[,]`, `{"a"}`, `{"a":}`,
		`{"a":1,}`, `{1:2}`, `[1}`, `{]`, `]`, `01`, `-`, `1.`, `tru`, `nulll`, "\"a\nb\"", `"\q"`, `"\u12"`, `"`, `"\`, `{"a":1}{"b":2}[3]4 5`, `1,2`, `:`,
		"\xff", "\"\xff\"", `[[[[`, `{"a":`, `{"a"`, `{`, `"é"`, `],[`, `]4 5[`, `]{"a":1}{"b":2}[3`, `]"x"[`,
	} {
		f.Add([]byte(text))
	}
	for _, d := range tokenDifferences {
		f.Add([]byte(d.example))
	}
	for file := range corpus.Files(corpus.Valid) {
		if file.Format == corpus.Text && len(file.Data) < 1<<10 {
			text, _ := asJSON(f, transcribe(f, ofBytes(file.Data)).Families)
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		text = inArray(text)
		if !slices.ContainsFunc(tokenDifferences, func(d tokenDifference) bool { return d.is(text) }) {
			require.Empty(t, tokensDiffer(text), "%q", text)
		}
	})
}

// inArray is a text as that of an array, which it may end, and begin another.
func inArray(text []byte) []byte { return slices.Concat([]byte{'['}, text, []byte{']'}) }

// tokenDifference is a kind of texts in which encoding/json is known to find other tokens.
type tokenDifference struct {
	reason string
	// example is what stands in an array of this kind.
	example string
	is      func(text []byte) bool
}

var tokenDifferences = []tokenDifference{
	{
		"a number begins with a zero only if that is all of it; outside of arrays and objects encoding/json takes 01 for two numbers",
		"]01[",
		func(text []byte) bool {
			found := false
			_ = eachToken(text, func(token json.Token, depth, end int) {
				_, isNumber := token.(json.Number)
				found = found || isNumber && depth == 0 && end < len(text) && strings.IndexByte("0123456789+-.eE", text[end]) >= 0
			})
			return found
		},
	},
	{
		"arrays and objects lie in each other no deeper than a hundred; encoding/json goes on",
		strings.Repeat("[", deepest) + strings.Repeat("]", deepest),
		func(text []byte) bool {
			found := false
			_ = eachToken(text, func(_ json.Token, depth, _ int) { found = found || depth > deepest })
			return found
		},
	},
}

// TestKnownDifferencesOfTokens holds that each known difference still occurs, in its example and there alone.
func TestKnownDifferencesOfTokens(t *testing.T) {
	t.Parallel()
	for _, d := range tokenDifferences {
		text := inArray([]byte(d.example))
		require.NotEmpty(t, tokensDiffer(text), d.reason)
		for _, other := range tokenDifferences {
			require.Equal(t, other.reason == d.reason, other.is(text), "%q: %s", text, other.reason)
		}
	}
}

// tokensDiffer says how our tokens differ from those of encoding/json. Of what is no JSON those are compared that both find.
func tokensDiffer(text []byte) string {
	theirs, isJSON := tokensByStandardLibrary(text)
	ours, ok := tokensOf(text)
	if ok != isJSON || ok && len(ours) != len(theirs) {
		return fmt.Sprintf("it is JSON to us: %t, to encoding/json: %t; we find %d tokens, it %d", ok, isJSON, len(ours), len(theirs))
	}
	for i := range min(len(ours), len(theirs)) {
		// What is not UTF-8 encoding/json replaces, and does not tell.
		if ours[i] != theirs[i] && (ours[i] != notUTF8 || !strings.Contains(theirs[i], "\uFFFD")) {
			return fmt.Sprintf("token number %d is %s to us, %s to encoding/json", i, ours[i], theirs[i])
		}
	}
	return ""
}

// notUTF8 stands for a string that is not valid UTF-8.
const notUTF8 = "not UTF-8"

// tokensOf reads all tokens, as far as they go, and tells whether the input is JSON throughout.
func tokensOf(text []byte) (tokens []string, ok bool) {
	d := newJSONTokens(bytes.NewReader(text), 0)
	for {
		kind, err := d.take()
		if err != nil {
			return tokens, err == io.EOF
		}
		token := string(d.text())
		if kind == jsonString {
			token = notUTF8
			if characters, ok := d.characters(); ok {
				token = fmt.Sprintf("%q", characters)
			}
		}
		tokens = append(tokens, token)
	}
}

// tokensByStandardLibrary does the same by encoding/json.
func tokensByStandardLibrary(text []byte) (tokens []string, ok bool) {
	open := 0
	err := eachToken(text, func(token json.Token, depth, _ int) {
		open = depth
		switch token := token.(type) {
		case string:
			tokens = append(tokens, fmt.Sprintf("%q", token))
		case nil:
			tokens = append(tokens, "null")
		default:
			tokens = append(tokens, fmt.Sprint(token))
		}
	})
	return tokens, err == io.EOF && open == 0
}

// eachToken gives the tokens that encoding/json finds, each with the number of arrays and objects that are open behind it,
// and where it ends. The error is the one that ended the text.
func eachToken(text []byte, yield func(token json.Token, depth, end int)) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	depth := 0
	for {
		token, err := d.Token()
		if err != nil {
			return err
		}
		if delim, ok := token.(json.Delim); ok {
			depth += map[json.Delim]int{'[': 1, '{': 1, ']': -1, '}': -1}[delim]
		}
		yield(token, depth, int(d.InputOffset()))
	}
}
