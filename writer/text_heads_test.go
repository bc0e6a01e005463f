package writer

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
)

// TestWhatADocumentLeavesChangesNothing writes each document with the memory of one that wrote another before, and with
// none.
func TestWhatADocumentLeavesChangesNothing(t *testing.T) {
	family := func(name, help string, alter ...func(*model.MetricFamily)) *model.MetricFamily {
		f := &model.MetricFamily{
			Name: name, Type: model.Gauge, HasType: true, Help: help, HasHelp: true, Metrics: []model.Metric{{Value: 1}},
		}
		for _, a := range alter {
			a(f)
		}
		return f
	}
	first := []*model.MetricFamily{family("a", "First."), family("b", "Second."), family("c", "Third.")}
	documents := []struct {
		name     string
		families []*model.MetricFamily
	}{
		{"the same again", first},
		{"a help text of the same length", []*model.MetricFamily{family("a", "First!"), first[1], first[2]}},
		{"a name of the same length", []*model.MetricFamily{first[0], family("x", "Second."), first[2]}},
		{"a name and a help text that are as long together", []*model.MetricFamily{family("ab", "irst!"), first[1]}},
		{"another type", []*model.MetricFamily{first[0], family("b", "Second.", func(f *model.MetricFamily) { f.Type = model.Counter })}},
		{"unknown", []*model.MetricFamily{family("a", "First.", func(f *model.MetricFamily) { f.Type = model.Unknown })}},
		{"no type", []*model.MetricFamily{family("a", "First.", func(f *model.MetricFamily) { f.Type, f.HasType = model.Unknown, false })}},
		{"an empty help text", []*model.MetricFamily{family("a", ""), first[1]}},
		{"no help text", []*model.MetricFamily{family("a", "", func(f *model.MetricFamily) { f.HasHelp = false }), first[1]}},
		{"a family less", []*model.MetricFamily{first[0], first[2]}},
		{"a family in two parts", []*model.MetricFamily{first[0], first[1], family("a", "First.", func(f *model.MetricFamily) {
			f.Continued, f.HelpRepeated, f.TypeRepeated = true, true, true
		})}},
		{"help texts to be escaped", []*model.MetricFamily{family("a", "Fi\nst."), family("b", `Sec\nd.`), family("c", "Third.\r")}},
		{"a help text like one that has been escaped", []*model.MetricFamily{family("a", `Fi\nst.`), family("b", `Sec\\nd.`)}},
		{"a carriage return and a backslash, as long as what becomes of them", []*model.MetricFamily{family("a", "\\First\r")}},
		{"what became of them", []*model.MetricFamily{family("a", `\\First`)}},
		{"a name to be escaped, which is another family's", []*model.MetricFamily{first[0], first[1], family("a_b", "x"), family("a.b", "x")}},
		{"that name, and then the family", []*model.MetricFamily{first[0], family("a.b", "x"), family("a_b", "x"), first[1]}},
		{"a family that is refused, and one that gets its name", []*model.MetricFamily{
			first[0], family("a_b", "x", func(f *model.MetricFamily) { f.Unit, f.HasUnit = "b", true }), family("a.b", "x"), first[1],
		}},
		{"a suffix", []*model.MetricFamily{family("a", "First.", func(f *model.MetricFamily) { f.Suffix = "_total" })}},
		{"no family", nil},
	}
	refusing := diag.DefaultSeverities()
	refusing[diag.LossUnit] = diag.Error
	for _, to := range []format.Format{format.Text, format.Text1} {
		for _, severities := range []diag.Severities{diag.DefaultSeverities(), diag.StrictSeverities(), refusing} {
			o := defaultOptions(to)
			o.severities = severities
			var kept, inTurn text
			write := func(b *text, families []*model.MetricFamily) string {
				b.names = names{o.escaping}
				var out bytes.Buffer
				e := &encoder{output: output{w: &out, hold: o.holds()}, options: o, body: b, reported: encodingOf(to).lacks()}
				for _, f := range families {
					_ = e.Encode(f) // some are refused
				}
				out.Write(e.buf)
				b.owners.end()
				return out.String()
			}
			for _, d := range documents {
				want := write(&text{}, d.families)
				require.Equal(t, want, write(&inTurn, d.families), "%s: %s, behind the one before", to, d.name)
				write(&kept, first)
				require.Equal(t, want, write(&kept, d.families), "%s: %s", to, d.name)
				require.Equal(t, write(&text{}, first), write(&kept, first), "%s: %s, and the first again", to, d.name)
			}
		}
	}
}

func TestANameIsFreeAgainIfItsFamilyIsRefused(t *testing.T) {
	severities := diag.DefaultSeverities()
	severities[diag.LossUnit] = diag.Error
	var out bytes.Buffer
	e, err := New(&out, format.Text, WithSeverities(severities))
	require.NoError(t, err)
	refused := model.MetricFamily{Name: "a_b", HasType: true, HasHelp: true, HasUnit: true, Unit: "b", Metrics: []model.Metric{{}}}
	require.Error(t, e.Encode(&refused))
	require.NoError(t, e.Encode(&model.MetricFamily{Name: "a.b", HasType: true, Metrics: []model.Metric{{}}}))
	require.NoError(t, e.Close())
	require.Equal(t, "# TYPE a_b untyped\na_b 0\n", out.String())
}
