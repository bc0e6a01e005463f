package fuzz

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/writer"
)

// toldAs are the formats that what a writer writes may be told as by its bytes: a document need have nothing in it that
// only its own version has.
var toldAs = map[format.Format][]format.Format{
	format.Text:         {format.Text},
	format.Text1:        {format.Text},
	format.OpenMetrics:  {format.OpenMetrics},
	format.OpenMetrics2: {format.OpenMetrics, format.OpenMetrics2},
	format.Protobuf:     {format.Protobuf},
	format.Prototext:    {format.Prototext},
	format.JSON:         {format.JSON},

	format.OpenMetricsProtobuf: {format.OpenMetricsProtobuf},
}

// FuzzDetect holds that any bytes are told some format that can be read, and that families written in a format are told
// that format, though nothing but their bytes says it.
func FuzzDetect(f *testing.F) {
	fuzzTexts(f, func(t *testing.T, text []byte) {
		told, by := format.Detect(evidence(text))
		require.True(t, told.IsValid())
		require.Contains(t, []format.Clue{format.ByBytes, format.ByNothing}, by)

		families := readText(t, text).Families
		if len(families) == 0 {
			return
		}
		for _, f := range writer.Formats() {
			formats, isRead := toldAs[f]
			out, _ := write(t, f, families)
			if !isRead || len(out) == 0 {
				continue // text has nothing of a family without metrics and metadata
			}
			told, _ := format.Detect(evidence(out))
			require.True(t, slices.Contains(formats, told), "%s is told %s: %q", f, told, out)
		}
	}, headEnds...)
}

// headEnds are texts that, as protobuf, begin their second family with the last bytes of the head that is looked at. Its
// size takes one byte, or two, of which the head may have but one.
var headEnds = func() (texts []string) {
	for _, second := range []string{"b", strings.Repeat("b", 200)} {
		for behind := 20; behind <= 24; behind++ {
			texts = append(texts, strings.Repeat("a", format.HeadSize-behind)+" 1\n"+second+" 2\n")
		}
	}
	return texts
}()

func evidence(input []byte) format.Evidence {
	return format.Evidence{
		Head: input[:min(len(input), format.HeadSize)],
		Tail: input[len(input)-min(len(input), format.TailSize):],
	}
}
