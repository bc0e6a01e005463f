package fuzz

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// write writes families, which has to succeed, and gives the losses beside the result.
func write(t *testing.T, format writer.Format, families []*model.MetricFamily, opts ...writer.Option) (out []byte, losses []writer.Loss) {
	t.Helper()
	var b bytes.Buffer
	e, err := writer.New(&b, format, append(opts, writer.OnLoss(func(l writer.Loss) { losses = append(losses, l) }))...)
	require.NoError(t, err)
	for _, f := range families {
		require.NoError(t, e.Encode(f), format)
	}
	require.NoError(t, e.Close())
	return b.Bytes(), losses
}

// FuzzTextRoundTrip holds that text loses nothing in silence: what is read, written as text 1.0.0 and read again is the
// same family for family, but for those of which a loss is reported, and there are no errors in it. And it holds that
// neither text format ever changes the series that Prometheus would ingest, unless it reports that names are altered.
func FuzzTextRoundTrip(f *testing.F) {
	for _, text := range seeds() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		families := readText(t, text).Families
		before := series(families)
		for _, format := range []writer.Format{writer.Text, writer.Text1} {
			out, losses := write(t, format, families)
			back := readText(t, out)
			if slices.ContainsFunc(losses, func(l writer.Loss) bool { return l.Rule == diag.LossName }) {
				require.Equal(t, writer.Text, format)
				continue
			}
			require.Empty(t, back.errors, "in %q", out)
			requireSame(t, before, series(back.Families), "series, before and after %s", format)
			// Read anew, because collecting alters the first part of a family.
			requireSame(t, comparable(readText(t, text).Families, losses), comparable(back.Families, losses),
				"families, before and after %s", format)
		}
	})
}

// series are the samples of families as text, sorted.
func series(families []*model.MetricFamily) []string {
	var list []string
	for _, f := range families {
		for s := range f.Samples() {
			line := s.Name + s.Labels.Sorted().String() + " " + model.FormatFloat(s.Value)
			if s.Timestamp.Set {
				line += " " + s.Timestamp.Time().String()
			}
			list = append(list, line)
		}
	}
	slices.Sort(list)
	return list
}

func comparable(families []*model.MetricFamily, losses []writer.Loss) []*model.MetricFamily {
	whole := collect(families)
	for _, f := range whole {
		f.Name, f.Suffix, f.Line = f.SampleName(), "", 0
	}
	return slices.DeleteFunc(whole, func(f *model.MetricFamily) bool {
		return slices.ContainsFunc(losses, func(l writer.Loss) bool { return strings.HasPrefix(f.Name, l.Family) })
	})
}

// FuzzWriters holds that every format can be made of whatever can be read: no writer panics or refuses, JSON is an array
// with an object a family, protobuf is what expfmt decodes, its text form says the same, and Graphite is what carbon
// takes, a line for every sample that is a finite number.
func FuzzWriters(f *testing.F) {
	for _, text := range seeds() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		families := readText(t, text).Families
		_, _ = write(t, writer.Text, families)
		_, _ = write(t, writer.Text1, families)

		out, _ := write(t, writer.JSON, families)
		var objects []map[string]any
		require.NoError(t, json.Unmarshal(out, &objects), "%s", out)
		require.Len(t, objects, len(families))

		out, _ = write(t, writer.Protobuf, families)
		messages := decode(t, out)
		out, _ = write(t, writer.Prototext, families)
		var texts []string
		if len(out) > 0 {
			texts = strings.Split(strings.TrimSuffix(string(out), "\n\n"), "\n\n")
		}
		require.Len(t, texts, len(messages))
		for i, text := range texts {
			var m dto.MetricFamily
			require.NoError(t, prototext.Unmarshal([]byte(text), &m))
			require.True(t, proto.Equal(messages[i], &m), "%s", text)
		}

		finite := 0
		for _, f := range families {
			for s := range f.Samples() {
				if s.Value-s.Value == 0 {
					finite++
				}
			}
		}
		out, _ = write(t, writer.Graphite, families)
		requireGraphite(t, plainPath, out, finite)
		out, _ = write(t, writer.Graphite, families, writer.GraphiteTags())
		requireGraphite(t, taggedPath, out, finite)
	})
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
		require.Zero(t, value-value, "%s is not finite", tokens[1])
		_, err = strconv.ParseInt(tokens[2], 10, 64)
		require.NoError(t, err)
	}
}
