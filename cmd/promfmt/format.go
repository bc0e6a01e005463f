package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"mime"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// inputFormat is a format that an input can be in, and how it is told from the others.
type inputFormat struct {
	name string
	// read is whether there is a reader for it. A format without one is told apart all the same, so that it is refused
	// by its name and not taken for bad text.
	read bool
	// accept are the media ranges that ask a server for it.
	accept []string
	// mediaTypes are those of its content types, without parameters.
	mediaTypes []string
	// extensions are those of its files, in lower case.
	extensions []string
	// hint says what to do about one that cannot be read.
	hint string
	// begins reports whether an input that begins with head is in this format; nil if that cannot be told.
	begins func(head []byte) bool
}

// inputFormats is the one table of formats to read. An input that nothing tells apart is text.
var inputFormats = []inputFormat{
	{
		name: "text",
		read: true,
		accept: []string{
			"text/plain;version=1.0.0;escaping=allow-utf-8;q=0.9",
			"text/plain;version=0.0.4;q=0.8",
		},
		mediaTypes: []string{"text/plain"},
		extensions: []string{".prom", ".txt", ".text", ".metrics"},
	},
	{
		name:       "openmetrics",
		mediaTypes: []string{"application/openmetrics-text"},
		extensions: []string{".om", ".openmetrics"},
		hint:       "--from text takes it for the Prometheus text format",
	},
	{
		name:       "protobuf",
		mediaTypes: []string{"application/vnd.google.protobuf", "application/openmetrics-protobuf"},
		extensions: []string{".pb", ".protobuf"},
		begins:     beginsAsProtobuf,
	},
	{
		name:       "prototext",
		extensions: []string{".prototext", ".textproto", ".pbtxt"},
		begins:     beginsAsPrototext,
	},
	{
		name:       "json",
		mediaTypes: []string{"application/json"},
		extensions: []string{".json"},
		begins:     beginsAsJSON,
	},
	{
		name:       "html",
		mediaTypes: []string{"text/html"},
		extensions: []string{".html", ".htm"},
		hint:       "is /metrics missing from the URL?",
		begins:     beginsAsHTML,
	},
}

// headSize is how many bytes of an input are looked at to tell its format.
const headSize = 512

// auto is the name of no format: the format is to be told from the input.
const auto = "auto"

// readableFormats are the names of the formats that can be asked for.
func readableFormats() []string {
	names := []string{auto}
	for _, f := range inputFormats {
		if f.read {
			names = append(names, f.name)
		}
	}
	return names
}

// acceptHeader asks a server for what can be read, and for anything rather than nothing.
func acceptHeader() string {
	var ranges []string
	for _, f := range inputFormats {
		ranges = append(ranges, f.accept...)
	}
	return strings.Join(append(ranges, "*/*;q=0.1"), ",")
}

// checkFormat tells the format of an input from its content type, else from the extension of its name, else from its
// first bytes, and refuses one that cannot be read.
func checkFormat(contentType, name string, head []byte) error {
	mediaType, _, err := mime.ParseMediaType(contentType)
	extension := extensionOf(name)
	tests := []struct {
		by   string
		hold func(inputFormat) bool
	}{
		{"content type", func(f inputFormat) bool { return err == nil && slices.Contains(f.mediaTypes, mediaType) }},
		{"extension", func(f inputFormat) bool { return slices.Contains(f.extensions, extension) }},
		{"first bytes", func(f inputFormat) bool { return f.begins != nil && f.begins(head) }},
	}
	for _, test := range tests {
		if i := slices.IndexFunc(inputFormats, test.hold); i >= 0 {
			return inputFormats[i].refusal(test.by)
		}
	}
	return nil // there is no telling text by how it begins
}

// refusal is nil if the format can be read, and else an error that says how it was told.
func (f inputFormat) refusal(by string) error {
	switch {
	case f.read:
		return nil
	case f.hint == "":
		return fmt.Errorf("by its %s this is %s, which cannot be read", by, f.name)
	}
	return fmt.Errorf("by its %s this is %s, which cannot be read; %s", by, f.name, f.hint)
}

// extensionOf is the extension of a file or of the path of a URL, in lower case and not counting that of a compression.
func extensionOf(name string) string {
	if isURL(name) {
		u, err := url.Parse(name)
		if err != nil {
			return ""
		}
		name = u.Path
	}
	name = strings.ToLower(name)
	for _, compression := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, compression)
	}
	return filepath.Ext(name)
}

// beginsAsProtobuf looks for the first message of a delimited stream: its size, a name, and a further field or the end.
func beginsAsProtobuf(head []byte) bool {
	const name, help, kind, metric, unit = 1<<3 | 2, 2<<3 | 2, 3 << 3, 4<<3 | 2, 5<<3 | 2
	size, n := binary.Uvarint(head)
	if n <= 0 || n == len(head) || head[n] != name {
		return false
	}
	head = head[n+1:]
	length, m := binary.Uvarint(head)
	end := uint64(1+m) + length
	if m <= 0 || end > size || length > uint64(len(head)-m) {
		return false
	}
	text, rest := head[m:m+int(length)], head[m+int(length):]
	if !utf8.Valid(text) || bytes.ContainsAny(text, "\r\n") {
		return false
	}
	return end == size || len(rest) > 0 && bytes.IndexByte([]byte{help, kind, metric, unit}, rest[0]) >= 0
}

func beginsAsPrototext(head []byte) bool {
	rest, ok := bytes.CutPrefix(bytes.TrimSpace(head), []byte("name:"))
	return ok && bytes.HasPrefix(bytes.TrimLeft(rest, " \t"), []byte{'"'})
}

// beginsAsJSON looks for an array. An object cannot be told from a sample with a quoted name by its first byte.
func beginsAsJSON(head []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(head), []byte{'['}) }

func beginsAsHTML(head []byte) bool {
	head = bytes.ToLower(bytes.TrimSpace(head))
	return bytes.HasPrefix(head, []byte("<!doctype")) || bytes.HasPrefix(head, []byte("<html"))
}
