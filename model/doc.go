// Package model holds metric families as plain data: what an exposition says, typed, whatever the format it came in.
//
// A [MetricFamily] has metadata and metrics. A [Metric] is one point of one series or, for histograms, summaries and
// state sets, of one group of series that belong together. What an input says that does not fit the type of its family
// is kept beside the metrics as loose samples. [MetricFamily.Samples] flattens all of it to samples as they would
// stand in a text exposition.
//
// Presence is always told by a flag (HasHelp, HasSum, Timestamp.Set), never by a zero value. Counts are float64, as
// Prometheus stores them: above 2^53 they are rounded.
//
// Families are made by hand with a [Builder], one of [NewGauge], [NewCounter] and the like, which checks them with
// [MetricFamily.Validate]. The package knows no format and imports nothing of the project.
package model
