package lexer

import "fmt"

// Dialect is a text format. The formats share the shapes of their lines, and so one Lexer and most tokens.
type Dialect uint8

// The dialects.
const (
	// PrometheusText is the Prometheus text formats 0.0.4 and 1.0.0.
	PrometheusText Dialect = iota
	// OpenMetrics is OpenMetrics 1.0. To the Prometheus text formats it adds UNIT and EOF lines and exemplars, and a help
	// text begins behind one blank, even if it begins with blanks.
	OpenMetrics
	// OpenMetrics2 is OpenMetrics 2.0. To OpenMetrics 1.0 it adds composite values and start timestamps.
	OpenMetrics2

	dialectCount
)

// Dialects is the number of dialects; they are numbered from 0.
const Dialects = int(dialectCount)

var dialectNames = [dialectCount]string{
	PrometheusText: "Prometheus text", OpenMetrics: "OpenMetrics 1.0", OpenMetrics2: "OpenMetrics 2.0",
}

// String is the name of the format.
func (d Dialect) String() string {
	if d < dialectCount {
		return dialectNames[d]
	}
	return fmt.Sprintf("Dialect(%d)", uint8(d))
}
