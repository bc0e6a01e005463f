package convert

import (
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// rolesOf are the samples that families may have in each dialect.
var rolesOf = [lexer.Dialects]familyRoles{
	lexer.PrometheusText: textRoles,
	lexer.OpenMetrics: {
		model.Unknown: {{"", simpleSample}},
		model.Counter: {{"_total", simpleSample}, {"_created", createdSample}, {"", simpleSample}},
		model.Gauge:   {{"", simpleSample}},
		model.Histogram: {
			{"_bucket", bucketSample}, {"_sum", sumSample}, {"_count", countSample}, {"_created", createdSample},
			{"", straySample},
		},
		model.GaugeHistogram: {
			{"_bucket", bucketSample}, {"_gsum", sumSample}, {"_gcount", countSample}, {"", straySample},
		},
		model.Summary: {
			{"", quantileSample}, {"_sum", sumSample}, {"_count", countSample}, {"_created", createdSample},
		},
		model.Info:     {{"_info", simpleSample}, {"", simpleSample}},
		model.StateSet: {{"", stateSample}},
	},
	lexer.OpenMetrics2: {
		model.Unknown:        {{"", simpleSample}},
		model.Counter:        {{"", simpleSample}},
		model.Gauge:          {{"", simpleSample}},
		model.Histogram:      {{"", compositeSample}},
		model.GaugeHistogram: {{"", compositeSample}},
		model.Summary:        {{"", compositeSample}},
		model.Info:           {{"", simpleSample}},
		model.StateSet:       {{"", stateSample}},
	},
}

// sampleSuffixes are the suffixes of samples of all types.
var sampleSuffixes = [...]string{"_bucket", "_sum", "_count", "_gsum", "_gcount", "_total", "_info", "_created"}

// suffixesByEnd are those suffixes by their last character.
var suffixesByEnd = func() (byEnd [256][]string) {
	for _, suffix := range sampleSuffixes {
		end := suffix[len(suffix)-1]
		byEnd[end] = append(byEnd[end], suffix)
	}
	return byEnd
}()

// sampleSuffix is the suffix of samples that a name ends in, empty if it ends in none. It cannot end in two.
func sampleSuffix(name []byte) string {
	if len(name) == 0 {
		return ""
	}
	for _, suffix := range suffixesByEnd[name[len(name)-1]] {
		if at := len(name) - len(suffix); at >= 0 && name[at] == '_' && string(name[at:]) == suffix {
			return suffix
		}
	}
	return ""
}

// simpleSuffixes are the suffixes of simple samples, of the types that have one.
var simpleSuffixes = [model.StateSet + 1]string{model.Counter: "_total", model.Info: "_info"}

// impliedSuffix is the suffix that the simple samples of families of a type must have.
func (roles *familyRoles) impliedSuffix(kind model.Type) string {
	if first := roles[kind][0]; first.role == simpleSample {
		return first.suffix
	}
	return ""
}
