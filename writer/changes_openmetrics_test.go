package writer_test

import (
	"slices"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

var openMetrics1Changes = slices.Concat([]change{
	{diag.LossNative, "there are no native buckets", dropNative(anyNative)},
	{diag.LossExemplar, "a counter and a bucket have one exemplar", dropExemplars(1, 1)},
	{diag.LossBoundText, "bounds and quantiles are spelled in one way", spellAgain(canonicalText)},
	{0, "of which nothing needs to be said", forgetTexts(canonicalText)},
}, openMetricsChanges, openMetrics1Places, []change{
	{0, "a family of which nothing is said has no line of its own", dropUnsaid},
}, openMetricsPoints, openMetricsQuantiles, openMetricsLines, openMetricsHistograms(isWhole, isWhole), openMetrics1Points, []change{
	{0, "a count comes with a sum", dropLonelyCounts},
	{0, "a summary without all that has no line", dropMetrics(isEmptySummary)},
	{0, "bounds and quantiles have a point or an exponent", spellCanonically},
}, openMetricsLoose)

var openMetricsProtobufChanges = slices.Concat([]change{
	{diag.LossNative, "there are no native buckets", dropNative(anyNative)},
	{diag.LossExemplar, "a counter and a bucket have one exemplar", dropExemplars(1, 1)},
	{diag.LossBoundText, "bounds and quantiles are numbers", spellAgain(model.FormatFloat)},
	{0, "of whose texts nothing is known", forgetTexts(model.FormatFloat)},
}, openMetricsChanges, openMetrics1Places, openMetricsPoints, openMetricsQuantiles, openMetricsHistograms(isWhole, isWhole), openMetrics1Points, []change{
	{0, "there is a count", countAlways},
	{diag.LossIncomplete, "a summary without a count has no sum", dropLonelySums},
}, openMetricsLoose, []change{
	{0, "a family has a type, and what else is said of it is not empty", sayMore},
})

// openMetrics1Places are those of the names of families and of what is said of them, in version 1.0.
var openMetrics1Places = []change{
	{0, "the name of the family is without the suffix of the samples, and no other family may have one of them", takePlace1},
	{diag.LossNameTaken, "a family whose name is taken is left out", dropPlaceless},
	{diag.LossSuffix, "the samples of a counter and an info have their suffix", addSampleSuffix},
	{diag.LossType, "a counter or info whose name without the suffix is taken has no type", loseType},
	{diag.LossCreated, "then it has no creation times, and a gauge histogram never has", dropCreated(model.Counter, model.Summary, model.Histogram)},
	{diag.LossExemplar, "and no exemplars", dropOtherExemplars},
	{diag.LossUnit, "the unit ends the name, and an info or state set has none", dropUnitOutside(isEndOfName)},
}

// openMetrics1Points are those of histograms and summaries in version 1.0.
var openMetrics1Points = []change{
	{diag.LossExemplar, "an exemplar is in its bucket", dropOutsiders},
	{diag.LossExemplar, "an exemplar belongs to a bucket", dropBucketless},
	{diag.LossExemplar, "the labels of an exemplar have 128 characters", dropLongExemplars},
	{diag.LossValue, "a sum is not negative or NaN, and not there beside a negative bound", dropOddSums},
	{diag.LossValue, "nor is the sum of a summary", dropOddSumsOfSummaries},
}

var openMetrics2Changes = slices.Concat([]change{
	{diag.LossNative, "there are no custom bounds", dropNative(customNative)},
	{diag.LossBoundText, "bounds and quantiles are numbers", spellAgain(model.FormatFloat)},
	{0, "of whose texts nothing is known", forgetTexts(model.FormatFloat)},
}, openMetricsChanges, []change{
	{0, "the name of a family is that of its samples", takePlace2},
	{diag.LossSuffix, "the name of an info ends in _info", addInfoSuffix},
	{diag.LossNameTaken, "a family whose name is taken is left out", dropPlaceless},
	{diag.LossCreated, "a gauge histogram has no creation times", dropCreated(model.Counter, model.Summary, model.Histogram)},
	{diag.LossUnit, "an info or state set has no unit", dropUnitOutside(func(*part) bool { return true })},
	{0, "a family of which nothing is said has no line of its own", dropUnsaid},
}, openMetricsPoints, openMetricsLines, []change{
	{diag.LossValue, "the sum of a summary is not negative or NaN", dropOddSumsOfSummaries},
	{diag.LossIncomplete, "a summary has a count and a sum", dropMetrics(isIncompleteSummary)},
}, openMetricsQuantiles, []change{
	{diag.LossIncomplete, "a histogram has a sum", dropMetrics(isSumless)},
	{diag.LossNative, "native buckets are such as Prometheus has them", dropOddNative},
	{0, "spans have buckets", joinSpans},
}, openMetricsHistograms(isCountable, isCountOrGauge), []change{
	{0, "there is a count", countAlways},
	{0, "a count that is not whole makes floats of all", fractionsAreFloats},
	{diag.LossNative, "of which native buckets are the sum", dropNativeOfOtherSum},
	{0, "without them there is the bucket +Inf", addInfinity},
	{diag.LossCreated, "a start timestamp is not later than the timestamp", dropLateCreated},
	{diag.LossExemplar, "an exemplar has a timestamp", dropTimelessExemplars},
	{0, "exemplars belong to the bucket that they are in", shareExemplars},
	{0, "the points of a state stand together", sortStates},
}, openMetricsLoose)

// openMetricsChanges are those of both versions that come before all others.
var openMetricsChanges = []change{
	{diag.LossCount, "the count of a summary is a whole number", dropOddCounts},
	{diag.LossExemplar, "types other than counters and histograms have no exemplars", dropOtherExemplars},
	{diag.LossExemplar, "nor have loose samples", dropLooseExemplars},
	{diag.LossCreated, "counters, summaries and histograms have creation times", dropCreated(
		model.Counter, model.Summary, model.Histogram, model.GaugeHistogram)},
}

// openMetricsPoints are those of the points of all types.
var openMetricsPoints = []change{
	{0, "the points of a metric stand together and are in order", sortPoints},
	{diag.LossDuplicate, "there is one at a time, and none without a time beside others", dropRepeatedPoints},
	{diag.LossValue, "a counter is not negative or NaN, and an info is 1", dropOddValues},
	{diag.LossClash, "no label is that of a bucket, quantile or state", dropBoundLabels},
}

// openMetricsQuantiles are those of the quantiles of a summary that has a line.
var openMetricsQuantiles = []change{
	{diag.LossValue, "quantiles are from 0 to 1, and their values not negative", dropOddQuantiles},
	{0, "quantiles rise", sortQuantiles},
	{diag.LossDuplicate, "a quantile occurs once", dropRepeatedQuantiles},
}

// openMetricsLines are those of lines of text.
var openMetricsLines = []change{
	{0, "carriage returns behind a help text are part of the line's end", trimReturns},
	{0, "a state set without states has no line", dropMetrics(isStateless)},
}

// openMetricsHistograms are those of histograms whose counts have to be allowed: the first rule is for histograms, the
// second for gauge histograms.
func openMetricsHistograms(ofHistogram, ofGaugeHistogram func(float64) bool) []change {
	allowed := func(typ model.Type) func(float64) bool {
		if typ == model.GaugeHistogram {
			return ofGaugeHistogram
		}
		return ofHistogram
	}
	return []change{
		{diag.LossValue, "counts of buckets are such as the type has them, and bounds are not NaN", dropOddBuckets(allowed)},
		{0, "bounds rise", sortBuckets},
		{diag.LossDuplicate, "a bound occurs once", dropRepeatedBounds},
		{diag.LossValue, "counts do not fall", dropFallingBuckets(allowed)},
		{diag.LossExemplar, "the exemplars of what is left out", dropOrphans},
		{diag.LossIncomplete, "there is a bucket +Inf or a count", dropUncounted(allowed)},
		{0, "the count is that of the bucket +Inf", addInfinity},
		{diag.LossValue, "up to there", dropFallingBuckets(allowed)},
		{diag.LossExemplar, "and their exemplars", dropOrphans},
		{diag.LossCount, "the count is that of the bucket +Inf", countInfinity},
	}
}

// openMetricsLoose are those of loose samples.
var openMetricsLoose = []change{
	{diag.LossLoose, "loose samples are families of unknown type", looseByNameApart},
	{diag.LossNameTaken, "if there is a place for them", dropPlacelessApart},
	{diag.LossDuplicate, "one at a time", dropRepeatedApart},
}

func looseByNameApart(d *document, p *part) int {
	slices.SortStableFunc(p.Loose, func(a, b model.Sample) int { return strings.Compare(a.Name, b.Name) })
	n := allLooseApart(d, p)
	for _, f := range p.apart {
		f.HasType = false
		sortPoints(d, &part{MetricFamily: f})
		if !d.take(f.Name, nil) {
			p.placeless = append(p.placeless, f)
		}
	}
	return n
}

// sayMore gives the family and those apart a type, and takes from it what is said with nothing in it.
func sayMore(_ *document, p *part) int {
	p.HasHelp, p.HasUnit = p.Help != "", p.Unit != ""
	for _, f := range append(p.apart, p.MetricFamily) {
		f.HasType = true
	}
	return 0
}

func dropPlacelessApart(_ *document, p *part) (n int) {
	for _, f := range p.placeless {
		n += len(f.Metrics)
	}
	p.apart = slices.DeleteFunc(p.apart, func(f *model.MetricFamily) bool { return slices.Contains(p.placeless, f) })
	return n
}

func dropRepeatedApart(d *document, p *part) (n int) {
	for _, f := range p.apart {
		n += dropRepeatedPoints(d, &part{MetricFamily: f})
	}
	return n
}
