package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFormatIsToldByContentTypeElseExtensionElseFirstBytes(t *testing.T) {
	for _, test := range []struct {
		name        string
		contentType string
		input       string
		head        string
		refused     string // the format, as told by what; empty for text
	}{
		{name: "nothing tells: text", input: "-", head: "up 1\n"},
		{name: "an empty input is text", input: "-"},
		{name: "the content type outweighs the extension", contentType: "text/plain", input: "page.json", head: "[]"},
		{name: "the content type has parameters", contentType: "Application/JSON; charset=utf-8", input: "-",
			refused: "by its content type this is json"},
		{name: "a content type that says nothing is passed over", contentType: "application/octet-stream", input: "page.om",
			refused: "by its extension this is openmetrics"},
		{name: "a content type that is none is passed over", contentType: ";", input: "page.prom", head: "[]"},
		{name: "the extension outweighs the bytes", input: "page.prom", head: "[]"},
		{name: "case does not matter in an extension", input: "PAGE.JSON", refused: "by its extension this is json"},
		{name: "the extension before that of a compression counts", input: "page.pb.zst",
			refused: "by its extension this is protobuf"},
		{name: "a URL has the extension of its path", input: "http://example.com/page.om?a=b.prom",
			refused: "by its extension this is openmetrics"},
		{name: "a host has no extension", input: "http://example.om", head: "up 1\n"},
		{name: "an array is JSON", input: "-", head: "\n [{", refused: "by its first bytes this is json"},
		{name: "a sample with a quoted name is text", input: "-", head: `{"a.b"} 1`},
		{name: "a page for people is HTML", input: "-", head: "<!DOCTYPE html>", refused: "by its first bytes this is html"},
		{name: "a message with a name and a type is protobuf", input: "-", head: "\x06\n\x02up\x18\x01",
			refused: "by its first bytes this is protobuf"},
		{name: "a message with only a name is protobuf", input: "-", head: "\x04\n\x02up",
			refused: "by its first bytes this is protobuf"},
		{name: "a message with a size of two bytes is protobuf", input: "-", head: "\xac\x02\n\x02up\x12\x03",
			refused: "by its first bytes this is protobuf"},
		{name: "a name longer than its message is not protobuf", input: "-", head: "\x03\n\x02up\x18\x01"},
		{name: "blank lines are text", input: "-", head: "\n\n\n\nup 1\n"},
		{name: "a line of one letter is text", input: "-", head: "z\n# HELP up Whether the instance is up, as seen by us.\n"},
		{name: "a message of prototext begins with its name", input: "-", head: "name:  \"up\"\n",
			refused: "by its first bytes this is prototext"},
		{name: "a metric whose name ends in a colon is text", input: "-", head: "name: 1\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := checkFormat(test.contentType, test.input, []byte(test.head))
			if test.refused == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, test.refused+", which cannot be read")
			}
		})
	}
}
