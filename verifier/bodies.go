package main

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Bodies of the acts that membership, keys and hosts follow from (docs/protocol/formats.md,
// Governance bodies). Each reader gives nil when the body has a wrong form.

type actKey struct{ kid, key string }

type hostBody struct{ party, origin, key string }

type snapshot struct {
	party, role             string
	first, checkpoint       string
	proof                   [][]byte
	act                     actKey
	node, cosigner, sealing string
}

type openedBody struct {
	kind    string
	title   map[string]string
	host    hostBody
	members []snapshot
	drill   *string
}

type foundedBody struct {
	party    string
	act      actKey
	nodes    []string
	cosigner string
	sealing  string
	host     string
	next     string
	recovery []string
}

type rotatedBody struct {
	act      actKey
	next     string
	cosigner string
}

type revokedBody struct {
	kid string
	by  *actKey
}

type recoveredBody struct {
	by, act  actKey
	next     string
	recovery []string
	renewed  bool
}

type registerEntry struct {
	index int64
	leaf  string
	path  [][]byte
	body  string
}

type keysChangedBody struct {
	party      string
	checkpoint string
	entries    []registerEntry
}

var spaceKinds = []string{"register", "directory", "case", "channel", "forum", "negotiation", "exercise", "collection", "bulletin"}

var (
	languageForm = regexp.MustCompile(`^[A-Za-z0-9-]+$`)
	alphabetForm = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)
)

const maxChainText = 128 * 1024

func (s *shape) actKey(v *value) actKey {
	get := s.object(v, []string{"kid", "key"}, nil)
	return actKey{kid: s.hash(get("kid")), key: s.key(get("key"))}
}

func (s *shape) path(v *value) [][]byte {
	var out [][]byte
	for _, text := range s.texts(v, 0, 63, s.hash) {
		b, _ := decodeBase64url(text)
		out = append(out, b)
	}
	return out
}

func (s *shape) sealing(v *value) string {
	text := s.text(v, 0, 2048)
	s.require(text == "" || isBase64urlOf(text, 32) || isBase64urlOf(text, 1216))
	return text
}

func (s *shape) languages(v *value) map[string]string {
	return s.record(v, func(name string) bool { return len(name) <= 35 && languageForm.MatchString(name) }, 300)
}

func (s *shape) reason(v *value) {
	if v != nil {
		s.text(v, 0, 64)
	}
}

func (s *shape) host(v *value) hostBody {
	get := s.object(v, []string{"party", "origin", "key"}, nil)
	origin := s.text(get("origin"), 1, 300)
	s.require(!strings.ContainsRune(origin, '+') && strings.IndexFunc(origin, isSpace) < 0)
	return hostBody{party: s.party(get("party")), origin: origin, key: s.key(get("key"))}
}

// isSpace: white space of ECMAScript, as docs/protocol/formats.md lists it.
func isSpace(r rune) bool {
	switch {
	case r >= 0x09 && r <= 0x0d, r == 0x20, r == 0xa0, r == 0x1680, r >= 0x2000 && r <= 0x200a:
		return true
	case r == 0x2028, r == 0x2029, r == 0x202f, r == 0x205f, r == 0x3000, r == 0xfeff:
		return true
	}
	return false
}

func (s *shape) snapshot(v *value) snapshot {
	get := s.object(v, []string{"party", "role", "register", "act", "node", "cosigner", "sealing"}, nil)
	register := s.object(get("register"), []string{"first", "checkpoint", "proof"}, nil)
	return snapshot{
		party:      s.party(get("party")),
		role:       s.oneOf(get("role"), "member", "chair", "observer"),
		first:      s.hash(register("first")),
		checkpoint: s.text(register("checkpoint"), 0, maxNote),
		proof:      s.path(register("proof")),
		act:        s.actKey(get("act")),
		node:       s.key(get("node")),
		cosigner:   s.key(get("cosigner")),
		sealing:    s.sealing(get("sealing")),
	}
}

func readOpened(v *value) *openedBody {
	var s shape
	get := s.object(v, []string{"kind", "rules", "title", "purpose", "host", "members"}, []string{"drill", "terms", "under"})
	out := &openedBody{kind: s.oneOf(get("kind"), spaceKinds...), title: s.languages(get("title")), host: s.host(get("host"))}
	s.whole(get("rules"), 1, 1)
	s.text(get("purpose"), 0, 2000)
	for _, item := range s.list(get("members"), 1, maxMembers) {
		out.members = append(out.members, s.snapshot(item))
	}
	if drill := get("drill"); drill != nil {
		name := s.text(s.object(drill, []string{"name"}, nil)("name"), 1, 200)
		out.drill = &name
	}
	if terms := get("terms"); terms != nil {
		s.record(terms, func(name string) bool { return utf8.RuneCountInString(name) <= 64 }, 300)
	}
	if under := get("under"); under != nil {
		get := s.object(under, []string{"space", "act"}, nil)
		s.id(get("space"))
		s.hash(get("act"))
	}
	if !s.fits() {
		return nil
	}
	return out
}

func readAdmitted(v *value) *snapshot {
	var s shape
	member := s.snapshot(s.object(v, []string{"member"}, nil)("member"))
	if !s.fits() {
		return nil
	}
	return &member
}

func readLeft(v *value) (party string, ok bool) {
	var s shape
	get := s.object(v, []string{"party"}, []string{"reason"})
	party = s.party(get("party"))
	s.reason(get("reason"))
	return party, s.fits()
}

func readKeysChanged(v *value) *keysChangedBody {
	var s shape
	get := s.object(v, []string{"party", "register"}, nil)
	register := s.object(get("register"), []string{"checkpoint", "entries"}, nil)
	out := &keysChangedBody{party: s.party(get("party")), checkpoint: s.text(register("checkpoint"), 0, maxNote)}
	for _, item := range s.list(register("entries"), 2, 64) {
		entry := s.object(item, []string{"index", "leaf", "path", "body"}, nil)
		out.entries = append(out.entries, registerEntry{
			index: s.whole(entry("index"), 0, maxSafe),
			leaf:  s.form(entry("leaf"), maxChainText, alphabetForm),
			path:  s.path(entry("path")),
			body:  s.form(entry("body"), maxChainText, alphabetForm),
		})
	}
	if !s.fits() {
		return nil
	}
	return out
}

func readHostChanged(v *value) *hostBody {
	var s shape
	get := s.object(v, []string{"host"}, []string{"checkpoint"})
	host := s.host(get("host"))
	if checkpoint := get("checkpoint"); checkpoint != nil {
		s.text(checkpoint, 0, maxNote)
	}
	if !s.fits() {
		return nil
	}
	return &host
}

// readErased gives the act and the commitments that an author had erased.
func readErased(v *value) (hash string, parts []string, ok bool) {
	var s shape
	get := s.object(v, []string{"act", "parts"}, []string{"authority"})
	hash = s.hash(get("act"))
	parts = s.texts(get("parts"), 1, maxParts, s.hash)
	if authority := get("authority"); authority != nil {
		s.text(authority, 0, 300)
	}
	return hash, parts, s.fits()
}

func readFounded(v *value) *foundedBody {
	var s shape
	get := s.object(v, []string{"party", "names", "act", "nodes", "cosigner", "sealing", "host", "next", "recovery"}, nil)
	out := &foundedBody{
		party:    s.party(get("party")),
		act:      s.actKey(get("act")),
		nodes:    s.texts(get("nodes"), 1, 16, s.key),
		cosigner: s.key(get("cosigner")),
		sealing:  s.sealing(get("sealing")),
		host:     s.key(get("host")),
		next:     s.hash(get("next")),
		recovery: s.texts(get("recovery"), 2, 2, s.hash),
	}
	s.languages(get("names"))
	if !s.fits() {
		return nil
	}
	return out
}

func readRotated(v *value) *rotatedBody {
	var s shape
	get := s.object(v, []string{"act", "next"}, []string{"nodes", "cosigner", "sealing"})
	out := &rotatedBody{act: s.actKey(get("act")), next: s.hash(get("next"))}
	if nodes := get("nodes"); nodes != nil {
		s.texts(nodes, 1, 16, s.key)
	}
	if cosigner := get("cosigner"); cosigner != nil {
		out.cosigner = s.key(cosigner)
	}
	if sealing := get("sealing"); sealing != nil {
		s.sealing(sealing)
	}
	if !s.fits() {
		return nil
	}
	return out
}

func readRevoked(v *value) *revokedBody {
	var s shape
	get := s.object(v, []string{"kid"}, []string{"by", "reason"})
	out := &revokedBody{kid: s.hash(get("kid"))}
	if by := get("by"); by != nil {
		key := s.actKey(by)
		out.by = &key
	}
	s.reason(get("reason"))
	if !s.fits() {
		return nil
	}
	return out
}

func readRecovered(v *value) *recoveredBody {
	var s shape
	get := s.object(v, []string{"by", "act", "next"}, []string{"recovery"})
	out := &recoveredBody{by: s.actKey(get("by")), act: s.actKey(get("act")), next: s.hash(get("next"))}
	if recovery := get("recovery"); recovery != nil {
		out.renewed = true
		out.recovery = s.texts(recovery, 0, 2, s.hash)
	}
	if !s.fits() {
		return nil
	}
	return out
}
