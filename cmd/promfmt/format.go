package main

import (
	"bytes"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strings"

	prometheus "github.com/prometheus/common/model"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/format"
)

// auto is the name of no format: the format is to be told from the input.
const auto = "auto"

// askedFormats are the formats that --from may name, as far as there are readers. Versions of a format that one reader
// reads are named once.
var askedFormats = []format.Format{
	format.Text, format.OpenMetrics, format.OpenMetrics2, format.Protobuf, format.Prototext, format.OpenMetricsProtobuf, format.JSON,
}

// readableFormats are the names of the formats that can be asked for.
func readableFormats() []string {
	names := []string{auto}
	for _, f := range askedFormats {
		if convert.CanRead(f) {
			names = append(names, f.String())
		}
	}
	return names
}

// scrapedFormats are the formats that a server is asked for, the preferred ones first. What is text goes before protobuf,
// so that a diagnostic can show it.
var scrapedFormats = []format.Format{format.OpenMetrics, format.Text1, format.Text, format.Protobuf}

// acceptHeader asks a server for a format, or for what can be read if that is auto, and for anything rather than nothing.
func acceptHeader(asked string) string {
	wanted := slices.DeleteFunc(slices.Clone(scrapedFormats), func(f format.Format) bool { return !convert.CanRead(f) })
	if f, err := format.Parse(asked); err == nil && f != format.Text {
		wanted = []format.Format{f}
	} else if err == nil {
		wanted = []format.Format{format.Text1, format.Text}
	}
	return format.AcceptHeader(prometheus.NoEscaping, wanted...)
}

// tellFormat tells the format of an input, and refuses one that cannot be read.
func tellFormat(e format.Evidence) (format.Format, error) {
	if isURL(e.Name) {
		if u, err := url.Parse(e.Name); err == nil {
			e.Name = u.Path
		}
	}
	f, by := format.Detect(e)
	if clue, ok := isHTML(e); ok && slices.Index(clues, clue) < slices.Index(clues, by) {
		return 0, unreadable(clue, "html", "is /metrics missing from the URL?")
	}
	if convert.CanRead(f) {
		return f, nil
	}
	return 0, unreadable(by, f.String(), "")
}

// clues are all clues, in the order in which they count.
var clues = []format.Clue{format.ByContentType, format.ByExtension, format.ByBytes, format.ByNothing}

func unreadable(by format.Clue, name, hint string) error {
	if hint != "" {
		hint = "; " + hint
	}
	return fmt.Errorf("by its %s this is %s, which cannot be read%s", by, name, hint)
}

// isHTML tells a page for people, which is what comes where an exposition is not.
func isHTML(e format.Evidence) (by format.Clue, ok bool) {
	mediaType, _, err := mime.ParseMediaType(e.ContentType)
	name, head := strings.ToLower(e.Name), bytes.ToLower(bytes.TrimSpace(e.Head))
	switch {
	case err == nil && mediaType == "text/html":
		return format.ByContentType, true
	case strings.HasSuffix(name, ".html"), strings.HasSuffix(name, ".htm"):
		return format.ByExtension, true
	case bytes.HasPrefix(head, []byte("<!doctype")), bytes.HasPrefix(head, []byte("<html")):
		return format.ByBytes, true
	}
	return format.ByNothing, false
}
