package convert

import "bytes"

// predictPart reads the lines at the beginning of text that are predicted samples of a histogram, summary or state set. It gives
// how many it has read and where the next line begins.
func (d *Decoder) predictPart(text []byte) (lines, next int) {
	a, e := d.assembler, &d.assembler.entry
	p := &a.prediction
	if lines, next = a.predictBounds(text, e); lines > 0 {
		d.reporter.skip(lines, next)
		return lines, next
	}
	if !p.on {
		return 0, 0
	}
	roles := a.roles[a.family.Type]
	role, nameEnd := p.nameAt(text, a.family.Name, roles)
	if nameEnd == 0 {
		return 0, 0
	}
	if next = a.predictTotal(text, nameEnd, roles[role].role, e); next > 0 {
		p.latest = role
		d.reporter.skip(1, next)
		return 1, next
	}
	next = e.predicted(text, nameEnd)
	if next == 0 || exceeds(next-1, d.options.limits.LineBytes) || exceeds(a.samples+1, d.options.limits.Samples) {
		return 0, 0
	}
	line := text[:next-1]
	if e.carriage {
		line = bytes.TrimSuffix(line, []byte{'\r'})
	}
	d.reporter.advance(line, next)
	bounds := a.points.added
	a.addSample(e, roles[role].role, roles[role].suffix)
	p.latest = role
	p.forgetBound()
	if a.points.added > bounds {
		// What is behind the bound is as long in the line as in the encoding, if it has no escapes and no blanks.
		behind := len(e.labels.encoding) - a.points.bound.end
		bound := span{end: e.labelsEnd - len(`"}`) - behind}
		bound.at = bound.end - (a.points.bound.end - a.points.bound.at)
		if behind == 0 || !e.labels.spaced && bytes.IndexByte(text[bound.end:e.labelsEnd], '\\') < 0 {
			p.noteBound(text, nameEnd, bound, e.labelsEnd)
		}
	}
	return 1, next
}

// nameAt gives the index of the role of the sample at the beginning of text, and the end of its name, behind which there
// is a brace or a blank; else 0.
func (p *prediction) nameAt(text []byte, family string, roles []suffixRole) (role, end int) {
	n := len(family)
	if len(text) <= n || string(text[:n]) != family {
		return 0, 0
	}
	rest := text[n:]
	role = p.latest
	for range roles {
		suffix := roles[role].suffix
		if k := len(suffix); len(rest) > k && (rest[k] == '{' || rest[k] == ' ') && string(rest[:k]) == suffix {
			return role, n + k
		}
		if role++; role == len(roles) {
			role = 0
		}
	}
	return 0, 0
}

// predicted reads the line at the beginning of text, whose name ends at nameEnd, if it is as predicted, and gives where the
// next line begins, else 0. The entry then says all that the line says.
func (e *entry) predicted(text []byte, nameEnd int) (next int) {
	e.resetRest()
	e.kind, e.name, e.nameAt = sampleLine, text[:nameEnd], 0
	i := nameEnd
	if text[i] == '{' {
		if i = e.labels.predicted(text, i); i == 0 {
			return 0
		}
		e.labels.encoding = e.labels.encode(e.labels.encoding, text[nameEnd-1:i-2])
	}
	e.labelsEnd, e.valueAt = i, span{}
	return e.predictedValue(text, i)
}

// predictBounds reads the lines at the beginning of text that are the next buckets or quantiles of the current metric, with
// the same bounds as those of the metric before, and adds them. It gives how many there are and where the next line begins.
func (a *assembler) predictBounds(text []byte, e *entry) (lines, end int) {
	p := &a.prediction
	if len(p.head) == 0 || p.total || !a.points.boundsKnown {
		return 0, 0
	}
	m := &a.metrics[a.points.current]
	had := numBounds(m)
	if had == 0 {
		return 0, 0
	}
	known, h, limit := a.points.boundsLike(m), m.Histogram(), a.options.limits.LineBytes
	most := len(known.list) - had
	if limit := a.options.limits.Samples; limit > 0 {
		most = min(most, limit-a.samples)
	}
	for lines < most {
		line, n := text[end:], had+lines
		b := &known.list[n]
		value := p.endOfLabels(line, known, b)
		if value == 0 {
			break
		}
		next := e.predictedValue(line, value)
		if next == 0 || e.timestamp != m.Timestamp || b.bound <= a.points.high || h != nil && !isCount(e.value) ||
			a.om != nil && a.mayReportPart(m, n, e.value) || exceeds(next-1, limit) {
			break
		}
		if h != nil && a.points.listed {
			a.points.addNext(h, b, e.value)
		} else {
			a.addBound(m, known, b, e.value)
		}
		lines++
		end += next
	}
	a.samples += lines
	return lines, end
}

// endOfLabels is where the labels end in a line that is as the latest but for the bound, which is b; else 0.
func (p *prediction) endOfLabels(line []byte, known *boundTexts, b *boundText) (end int) {
	head := len(p.head)
	bound := head + b.text.end - b.text.at
	end = bound + len(p.tail)
	if len(line) < end || string(line[:head]) != string(p.head) ||
		!(p.closed && b.closed.IsAt(line, head)) && (!known.is(b, line[head:bound]) || string(line[bound:end]) != string(p.tail)) {
		return 0
	}
	return end
}

// predictTotal reads the line at the beginning of text, whose name ends at nameEnd, if it is the sum or count of the current
// metric, with its labels as they stand in its buckets or quantiles, and adds it. It gives where the next line begins;
// else 0.
func (a *assembler) predictTotal(text []byte, nameEnd int, role role, e *entry) (next int) {
	p := &a.prediction
	if len(p.head) == 0 || p.labels.at == 0 || role != sumSample && role != countSample {
		return 0
	}
	i := nameEnd
	if labels := p.labels.of(p.head); len(labels) > 0 {
		if i += len(labels); len(text) <= i || text[i] != '}' || string(text[nameEnd:i]) != string(labels) {
			return 0
		}
		i++
	}
	m := &a.metrics[a.points.current]
	value, has := total(m, role)
	next = e.predictedValue(text, i)
	if next == 0 || *has || e.timestamp != m.Timestamp || role == countSample && !isCount(e.value) ||
		a.om != nil && role == sumSample && !(e.value >= 0) || a.mayClash(text[:nameEnd], role) ||
		exceeds(next-1, a.options.limits.LineBytes) || exceeds(a.samples+1, a.options.limits.Samples) {
		return 0
	}
	a.samples++
	*value, *has = e.value, true
	p.total = true
	return next
}

// mayClash tells whether there may be an earlier family of the name of a sample, of which nothing has been said yet.
func (a *assembler) mayClash(name []byte, role role) bool {
	if a.om != nil || a.clashed[role] {
		return false
	}
	if a.known.find(name, a.known.hash(name)) >= 0 {
		return true
	}
	a.clashed[role] = true
	return false
}

// noteBound takes in a bucket or quantile that has been added, and about which there was nothing to be said. The name ends
// at nameEnd, and the bound stands in the line where the span says.
func (p *prediction) noteBound(line []byte, nameEnd int, bound span, labelsEnd int) {
	p.head = append(p.head[:0], line[:bound.at]...)
	p.tail = append(p.tail[:0], line[bound.end:labelsEnd]...)
	p.total, p.labels = false, span{}
	if p.closed = string(p.tail) == closing; !p.closed {
		return
	}
	// The label of the bound is the last one. What is before it is the whole block of a sum or count.
	switch before := bytes.LastIndexByte(p.head[:bound.at-len(`="`)], ','); {
	case before > nameEnd:
		p.labels = span{nameEnd, before}
	case line[nameEnd] == '{':
		p.labels = span{nameEnd, nameEnd}
	}
}

// forgetBound takes in that the latest sample says nothing of the next one.
func (p *prediction) forgetBound() { p.head = p.head[:0] }
