package writer

import (
	"github.com/promfmt/promfmt/diag"
)

// Feature is something that a family may have and a format may lack.
type Feature uint8

// The features.
const (
	FeatureHelp Feature = iota
	FeatureType
	FeatureUnit
	FeatureInfo
	FeatureStateSet
	FeatureGaugeHistogram
	FeatureUTF8Names
	FeatureMilliseconds
	FeatureNanoseconds
	FeatureCreated
	FeatureOtherCreated
	FeatureExemplars
	FeatureMoreExemplars
	FeatureOtherExemplars
	FeatureNativeHistograms
	FeatureCustomBounds
	FeatureNonFinite
	FeatureAnyCount
	FeatureBoundTexts
	FeatureLooseSamples

	featureCount
)

// features is the one table of features: what each is, the rule of its loss, and what is said of the loss beyond the
// meaning of the rule. A feature without a rule is not missed where it is left out.
var features = [featureCount]struct {
	name   string
	rule   diag.Rule
	detail string
}{
	FeatureHelp:             {"help texts", diag.UnknownRule, ""},
	FeatureType:             {"types", diag.UnknownRule, ""},
	FeatureUnit:             {"units", diag.LossUnit, ""},
	FeatureInfo:             {"info families", diag.LossType, "info becomes gauge"},
	FeatureStateSet:         {"state sets", diag.LossType, "stateset becomes gauge"},
	FeatureGaugeHistogram:   {"gauge histograms", diag.LossType, "gaugehistogram becomes histogram"},
	FeatureUTF8Names:        {"UTF-8 names", diag.LossName, ""},
	FeatureMilliseconds:     {"timestamps to the millisecond", diag.LossTimestamp, ""},
	FeatureNanoseconds:      {"timestamps to the nanosecond", diag.LossTimestamp, ""},
	FeatureCreated:          {"creation times", diag.LossCreated, ""},
	FeatureOtherCreated:     {"creation times of gauges and unknown metrics", diag.LossCreated, ""},
	FeatureExemplars:        {"exemplars of counters and histograms", diag.LossExemplar, ""},
	FeatureMoreExemplars:    {"several exemplars a counter or bucket", diag.LossExemplar, ""},
	FeatureOtherExemplars:   {"exemplars of other types", diag.LossExemplar, ""},
	FeatureNativeHistograms: {"native histograms", diag.LossNative, ""},
	FeatureCustomBounds:     {"native histograms with custom bounds", diag.LossNative, ""},
	FeatureNonFinite:        {"NaN and infinities", diag.LossNonFinite, ""},
	FeatureAnyCount:         {"fractional and negative counts of summaries", diag.LossCount, ""},
	FeatureBoundTexts:       {"bounds and quantiles as they were spelled", diag.LossBoundText, ""},
	FeatureLooseSamples:     {"samples that do not fit their type", diag.LossLoose, ""},
}

// Features are all features, in the order of their constants.
func Features() []Feature {
	all := make([]Feature, featureCount)
	for i := range all {
		all[i] = Feature(i)
	}
	return all
}

// String says in a few words what the feature is, in the plural.
func (f Feature) String() string {
	if f < featureCount {
		return features[f].name
	}
	return "no feature"
}

// featureSet is a set of features, a bit each.
type featureSet uint32

const allFeatures featureSet = 1<<featureCount - 1

func setOf(members ...Feature) featureSet {
	var s featureSet
	for _, f := range members {
		s |= 1 << f
	}
	return s
}

func (s featureSet) has(f Feature) bool { return s>>f&1 != 0 }
