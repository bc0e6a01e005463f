package convert_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protodelim"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/diag"
)

// The text form of protobuf is for people, and errors in it have a line.
func ExampleNewPrototextDecoder() {
	page := "name: \"up\"\ntype: GAUGE\nmetric: {\n  gauge: {\n    value: 1\n  }\n}\n\nname: \"jobs\" tpye: GAUGE\n"
	warn := convert.OnDiagnostic(func(d *diag.Diagnostic) { fmt.Println(d) })
	for family, err := range convert.NewPrototextDecoder(strings.NewReader(page), warn).Families() {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(family.Name, len(family.Metrics))
	}
	// Output:
	// up 1
	// -:9:14: warning: unknown field: tpye [protobuf-field]
	// jobs 0
}

// TestPrototextIsReadAsProtobuf holds that both forms in which expfmt writes text mean the same as the encoded messages.
func TestPrototextIsReadAsProtobuf(t *testing.T) {
	for name, page := range protobufPages(t) {
		if len(page) > longPage {
			continue
		}
		want := readProtobuf(t, convert.NewProtobufDecoder, bytes.NewReader(page))
		for _, format := range []expfmt.FormatType{expfmt.TypeProtoText, expfmt.TypeProtoCompact} {
			text := expfmtText(t, page, format)
			for _, r := range []io.Reader{bytes.NewReader(text), iotest.OneByteReader(bytes.NewReader(text))} {
				got := readProtobuf(t, convert.NewPrototextDecoder, r)
				require.Equal(t, want.rules(), got.rules(), name)
				requireFamilies(t, want.families, got.families)
			}
		}
	}
}

// expfmtText writes a page of delimited protobuf in a text form, as expfmt does.
func expfmtText(t *testing.T, page []byte, format expfmt.FormatType) []byte {
	t.Helper()
	var text bytes.Buffer
	encoder := expfmt.NewEncoder(&text, expfmt.NewFormat(format).WithEscapingScheme(prommodel.NoEscaping))
	r := bytes.NewReader(page)
	for {
		var d dto.MetricFamily
		err := protodelim.UnmarshalFrom(r, &d)
		if errors.Is(err, io.EOF) {
			return text.Bytes()
		}
		require.NoError(t, err)
		require.NoError(t, encoder.Encode(&d))
	}
}

func TestPrototextMessages(t *testing.T) {
	for _, test := range []struct {
		name string
		text string
		want []string // the lines and names of families, and the lines, columns and rules of errors
	}{
		{"nothing", "", nil},
		{"blank lines and comments", "\n# nothing\n \t\n", nil},
		{"one a line", `name:"a" type:GAUGE` + "\n" + `name:"b"`, []string{"1 a", "2 b"}},
		{"several lines each", "name: \"a\"\nhelp: \"x\"\n\n\nname: \"b\"\nhelp: \"y\"\n", []string{"1 a", "5 b"}},
		{"several lines each without a line between", "name: \"a\"\nhelp: \"x\"\nname: \"b\"\nhelp: \"y\"\n", []string{"1 a", "3 b"}},
		{"lines that end in CR LF", "name: \"a\"\r\nhelp: \"x\"\r\n\r\nname: \"b\"\r\n", []string{"1 a", "4 b"}},
		{"comments before and within", "# a\nname: \"a\" # {\nhelp: \"x\"\n\n# name: \"c\"\nname: \"b\"\n", []string{"2 a", "6 b"}},
		{"a blank line where a brace is open", "name: \"a\" type: GAUGE metric {\n\n  gauge {}\n\n}\nname: \"b\"\n", []string{"1 a", "6 b"}},
		{"names of labels on lines of their own", "name: \"a\"\ntype: GAUGE\nmetric {\nlabel {\nname: \"l\"\n}\ngauge {}\n}\n", []string{"1 a"}},
		{"braces and hashes in quotes", `name: "a}{\"#" help: '{"\'' ` + "\nname: \"b\"\n", []string{"1 a}{\"#", "2 b"}},
		{"angle brackets", "name: \"a\" type: GAUGE metric <\ngauge < value: 1 >\n>\nname: \"b\"\n", []string{"1 a", "4 b"}},
		{"no line feed at the end", "name: \"a\"", []string{"1 a"}},
		{"a bad value between good messages", "name: \"a\"\n\nname: \"b\"\ntype: WHAT\n\nname: \"c\"\n", []string{"1 a", "4:7 syntax", "6 c"}},
		{"a brace that stays open", "name: \"a\"\n\nname: \"b\"\nmetric: {\n  gauge: {\n\nname: \"c\"\n", []string{"1 a", "5:11 syntax", "7 c"}},
		{"a brace that stays open in a message of one line", "name:\"a\"\nname:\"b\" metric:{gauge:{\nname:\"c\"\n", []string{"1 a", "2:25 syntax", "3 c"}},
		{"a quote that stays open", "name: \"a\"\n\nname: \"b\nhelp: \"x\"\n\nname: \"c\"\n", []string{"1 a", "3:7 syntax", "6 c"}},
		{"the column counts bytes", `name: "a" help: "ä" x: 1`, []string{"1:22 protobuf-field", "1 a"}},
		{"a field that is not repeated twice", "name: \"a\" help: \"x\" help: \"y\"", []string{"1:21 syntax"}},
		{"a metric that has no value", "name: \"a\"\ntype: GAUGE\nmetric: {}\n", []string{"1:1 missing-value", "1 a"}},
		{"text that is something else", "# HELP a b\na 1\n", []string{"2:1 protobuf-field", "2:1 empty-name"}},
		{"unknown fields in each other, on two lines", "name: \"a\" x {" + strings.Repeat("\ny:[{", 120) + strings.Repeat("}]", 120) + "}\n\nname: \"b\"\n",
			[]string{"101:4 syntax", "123 b"}},
		{"so many that a stack would not hold them", "name: \"a\" x " + strings.Repeat("{a", 1_000_000) + "\n\nname: \"b\"\n", []string{"1:213 syntax", "3 b"}},
		{"no UTF-8", "name: \"a\xff\"\n\nname: \"b\"\n", []string{"1:7 syntax", "3 b"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			note := func(d *diag.Diagnostic) {
				got = append(got, fmt.Sprintf("%d:%d %s", d.Pos.Line, d.Pos.Column, d.Rule))
				line := strings.Split(test.text, "\n")[d.Pos.Line-1]
				require.Equal(t, len(strings.Join(strings.Split(test.text, "\n")[:d.Pos.Line-1], "\n"))+min(d.Pos.Line-1, 1)+d.Pos.Column-1, int(d.Pos.Offset), line)
			}
			for f, err := range convert.NewPrototextDecoder(strings.NewReader(test.text), convert.OnDiagnostic(note)).Families() {
				if d, ok := errors.AsType[*diag.Diagnostic](err); ok {
					note(d)
					continue
				}
				require.NoError(t, err)
				got = append(got, fmt.Sprintf("%d %s", f.Line, f.Name))
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestPrototextLimits(t *testing.T) {
	long := "name: \"b\"\n" + strings.Repeat("metric: { untyped: { value: 1 } }\n", 10) + "\n"
	got := readProtobuf(t, convert.NewPrototextDecoder, strings.NewReader("name: \"a\"\n\n"+long+"name: \"c\"\n"),
		convert.WithLimits(convert.Limits{LineBytes: 4}))
	require.Equal(t, rules(diag.MessageTooLong), got.rules())
	require.Equal(t, 3, got.diagnostics[0].Pos.Line)
	require.Len(t, got.families, 2)

	got = readProtobuf(t, convert.NewPrototextDecoder, strings.NewReader("name: \"a\"\n\nname: \""+strings.Repeat("b", 1000)+"\"\n\nname: \"c\"\n"),
		convert.WithLimits(convert.Limits{LineBytes: 4}))
	require.Equal(t, rules(diag.MessageTooLong), got.rules())
	require.Len(t, got.families, 2)
}

func TestPrototextReaderFails(t *testing.T) {
	broken := errors.New("connection reset")
	text := "name: \"a\"\n\nname: \"b\"\ntype: GAUGE\nmetric: {\n  gauge: {"
	d := convert.NewPrototextDecoder(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)))
	f, err := d.Next()
	require.NoError(t, err)
	require.Equal(t, "a", f.Name)
	_, err = d.Next()
	require.Equal(t, broken, err)
	_, err = d.Next()
	require.Equal(t, broken, err)
}
