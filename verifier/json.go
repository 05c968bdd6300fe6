package main

import (
	"math"
	"sort"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Canonical JSON (docs/protocol/formats.md, Bytes): RFC 8785 with integers below 2^53 only.
// The order of the checks is part of the protocol, because refusals name the first rule.

const maxDepth = 32

type kind byte

const (
	kindNull kind = iota
	kindBool
	kindNumber
	kindText
	kindList
	kindObject
	// kindDeep stands for a list or object below the depth that is ever looked at.
	kindDeep
)

type value struct {
	kind    kind
	truth   bool
	number  float64
	text    string
	list    []*value
	members []member
}

// member of an object. In text and name lone surrogates, which only escapes can write, are
// kept as three bytes that are not valid UTF-8.
type member struct {
	name  string
	value *value
}

// get gives a member of an object, or nil.
func (v *value) get(name string) *value {
	if v == nil || v.kind != kindObject {
		return nil
	}
	for i := range v.members {
		if v.members[i].name == name {
			return v.members[i].value
		}
	}
	return nil
}

// parseCanonical gives the value of canonical bytes.
func parseCanonical(b []byte) *value {
	text := requireUtf8(b)
	p := parser{text: text}
	v := p.document()
	if p.failed {
		refuse("json-syntax", "%s", shorten(text))
	}
	if again := canonicalBytes(v); !same(again, b) {
		refuse("json-canonical", "%s", shorten(text))
	}
	return v
}

func canonicalBytes(v *value) []byte { return appendCanonical(nil, v, 0) }

func appendCanonical(out []byte, v *value, depth int) []byte {
	if depth > maxDepth {
		refuse("json-depth", "more than %d levels", maxDepth)
	}
	switch v.kind {
	case kindNull:
		return append(out, "null"...)
	case kindBool:
		return strconv.AppendBool(out, v.truth)
	case kindNumber:
		if v.number != math.Trunc(v.number) || math.Abs(v.number) > maxSafe {
			refuse("json-number", "%v", v.number)
		}
		return strconv.AppendInt(out, int64(v.number), 10)
	case kindText:
		return appendText(out, v.text)
	case kindList:
		out = append(out, '[')
		for i, item := range v.list {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendCanonical(out, item, depth+1)
		}
		return append(out, ']')
	default:
		out = append(out, '{')
		for i := range v.members {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(appendText(out, v.members[i].name), ':')
			out = appendCanonical(out, v.members[i].value, depth+1)
		}
		return append(out, '}')
	}
}

func appendText(out []byte, text string) []byte {
	if !utf8.ValidString(text) {
		refuse("json-surrogate", "%q", shorten(text))
	}
	out = append(out, '"')
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c >= 0x20:
			out = append(out, c)
		case c == '\b':
			out = append(out, `\b`...)
		case c == '\t':
			out = append(out, `\t`...)
		case c == '\n':
			out = append(out, `\n`...)
		case c == '\f':
			out = append(out, `\f`...)
		case c == '\r':
			out = append(out, `\r`...)
		default:
			const digits = "0123456789abcdef"
			out = append(out, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
	}
	return append(out, '"')
}

// parser of RFC 8259 text that is valid UTF-8. A name that occurs twice keeps its last value.
type parser struct {
	text   string
	at     int
	failed bool
}

func (p *parser) document() *value {
	v := p.value(0)
	p.space()
	if p.at != len(p.text) {
		p.failed = true
	}
	return v
}

func (p *parser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *parser) accept(c byte) bool {
	p.space()
	if p.failed || p.peek() != c {
		return false
	}
	p.at++
	return true
}

func (p *parser) value(depth int) *value {
	p.space()
	if p.failed {
		return &value{}
	}
	switch c := p.peek(); {
	case (c == '{' || c == '[') && depth > maxDepth:
		p.skipDeep()
		return &value{kind: kindDeep}
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.listOf(depth)
	default:
		return p.scalar()
	}
}

func (p *parser) scalar() *value {
	switch c := p.peek(); {
	case c == '"':
		return &value{kind: kindText, text: p.string()}
	case c == '-' || c >= '0' && c <= '9':
		return &value{kind: kindNumber, number: p.numeral()}
	case p.word("true"):
		return &value{kind: kindBool, truth: true}
	case p.word("false"):
		return &value{kind: kindBool}
	case p.word("null"):
		return &value{}
	}
	p.failed = true
	return &value{}
}

func (p *parser) word(word string) bool {
	if len(p.text)-p.at < len(word) || p.text[p.at:p.at+len(word)] != word {
		return false
	}
	p.at += len(word)
	return true
}

func (p *parser) listOf(depth int) *value {
	v := &value{kind: kindList}
	p.at++
	if p.accept(']') {
		return v
	}
	for !p.failed {
		v.list = append(v.list, p.value(depth+1))
		if p.accept(']') {
			return v
		}
		if !p.accept(',') {
			p.failed = true
		}
	}
	return v
}

func (p *parser) object(depth int) *value {
	v := &value{kind: kindObject}
	p.at++
	if p.accept('}') {
		return v
	}
	places := map[string]int{}
	for !p.failed {
		p.space()
		if p.peek() != '"' {
			break
		}
		name := p.string()
		if !p.accept(':') {
			break
		}
		item := p.value(depth + 1)
		if at, again := places[name]; again {
			v.members[at].value = item
		} else {
			places[name] = len(v.members)
			v.members = append(v.members, member{name, item})
		}
		if p.accept('}') {
			sort.SliceStable(v.members, func(i, j int) bool { return lessUnits(v.members[i].name, v.members[j].name) })
			return v
		}
		if !p.accept(',') {
			break
		}
	}
	p.failed = true
	return v
}

// skipDeep reads past a list or object, checking syntax alone, without recursion.
func (p *parser) skipDeep() {
	var open []byte
	for !p.failed {
		p.space()
		switch c := p.peek(); c {
		case '{', '[':
			p.at++
			open = append(open, c)
			if c == '{' && !p.accept('}') {
				p.deepName()
				continue
			}
			if c == '[' && !p.accept(']') {
				continue
			}
			open = open[:len(open)-1]
		default:
			p.scalar()
		}
		for !p.failed && len(open) > 0 {
			if open[len(open)-1] == '{' && p.accept('}') || open[len(open)-1] == '[' && p.accept(']') {
				open = open[:len(open)-1]
				continue
			}
			if !p.accept(',') {
				p.failed = true
			} else if open[len(open)-1] == '{' {
				p.deepName()
			}
			break
		}
		if len(open) == 0 {
			return
		}
	}
}

func (p *parser) deepName() {
	p.space()
	if p.peek() != '"' {
		p.failed = true
		return
	}
	p.string()
	if !p.accept(':') {
		p.failed = true
	}
}

func (p *parser) numeral() float64 {
	start := p.at
	if p.peek() == '-' {
		p.at++
	}
	if p.peek() == '0' {
		p.at++
	} else {
		p.digits()
	}
	if p.peek() == '.' {
		p.at++
		p.digits()
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.at++
		if c := p.peek(); c == '+' || c == '-' {
			p.at++
		}
		p.digits()
	}
	// An error of range still gives the nearest double, infinity included.
	number, _ := strconv.ParseFloat(p.text[start:p.at], 64)
	return number
}

func (p *parser) digits() {
	start := p.at
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.at++
	}
	if p.at == start {
		p.failed = true
	}
}

func (p *parser) string() string {
	p.at++
	start := p.at
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			p.at++
			return p.text[start : p.at-1]
		case c == '\\':
			return p.escaped(p.text[start:p.at])
		case c < 0x20:
			p.failed = true
			return ""
		}
		p.at++
	}
	p.failed = true
	return ""
}

func (p *parser) escaped(before string) string {
	out := []byte(before)
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch {
		case c == '"':
			return string(out)
		case c < 0x20:
			p.failed = true
			return ""
		case c != '\\':
			out = append(out, c)
		default:
			out = p.escape(out)
			if p.failed {
				return ""
			}
		}
	}
	p.failed = true
	return ""
}

func (p *parser) escape(out []byte) []byte {
	c := p.peek()
	p.at++
	switch c {
	case '"', '\\', '/':
		return append(out, c)
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'u':
		unit := p.unit()
		if utf16.IsSurrogate(unit) && unit < 0xdc00 && p.word(`\u`) {
			low := p.unit()
			if whole := utf16.DecodeRune(unit, low); whole != utf8.RuneError {
				return utf8.AppendRune(out, whole)
			}
			// The second escape may itself begin a pair.
			p.at -= 6
		}
		return appendUnit(out, unit)
	}
	p.failed = true
	return out
}

func (p *parser) unit() rune {
	if p.at+4 > len(p.text) {
		p.failed = true
		return 0
	}
	number := rune(0)
	for _, c := range []byte(p.text[p.at : p.at+4]) {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			p.failed = true
		}
		number = number<<4 | rune(c)
	}
	p.at += 4
	return number
}

func appendUnit(out []byte, unit rune) []byte {
	if !utf16.IsSurrogate(unit) {
		return utf8.AppendRune(out, unit)
	}
	return append(out, byte(0xe0|unit>>12), byte(0x80|unit>>6&0x3f), byte(0x80|unit&0x3f))
}

// lessUnits orders names by UTF-16 code units, as RFC 8785 does.
func lessUnits(a, b string) bool {
	if isASCII(a) && isASCII(b) {
		return a < b
	}
	left, right := units(a), units(b)
	for i := 0; i < len(left) && i < len(right); i++ {
		if left[i] != right[i] {
			return left[i] < right[i]
		}
	}
	return len(left) < len(right)
}

func isASCII(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

func units(text string) []uint16 {
	var out []uint16
	for text != "" {
		r, n := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && n == 1 {
			r, n = rune(text[0]&0x0f)<<12|rune(text[1]&0x3f)<<6|rune(text[2]&0x3f), 3
		}
		if high, low := utf16.EncodeRune(r); r >= 0x10000 {
			out = append(out, uint16(high), uint16(low))
		} else {
			out = append(out, uint16(r))
		}
		text = text[n:]
	}
	return out
}
