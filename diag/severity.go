package diag

import "fmt"

// Severity says how bad a finding is.
type Severity uint8

// The severities. A finding of severity Off is not reported.
const (
	Off Severity = iota
	Warning
	Error
)

var severityNames = [...]string{Off: "off", Warning: "warning", Error: "error"}

// String is the word used in diagnostics: "off", "warning" or "error".
func (s Severity) String() string {
	if int(s) < len(severityNames) {
		return severityNames[s]
	}
	return fmt.Sprintf("severity(%d)", uint8(s))
}

// MarshalText writes the same word as String.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Severity) UnmarshalText(text []byte) error {
	for i, name := range severityNames {
		if name == string(text) {
			*s = Severity(i)
			return nil
		}
	}
	return fmt.Errorf("unknown severity %q", text)
}

// Severities gives every rule its severity: one column of the table of rules, possibly altered.
type Severities [ruleCount]Severity

// DefaultSeverities is the lenient column: what has one meaning is accepted with a warning.
func DefaultSeverities() Severities {
	var s Severities
	for r, info := range rules {
		s[r] = info.byDefault
	}
	return s
}

// StrictSeverities is the column that follows the specifications to the letter.
func StrictSeverities() Severities {
	var s Severities
	for r, info := range rules {
		s[r] = info.strict
	}
	return s
}
