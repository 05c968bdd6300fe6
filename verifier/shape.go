package main

import (
	"math"
	"regexp"
	"unicode/utf8"
)

// shape looks through a JSON value and notes whether anything has a wrong form, and apart
// from that whether any object holds a member that its form does not name. All of the value
// is looked at, whatever was wrong before.
type shape struct {
	wrong   bool
	unknown bool
}

func (s *shape) fits() bool { return !s.wrong && !s.unknown }

func (s *shape) require(fine bool) {
	if !fine {
		s.wrong = true
	}
}

// object reads a closed object. The returned function gives a member or nil.
func (s *shape) object(v *value, required, optional []string) func(name string) *value {
	if v == nil || v.kind != kindObject {
		s.wrong = true
		return func(string) *value { return nil }
	}
	for _, name := range required {
		s.require(v.get(name) != nil)
	}
	for _, m := range v.members {
		if !contains(required, m.name) && !contains(optional, m.name) {
			s.unknown = true
		}
	}
	return v.get
}

// text reads a string of min to max code points; max < 0 is no limit.
func (s *shape) text(v *value, min, max int) string {
	if v == nil || v.kind != kindText {
		s.wrong = true
		return ""
	}
	length := utf8.RuneCountInString(v.text)
	s.require(length >= min && (max < 0 || length <= max))
	return v.text
}

func (s *shape) form(v *value, max int, form *regexp.Regexp) string {
	text := s.text(v, 0, max)
	s.require(form.MatchString(text))
	return text
}

func (s *shape) test(v *value, fine func(string) bool) string {
	text := s.text(v, 0, -1)
	s.require(fine(text))
	return text
}

func (s *shape) oneOf(v *value, texts ...string) string {
	text := s.text(v, 0, -1)
	s.require(contains(texts, text))
	return text
}

// whole reads an integer of min to max.
func (s *shape) whole(v *value, min, max int64) int64 {
	if v == nil || v.kind != kindNumber || v.number != math.Trunc(v.number) || math.Abs(v.number) > maxSafe {
		s.wrong = true
		return 0
	}
	number := int64(v.number)
	s.require(number >= min && number <= max)
	return number
}

func (s *shape) truth(v *value) bool {
	s.require(v != nil && v.kind == kindBool)
	return v != nil && v.truth
}

// list reads a list of min to max items; max < 0 is no limit.
func (s *shape) list(v *value, min, max int) []*value {
	if v == nil || v.kind != kindList {
		s.wrong = true
		return nil
	}
	s.require(len(v.list) >= min && (max < 0 || len(v.list) <= max))
	return v.list
}

func (s *shape) texts(v *value, min, max int, read func(*value) string) []string {
	var out []string
	for _, item := range s.list(v, min, max) {
		out = append(out, read(item))
	}
	return out
}

func (s *shape) hash(v *value) string  { return s.test(v, isHash) }
func (s *shape) id(v *value) string    { return s.test(v, isID) }
func (s *shape) party(v *value) string { return s.test(v, isParty) }
func (s *shape) key(v *value) string   { return s.test(v, isUsableKey) }

// record reads an object with free names.
func (s *shape) record(v *value, name func(string) bool, maxText int) map[string]string {
	out := map[string]string{}
	if v == nil || v.kind != kindObject {
		s.wrong = true
		return out
	}
	for _, m := range v.members {
		s.require(m.name != "__proto__" && name(m.name))
		out[m.name] = s.text(m.value, 0, maxText)
	}
	return out
}

func contains(texts []string, text string) bool {
	for _, one := range texts {
		if one == text {
			return true
		}
	}
	return false
}
