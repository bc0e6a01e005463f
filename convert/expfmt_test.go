package convert

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"github.com/promfmt/promfmt/corpus"
)

// What reading a text by expfmt can come to that reading it here does not.
const (
	onlyOurs     = "accepted here, refused by expfmt"
	onlyTheirs   = "refused here, accepted by expfmt"
	theirPanic   = "accepted here, expfmt panics"
	ourFamilies  = "only here: "
	theirs       = "only in expfmt: "
	bothFamilies = "not the same: "
)

// knownDifferences from the text parser of prometheus/common are those there are, each with its reason. Files that are
// not listed are accepted or refused by both, and where both accept them they make the same families.
var knownDifferences = []struct{ file, differs, reason string }{
	{"invalid/help-escaped-quote.txt", bothFamilies + "pump_starts",
		`HELP has no escape for a quote, so \" is kept as it is; expfmt undoes it`},
	{"invalid/help-unknown-escape.txt", onlyOurs,
		"an unknown escape in HELP has one sensible meaning, itself"},
	{"invalid/label-unknown-escape.txt", onlyOurs,
		"an unknown escape in a label value has one sensible meaning, itself"},
	{"invalid/help-ends-in-backslash.txt", onlyOurs,
		"a backslash at the end of HELP has one sensible meaning, itself"},
	{"valid/help-empty.txt", bothFamilies + "pump_running pump_starts",
		"an empty help text is told from none; expfmt forgets it"},
	{"valid/micrometer.txt", bothFamilies + "http_server_requests_seconds http_server_requests_seconds_max",
		"an empty help text is told from none; expfmt forgets it"},
	{"invalid/trailing-blanks.txt", onlyOurs,
		"blanks behind a value or timestamp change nothing"},
	{"invalid/type-blanks.txt", onlyOurs,
		"blanks behind the type change nothing"},
	{"invalid/no-final-newline.txt", onlyOurs,
		"the end of the input ends the last line as well"},
	{"regress/lone-hash.txt", onlyOurs,
		"the end of the input ends the last line as well, a comment too"},
	{"invalid/crlf.txt", onlyOurs,
		"CR LF is a line end that editors make"},
	{"regress/cr-cr-lf.txt", onlyOurs,
		"carriage returns before a line feed belong to the line end"},
	{"invalid/byte-order-mark.txt", onlyOurs,
		"a byte order mark at the beginning says nothing"},
	{"invalid/leading-comma.txt", onlyOurs,
		"a comma before the first label can mean nothing else than the label behind it"},
	{"invalid/help-twice.txt", onlyOurs,
		"of two help texts the first is kept"},
	{"invalid/merged-pages.txt", onlyOurs,
		"metadata that come again with the second page are kept once"},
	{"invalid/type-twice.txt", onlyOurs,
		"a second TYPE that says the same changes nothing"},
	{"invalid/type-after-samples.txt", onlyOurs,
		"samples of simple types can take a type that is told late"},
	{"invalid/type-unknown.txt", onlyOurs,
		"unknown is what OpenMetrics calls untyped"},
	{"invalid/type-info.txt", onlyOurs,
		"an info family is understood in text too; expfmt has no such type"},
	{"invalid/type-stateset.txt", onlyOurs,
		"a state set is understood in text too; expfmt has no such type"},
	{"invalid/type-gaugehistogram.txt",
		bothFamilies + "queue_age_seconds; " + theirs + "queue_age_seconds_gcount queue_age_seconds_gsum",
		"the suffixes _gcount and _gsum belong to the gauge histogram; expfmt makes families of them"},
	{"invalid/counter-total-samples.txt", bothFamilies + "pump_starts_total",
		"samples with _total belong to the counter of the name without; expfmt makes an untyped family of them"},
	{"regress/counter-suffix-loose.txt", bothFamilies + "pump_starts_total; only in expfmt: pump_starts",
		"samples with _total belong to the counter of the name without; expfmt makes an untyped family of them"},
	{"regress/created-before-1970.openmetrics.txt", bothFamilies + "jobs_total tasks_total",
		"samples with _total belong to the counter of the name without; expfmt makes an untyped family of them"},
	{"regress/created-thousands.openmetrics.txt", bothFamilies + "requests_total",
		"samples with _total belong to the counter of the name without; expfmt makes an untyped family of them"},
	{"valid/metadata-without-samples.txt", ourFamilies + "at_the_end never_seen only_help only_type",
		"families without samples are kept; expfmt drops them"},
	{"regress/escaped-to-a-bucket.txt", ourFamilies + "tank.level",
		"families without samples are kept; expfmt drops them"},
	{"valid/kube-state-metrics.txt", ourFamilies + "kube_configmap_annotations kube_ingress_info",
		"families without samples are kept; expfmt drops them"},
	{"invalid/bucket-le-word.txt", onlyOurs,
		"a bucket whose bound is no number is kept as a loose sample"},
	{"invalid/summary-quantile-word.txt", onlyOurs,
		"a sample whose quantile is no number is kept as a loose sample"},
	{"invalid/histogram-name-clash.txt", bothFamilies + "wait_seconds wait_seconds_count",
		"a sample that fits two families belongs to the current one; expfmt gives it to the gauge"},
	{"invalid/histogram-count-fraction.txt", onlyOurs,
		"counts of histograms are floats in the model, below 0 as well"},
	{"invalid/summary-count-fraction.txt", bothFamilies + "size_bytes",
		"a count that no uint64 holds is left out; expfmt makes another number of it"},
	{"invalid/histogram-mixed-timestamps.txt", bothFamilies + "size_bytes wait_seconds",
		"every timestamp has a metric of its own; in expfmt the last one wins"},
	{"invalid/series-duplicate-bucket.txt", bothFamilies + "size_bytes wait_seconds",
		"a bound that comes twice is kept as a loose sample; expfmt has both in one metric"},
	{"regress/error-then-warning.txt", bothFamilies + "size_bytes",
		"a count that no uint64 holds is left out, and every timestamp has a metric of its own"},
	{"regress/bound-falls-and-repeats.txt", bothFamilies + "h",
		"a bound that comes twice is kept as a loose sample; expfmt has both in one metric"},
	{"invalid/utf8-bad-help.txt", onlyTheirs,
		"a help text has to be UTF-8; expfmt does not look"},
	{"invalid/utf8-name-unquoted.txt", onlyTheirs,
		"a metric name in braces needs quotes; expfmt takes any label name for it"},
	{"regress/name-in-braces.txt", onlyTheirs,
		"a metric name in braces needs quotes; expfmt takes any label name for it"},
	{"invalid/utf8-name-without-braces.txt", onlyTheirs,
		"a quoted metric name stands in braces; expfmt takes quotes for characters of any name"},
	{"regress/quoted-name-after-types.txt", theirPanic,
		"expfmt prepares for the labels of a summary at the beginning of a line, before the name in the braces is known"},
}

// TestExpfmt holds what is read here against what the text parser of prometheus/common reads, over the whole corpus.
func TestExpfmt(t *testing.T) {
	t.Parallel()
	known := make(map[string]string)
	for _, d := range knownDifferences {
		require.NotContains(t, known, d.file)
		require.NotEmpty(t, d.reason, d.file)
		known[d.file] = d.differs
	}
	for file := range corpus.All() {
		if file.Format == corpus.Protobuf {
			continue
		}
		if diff := cmp.Diff(known[file.Name], differenceFromExpfmt(t, file.Data)); diff != "" {
			t.Errorf("%s differs otherwise than is known (-known +is):\n%s", file.Name, diff)
		}
		delete(known, file.Name)
	}
	require.Empty(t, known, "these files are not in the corpus")
}

// differenceFromExpfmt says in what reading a text differs, in the words of knownDifferences; nothing if it does not.
func differenceFromExpfmt(t *testing.T, data []byte) string {
	t.Helper()
	families, err := Collect(NewBytesDecoder(data).Families())
	want, theirErr := readByExpfmt(data)
	switch {
	case errors.Is(theirErr, errPanic) && err == nil:
		return theirPanic
	case theirErr != nil && err == nil:
		return onlyOurs
	case theirErr == nil && err != nil:
		return onlyTheirs
	case err != nil:
		return ""
	}

	var here, both []string
	for _, f := range families {
		got, err := ToDTO(f)
		require.NoError(t, err)
		name := got.GetName()
		if want[name] == nil {
			here = append(here, name)
		} else if !proto.Equal(want[name], got) {
			both = append(both, name)
		}
		delete(want, name)
	}
	var parts []string
	for _, part := range []struct {
		what  string
		names []string
	}{
		{ourFamilies, here}, {bothFamilies, both}, {theirs, slices.Collect(maps.Keys(want))},
	} {
		if slices.Sort(part.names); len(part.names) > 0 {
			parts = append(parts, part.what+strings.Join(part.names, " "))
		}
	}
	return strings.Join(parts, "; ")
}

// errPanic is the error of a parser that panics.
var errPanic = errors.New("expfmt panics")

// readByExpfmt reads a text by the parser of prometheus/common.
func readByExpfmt(data []byte) (families map[string]*dto.MetricFamily, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errPanic, p)
		}
	}()
	parser := expfmt.NewTextParser(prommodel.UTF8Validation)
	return parser.TextToMetricFamilies(bytes.NewReader(data))
}
