package corpus

import "encoding/json"

// expectationExt ends the name of the file with what is expected of another one.
const expectationExt = ".json"

// Expectation is what a reader has to make of a file. It stands beside the file, as JSON; README.md describes it for readers
// in other languages.
type Expectation struct {
	// Format is the format of the file.
	Format string `json:"format"`
	// Default and Strict say whether the file is acceptable: with what has one meaning in spite of a fault, and by the
	// letter of the format.
	Default Verdict `json:"default"`
	Strict  Verdict `json:"strict"`
	// Findings are what there is to say about the file, in the order of the places.
	Findings []Finding `json:"findings"`
	// Families are what is read by default, without what is refused. One that comes back is there again.
	Families []Family `json:"families"`
}

// Verdict says whether a file is acceptable as a whole.
type Verdict string

// The verdicts.
const (
	Accept Verdict = "accept"
	Refuse Verdict = "refuse"
)

// Error is the severity of a finding for which a file is refused.
const Error = "error"

// Finding is something that there is to say about a file.
type Finding struct {
	// Line and Column count from 1, Column in bytes.
	Line   int `json:"line"`
	Column int `json:"column"`
	// Rule is the id of the rule that is broken.
	Rule string `json:"rule"`
	// Default and Strict are the severities, [Error] or "warning", or "off" where nothing is said.
	Default string `json:"default"`
	Strict  string `json:"strict"`
	// Message is what promfmt says, in words.
	Message string `json:"message"`
}

// Family is a metric family as flat samples. Numbers are text, as in an exposition; times are in seconds since 1970.
type Family struct {
	Name string `json:"name"`
	// Type is the name of the type in OpenMetrics, empty if none is stated.
	Type    string   `json:"type,omitempty"`
	Help    string   `json:"help,omitempty"`
	Unit    string   `json:"unit,omitempty"`
	Samples []Sample `json:"samples"`
}

// Sample is one sample of a family: a line of a text, or the part of a composite value that would be one.
type Sample struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels,omitempty"`
	// Value is empty if there is Native.
	Value  string  `json:"value,omitempty"`
	Native *Native `json:"native,omitempty"`
	// Timestamp is empty if there is none, and so is Start.
	Timestamp string `json:"timestamp,omitempty"`
	// Start is when the sample began to count, unless that is a sample of its own.
	Start     string     `json:"start,omitempty"`
	Exemplars []Exemplar `json:"exemplars,omitempty"`
}

// Exemplar is an example observation of a sample.
type Exemplar struct {
	Labels    map[string]string `json:"labels,omitempty"`
	Value     string            `json:"value"`
	Timestamp string            `json:"timestamp,omitempty"`
}

// Native are the native buckets of a histogram: counts of the buckets by their index.
type Native struct {
	Schema        int            `json:"schema"`
	ZeroThreshold string         `json:"zero_threshold"`
	ZeroCount     string         `json:"zero_count"`
	Negative      map[int]string `json:"negative,omitempty"`
	Positive      map[int]string `json:"positive,omitempty"`
	CustomBounds  []string       `json:"custom_bounds,omitempty"`
}

// Expected is what is expected of the file. Of a file that is not of the corpus nothing is, and it is the zero Expectation.
func (f File) Expected() Expectation {
	var e Expectation
	text, err := files.ReadFile(f.Name + expectationExt)
	if err != nil || json.Unmarshal(text, &e) != nil {
		return Expectation{}
	}
	return e
}
