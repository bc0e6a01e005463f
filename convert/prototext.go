package convert

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"unicode/utf8"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"github.com/promfmt/promfmt/diag"
)

// prototextSource cuts the text form of messages into messages and encodes them, so that what a message means is decided
// in one place.
//
// The text form has no sign between messages. One ends at a blank line, or before a line that begins with another name,
// provided that no brace is open; messages of one line each so need no blank lines. Where a brace stays open, a blank line
// before a name or a whole line beginning with one is taken for the end all the same, so that an error costs one message.
type prototextSource struct {
	source
	// block is what is left of the current block of lines, and line the number of the first of them.
	block []byte
	line  int
	// blockOffset is that of the block in the input, and err what it has ended with.
	blockOffset int64
	err         error

	// text is what has been read of the message in progress, which began at place.
	text  []byte
	place diag.Position
	lines int
	// depth is how many braces are open, named tells that there has been a name, blank that the line before was empty,
	// tooLong that the message is beyond the limit, and tooDeep where in it braces lie in each other more than deepest deep,
	// if they do, counted from 1.
	depth                 int
	named, blank, tooLong bool
	tooDeep               int
}

func (s *prototextSource) reset(r io.Reader, limit int, buffer []byte) {
	*s = prototextSource{source: source{reader: r, buffer: buffer, limit: limit}, text: s.text[:0], line: 1}
}

func (s *prototextSource) ended() error {
	if len(s.block) > 0 || len(s.text) > 0 {
		return nil
	}
	return s.err
}

func (s *prototextSource) next(r *wireReader) (body []byte, ok bool) {
	for {
		line := s.peek()
		content := bytes.TrimSpace(line)
		switch {
		case line == nil || len(s.text) > 0 && s.endsBefore(line, content):
			return s.take(r)
		case len(s.text) > 0 || len(content) > 0 && content[0] != '#':
			s.add(line, content)
		}
		s.blank = len(content) == 0
		s.block = s.block[len(line):]
		s.blockOffset += int64(len(line))
		s.line++
	}
}

// peek is the next line with its end, nil if there is none.
func (s *prototextSource) peek() []byte {
	for len(s.block) == 0 {
		if s.err != nil {
			return nil
		}
		s.block, s.blockOffset, s.err = s.source.next()
	}
	if n := bytes.IndexByte(s.block, '\n'); n >= 0 {
		return s.block[:n+1]
	}
	return s.block
}

// endsBefore reports whether the message in progress ends before that line.
func (s *prototextSource) endsBefore(line, content []byte) bool {
	switch {
	case s.depth == 0:
		return len(content) == 0 || s.named && isNameField(content)
	case isNameField(line):
		return s.blank || s.named && s.lines == 1
	}
	return false
}

// isNameField reports whether a line begins with the field name.
func isNameField(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte("name"))
	return ok && bytes.HasPrefix(bytes.TrimLeft(rest, " \t"), []byte{':'})
}

// add takes a line into the message in progress.
func (s *prototextSource) add(line, content []byte) {
	if len(s.text) == 0 {
		s.place = diag.Position{Line: s.line, Column: 1, Offset: s.blockOffset}
		s.lines, s.depth, s.named, s.tooLong, s.tooDeep = 0, 0, false, false, 0
	}
	s.lines++
	s.named = s.named || s.depth == 0 && isNameField(content)
	s.tooLong = s.tooLong || exceeds(len(s.text)+len(line), s.limit)
	if !s.tooLong {
		s.text = append(s.text, line...)
	} else if len(s.text) == 0 {
		s.text = append(s.text, content[:clipAt]...) // something, since there is a message
	}
	quote := byte(0)
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'':
			quote = c
		case c == '#':
			return
		case c == '{' || c == '<':
			if s.depth++; s.depth > deepest && s.tooDeep == 0 {
				s.tooDeep = len(s.text) - len(line) + i + 1
			}
		case (c == '}' || c == '>') && s.depth > 0:
			s.depth--
		}
	}
}

// take ends the message in progress, if there is one, and encodes it.
func (s *prototextSource) take(r *wireReader) (body []byte, ok bool) {
	text := s.text
	s.text = s.text[:0]
	switch {
	case len(text) == 0:
		return nil, false
	case s.tooLong:
		r.message = wireMessage{place: s.place, text: firstLine(text)}
		r.tell(diag.MessageTooLong, 0, "the message has more than %d bytes (limit LineBytes, %d times)", s.limit, messagesPerLine)
		return nil, false
	case s.depth > 0 && len(s.block) == 0 && s.err != io.EOF:
		return nil, false // cut off by a reader that has failed
	}
	if s.tooDeep > 0 { // package prototext would go as deep as the braces, until the stack ends
		s.reportAt(r, diag.Syntax, text, s.tooDeep-1, fmt.Sprintf("braces lie in each other more than %d deep", deepest))
		return nil, false
	}
	var family dto.MetricFamily
	if err := prototext.Unmarshal(text, &family); err != nil {
		// Whatever is wrong besides, a field that is not known hides it.
		rule := diag.ProtobufField
		if other := (prototext.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(text, &family); other != nil {
			rule, err = diag.Syntax, other
		}
		if s.reportText(r, rule, text, err) || rule == diag.Syntax {
			return nil, false
		}
	}
	// A message that has been read can be written.
	body, _ = proto.Marshal(&family)
	r.message = wireMessage{place: s.place, text: firstLine(text)}
	return body, true
}

func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	return line
}

// textPosition is how package prototext says where an error is. It puts either of two blanks behind the colon.
var textPosition = regexp.MustCompile(`^proto:[ \x{a0}](?:syntax error )?(?:\(line (\d+):(\d+)\): )?`)

// reportText reports an error of package prototext, and whether it is one by the rule.
func (s *prototextSource) reportText(r *wireReader, rule diag.Rule, text []byte, err error) bool {
	message := err.Error()
	// An error without a position is that there should be more.
	at := len(bytes.TrimRight(text, " \t\r\n"))
	if found := textPosition.FindStringSubmatch(message); found != nil {
		message = message[len(found[0]):]
		if found[1] != "" {
			at = offsetOf(text, found[1], found[2])
		}
	}
	return s.reportAt(r, rule, text, at, message)
}

// reportAt reports something about the byte of the text with that index, and whether it is an error.
func (s *prototextSource) reportAt(r *wireReader, rule diag.Rule, text []byte, at int, message string) bool {
	line := bytes.Count(text[:at], []byte{'\n'})
	begin := bytes.LastIndexByte(text[:at], '\n') + 1
	place := s.place
	place.Line += line
	place.Column = at - begin + 1
	place.Offset += int64(at)
	return r.deliver(rule, place, diag.NewExcerpt(firstLine(text[begin:]), place.Column), "%s", []any{message})
}

// offsetOf is where in a text a line and a column are, which count from 1, the column in characters.
func offsetOf(text []byte, line, column string) (at int) {
	lines, _ := strconv.Atoi(line)
	for range lines - 1 {
		at += bytes.IndexByte(text[at:], '\n') + 1
	}
	runes, _ := strconv.Atoi(column)
	for range runes - 1 {
		_, n := utf8.DecodeRune(text[at:])
		at += n
	}
	return at
}
