// Package writer writes metric families in the formats that other programs read.
//
// There is one [Encoder] a [format.Format] that is written, made by [New]:
//
//   - Text, the Prometheus text format 0.0.4, and Text1, which is 1.0.0 and has quoted UTF-8 names,
//     https://github.com/prometheus/docs/blob/main/docs/instrumenting/exposition_formats.md;
//   - OpenMetrics, the text format of OpenMetrics 1.0, and OpenMetrics2, which is the first release candidate of 2.0,
//     https://github.com/prometheus/docs/tree/main/docs/specs/om;
//   - Protobuf, delimited io.prometheus.client.MetricFamily messages, and Prototext, the same for the eye,
//     https://github.com/prometheus/client_model;
//   - OpenMetricsProtobuf, the message MetricSet of OpenMetrics 1.0,
//     https://github.com/prometheus/OpenMetrics/blob/3bb328ab04d26b25ac548d851619f90d15090e5d/proto/openmetrics_data_model.proto;
//   - Graphite, the plaintext protocol of carbon, with plain paths or with tags;
//   - JSON, the objects of prom2json with what it leaves out.
//
// An encoder appends to one buffer, which it writes out whenever it is large and on Close. In the steady state it
// allocates nothing for a sample, but where names have to be escaped, for state sets in Protobuf, and where OpenMetrics
// demands another order. Prototext, which is made for the eye, allocates a lot.
//
// No format but JSON holds all that a family can say. What is left out or altered is a [Loss] and never silent: it goes
// to [OnLoss], or, with [Strict], becomes the error of Encode, and then nothing of the family is written. Only blanks
// before a help text and carriage returns behind it, which no text can tell, go without a word. What each format carries
// stands in one table, which the encoders and [Carries] read alike.
//
// A document of OpenMetrics, be it text or protobuf, is good as a whole or not at all. So its encoders put a family into
// the order that is demanded, and leave out what a reader would refuse the document for, which is a loss: values that the type cannot have,
// and families whose name, or that of a sample, an earlier family has. A family that comes back is one of those, so its
// parts have to be put together before; [TakesParts] tells which formats those are. Names of labels are not judged.
//
// The other encoders take families as they are: presence is told by the flags of the model, and a histogram is written
// with the buckets it has; in text, one with native buckets has the bucket +Inf besides.
//
// A family that contradicts itself, such as a histogram without a value, is refused with an error that names it. Strings
// are expected to be valid UTF-8, as the model's validation demands; all formats but JSON, which cannot, write them as
// they are.
package writer
