package writer

import (
	"strconv"
	"unicode/utf8"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// closeWith puts end in the place of the comma behind the last member, or behind the opening bracket if there is none.
func closeWith(b []byte, end string) []byte {
	if b[len(b)-1] == ',' {
		b = b[:len(b)-1]
	}
	return append(b, end...)
}

func appendKey(b []byte, key string) []byte {
	b = append(b, '"')
	b = append(b, key...)
	return append(b, `":`...)
}

func appendMember(o *output, b []byte, key, value string) []byte {
	return append(appendText(o, appendKey(b, key), value), ',')
}

func appendFloatMember(b []byte, key string, f float64) []byte {
	b = append(appendKey(b, key), '"')
	return append(appendFloat(b, f), `",`...)
}

func appendCountMember(b []byte, key string, f float64) []byte {
	b = append(appendKey(b, key), '"')
	return append(appendCount(b, f), `",`...)
}

func appendMillisMember(b []byte, key string, t model.Timestamp) []byte {
	b = append(appendKey(b, key), '"')
	return append(appendMillis(b, t), `",`...)
}

func appendSeries(o *output, b []byte, ls model.Labels, t model.Timestamp) []byte {
	if !ls.IsEmpty() {
		b = append(b, `"labels":{`...)
		b = appendLabelMembers(o, b, ls)
		b = closeWith(b, "},")
	}
	if t.Set {
		b = appendMillisMember(b, "timestamp_ms", t)
	}
	return b
}

func appendTotals(b []byte, hasCount bool, count float64, hasSum bool, sum float64) []byte {
	if hasCount {
		b = appendCountMember(b, "count", count)
	}
	if hasSum {
		b = appendFloatMember(b, "sum", sum)
	}
	return b
}

func appendStates(o *output, b []byte, states []model.State) []byte {
	b = append(b, `"states":{`...)
	for _, state := range states {
		b = append(appendText(o, b, state.Name), ':')
		b = append(strconv.AppendBool(b, state.Enabled), ',')
	}
	return closeWith(b, "},")
}

func appendExtra(o *output, b []byte, extra *model.Extra) []byte {
	if extra.Created.Set {
		b = appendMillisMember(b, "created_ms", extra.Created)
	}
	if len(extra.Exemplars) > 0 {
		b = append(b, `"exemplars":[`...)
		for i := range extra.Exemplars {
			b = append(b, '{')
			b = appendExemplarMembers(o, b, &extra.Exemplars[i])
			b = closeWith(b, "},")
		}
		b = closeWith(b, "],")
	}
	return b
}

func appendExemplarMembers(o *output, b []byte, e *model.Exemplar) []byte {
	b = appendSeries(o, b, e.Labels, e.Timestamp)
	return appendFloatMember(b, "value", e.Value)
}

func appendNativeMember(b []byte, n *model.NativeHistogram) []byte {
	b = append(b, `"native":{"schema":"`...)
	b = append(strconv.AppendInt(b, int64(n.Schema), 10), `",`...)
	if n.Float {
		b = append(b, `"float":true,`...)
	}
	b = appendFloatMember(b, "zero_threshold", n.ZeroThreshold)
	b = appendCountMember(b, "zero_count", n.ZeroCount)
	b = appendSpansMember(b, "negative_spans", n.NegativeSpans)
	b = appendFloatsMember(b, "negative_counts", n.NegativeCounts, appendCount)
	b = appendSpansMember(b, "positive_spans", n.PositiveSpans)
	b = appendFloatsMember(b, "positive_counts", n.PositiveCounts, appendCount)
	b = appendFloatsMember(b, "custom_bounds", n.CustomBounds, appendFloat)
	return closeWith(b, "},")
}

func appendSpansMember(b []byte, key string, spans []model.Span) []byte {
	if len(spans) == 0 {
		return b
	}
	b = append(appendKey(b, key), '[')
	for _, span := range spans {
		b = append(b, `{"offset":"`...)
		b = strconv.AppendInt(b, int64(span.Offset), 10)
		b = append(b, `","length":"`...)
		b = strconv.AppendUint(b, uint64(span.Length), 10)
		b = append(b, `"},`...)
	}
	return closeWith(b, "],")
}

func appendFloatsMember(b []byte, key string, numbers []float64, appendNumber func([]byte, float64) []byte) []byte {
	if len(numbers) == 0 {
		return b
	}
	b = append(appendKey(b, key), '[')
	for _, f := range numbers {
		b = append(b, '"')
		b = append(appendNumber(b, f), `",`...)
	}
	return closeWith(b, "],")
}

// appendText appends s as a string.
func appendText[T string | []byte](o *output, b []byte, s T) []byte {
	b = append(b, '"')
	b = appendCharacters(o, b, s)
	return append(b, '"')
}

// appendCharacters appends what stands between the quotes of a string. A string has to be valid UTF-8; what is not is
// replaced.
func appendCharacters[T string | []byte](o *output, b []byte, s T) []byte {
	begin := len(b)
	b = append(b, s...)
	found := classesIn(s) // in s, and not in the copy that is still being stored
	if found&notJSON == 0 && (found&notASCII == 0 || utf8.Valid(b[begin:])) {
		return b
	}
	return appendJSONEscaped(o, b[:begin], string(s))
}

func appendJSONEscaped(o *output, b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '"', r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, '\\', 'n')
		case r < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&0xf])
		case r == utf8.RuneError && size == 1:
			o.lose(diag.LossUTF8, 1)
			b = append(b, "\uFFFD"...)
		default:
			b = append(b, s[i:i+size]...)
		}
		i += size
	}
	return b
}
