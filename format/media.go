package format

import (
	"cmp"
	"strings"

	prommodel "github.com/prometheus/common/model"
)

// mediaType is a media type of a format.
type mediaType struct {
	kind       string // type and subtype, in lower case
	parameters parameters
	names      names
}

// parameters are those of a media type or media range, in order, their names in lower case.
type parameters []parameter

type parameter struct{ name, value string }

// get is the value of the first parameter of that name, empty if there is none.
func (ps parameters) get(name string) string {
	for _, p := range ps {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// names says which names of metrics and labels a media type has.
type names uint8

const (
	// legacyNames are of the old character set only.
	legacyNames names = iota
	// negotiatedNames may be any that are valid UTF-8. How they are escaped is asked for and stated by a parameter, and
	// who does not ask gets those of the old character set.
	negotiatedNames
	// anyNames may be any without further ado.
	anyNames
)

func (n names) defaultScheme() prommodel.EscapingScheme {
	if n == anyNames {
		return prommodel.NoEscaping
	}
	return prommodel.NameEscapingScheme
}

// scheme is the escaping scheme that a value of the parameter asks for. A value that is unknown asks for nothing.
func (n names) scheme(asked string) prommodel.EscapingScheme {
	scheme, err := prommodel.ToEscapingScheme(asked)
	if err != nil || n == legacyNames && scheme == prommodel.NoEscaping {
		return n.defaultScheme()
	}
	return scheme
}

// contentType is m as a response states it.
func (m *mediaType) contentType(scheme prommodel.EscapingScheme) string {
	text := m.kind
	for _, p := range m.parameters {
		text += "; " + p.name + "=" + p.value
	}
	if m.names == negotiatedNames {
		text += "; " + prommodel.EscapingKey + "=" + scheme.String()
	}
	return text
}

// mediaRange is m as a request asks for it: all that is written is UTF-8, so that need not be said.
func (m *mediaType) mediaRange(scheme prommodel.EscapingScheme) string {
	text := m.kind
	for _, p := range m.parameters {
		if p != charsetUTF8 {
			text += ";" + p.name + "=" + p.value
		}
	}
	if m.names == negotiatedNames {
		text += ";" + prommodel.EscapingKey + "=" + scheme.String()
	}
	return text
}

// How closely a media range says what is meant. Each parameter that agrees makes it closer.
const (
	fitsNot = iota
	fitsAnything
	fitsType
	fitsExactly
)

// defaultVersions are the versions of media types that are named without one.
var defaultVersions = map[string]string{
	"text/plain":                   "0.0.4",
	"application/openmetrics-text": "0.0.1",
}

// fit is how closely a media range says m. A parameter that m does not have means nothing, so that what others may come
// to ask for does no harm, and neither does a charset, since there is only one.
func (m *mediaType) fit(r mediaRange) int {
	switch {
	case r.kind == "*/*":
		return fitsAnything
	case strings.HasSuffix(r.kind, "/*"):
		if strings.HasPrefix(m.kind, strings.TrimSuffix(r.kind, "*")) {
			return fitsType
		}
		return fitsNot
	case r.kind != m.kind:
		return fitsNot
	}
	version := cmp.Or(r.parameters.get("version"), defaultVersions[m.kind])
	if version != "" && version != m.parameters.get("version") {
		return fitsNot
	}
	fit := fitsExactly
	for _, p := range m.parameters {
		switch asked := r.parameters.get(p.name); {
		case p == charsetUTF8 || asked == "":
		case asked != p.value:
			return fitsNot
		default:
			fit++
		}
	}
	return fit
}
