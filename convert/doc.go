// Package convert turns expositions into metric families, and families into other representations of the same.
//
// A [Decoder] reads the Prometheus text formats 0.0.4 and 1.0.0, or with the options [OpenMetrics] and [OpenMetrics2]
// those formats, as a stream: a family is given out when the next one begins, so memory is bounded by the largest family
// and by the [Limits]. Text that is wrong is reported with its position and skipped, and nothing good around it is lost;
// [Strict] weighs the same findings by the letter of the specification. A [ProtobufDecoder] and a [JSONDecoder] do the
// same for the other formats, and [NewReader] opens the one for any. [Collect] gathers a stream into a slice. [FromDTO],
// [ToDTO] and [FromGatherer] connect to the types of the Go client library.
//
// A line of text goes through one of two readers, and both make the same entry of it: line.go scans it with the
// primitives of package lexer, tree.go walks the syntax tree of package grammar, slowly; those of OpenMetrics are in
// openmetrics_line.go and openmetrics_tree.go. The assembler then makes families of the entries; meaning is decided there
// and nowhere else.
package convert
