package fuzz

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// write writes families, which has to succeed, and gives the losses beside the result.
func write(t *testing.T, to format.Format, families []*model.MetricFamily, opts ...writer.Option) (out []byte, losses []writer.Loss) {
	t.Helper()
	var b bytes.Buffer
	e, err := writer.New(&b, to, append(opts, writer.OnLoss(func(l writer.Loss) { losses = append(losses, l) }))...)
	require.NoError(t, err)
	for _, f := range families {
		require.NoError(t, e.Encode(f), to)
	}
	require.NoError(t, e.Close())
	return b.Bytes(), losses
}

// FuzzWriters holds that every format can be made of whatever can be read: no writer panics or refuses; JSON is an array
// with an object a family; protobuf is what expfmt decodes, and its text form says the same; and Graphite is what carbon
// takes, a line for every sample that is a finite number. The text formats have a target of their own.
func FuzzWriters(f *testing.F) { fuzzTexts(f, allCanBeWritten) }

func allCanBeWritten(t *testing.T, text []byte) {
	families := readText(t, text).Families

	out, _ := write(t, format.JSON, families)
	var objects []map[string]any
	require.NoError(t, json.Unmarshal(out, &objects), "%s", out)
	require.Len(t, objects, len(families))

	out, _ = write(t, format.Protobuf, families)
	messages := decode(t, out)
	out, _ = write(t, format.Prototext, families)
	texts := strings.SplitAfter(string(out), "\n\n")
	require.Len(t, texts, len(messages)+1, "a blank line ends each, and there is nothing behind the last")
	for i, m := range messages {
		var read dto.MetricFamily
		require.NoError(t, prototext.Unmarshal([]byte(texts[i]), &read))
		require.True(t, proto.Equal(m, &read), "%s", texts[i])
	}

	finite := 0
	for _, f := range families {
		for s := range f.Samples() {
			if isFinite(s.Value) {
				finite++
			}
		}
	}
	out, _ = write(t, format.Graphite, families)
	requireGraphite(t, plainPath, out, finite)
	out, _ = write(t, format.Graphite, families, writer.GraphiteTags())
	requireGraphite(t, taggedPath, out, finite)
}

// decode decodes delimited protobuf as expfmt does.
func decode(t *testing.T, data []byte) (messages []*dto.MetricFamily) {
	t.Helper()
	d := expfmt.NewDecoder(bytes.NewReader(data), expfmt.FmtProtoDelim.WithEscapingScheme(prommodel.NoEscaping))
	for {
		m := new(dto.MetricFamily)
		err := d.Decode(m)
		if errors.Is(err, io.EOF) {
			return messages
		}
		require.NoError(t, err)
		messages = append(messages, m)
	}
}

var (
	plainPath  = regexp.MustCompile(`^[\w-]+(\.[\w-]+\.[\w-]+)*$`)
	taggedPath = regexp.MustCompile(`^[\w-]+(;[\w-]+=[\w-]+)*$`)
)

// requireGraphite checks that there are so many lines, each a path, a finite number and whole seconds.
func requireGraphite(t *testing.T, path *regexp.Regexp, out []byte, lines int) {
	t.Helper()
	require.Equal(t, lines, bytes.Count(out, []byte("\n")), "%s", out)
	for line := range strings.Lines(string(out)) {
		tokens := strings.Split(strings.TrimSuffix(line, "\n"), " ")
		require.Len(t, tokens, 3, line)
		require.Regexp(t, path, tokens[0])
		value, err := strconv.ParseFloat(tokens[1], 64)
		require.NoError(t, err)
		require.True(t, isFinite(value), line)
		_, err = strconv.ParseInt(tokens[2], 10, 64)
		require.NoError(t, err)
	}
}

func isFinite(v float64) bool { return v-v == 0 }
