package main

import (
	"fmt"
	"regexp"
	"unicode/utf8"
)

// act is a statement as signed, with what it was signed by (docs/protocol/formats.md, Act).
type act struct {
	space, typ, id, author, office string
	seenSize                       int64
	seenRoot                       string
	at                             int64
	after                          []string
	tlp                            string
	parts                          []part

	hash, kid         string
	signed, signature []byte
}

type part struct {
	role, hash, media string
	size              int64
	sealed            bool
	sealedHash        string
	sealedSize        int64
}

func (a *act) body() *part {
	for i := range a.parts {
		if a.parts[i].role == "body" {
			return &a.parts[i]
		}
	}
	return nil
}

func (a *act) verify(key string) bool {
	raw, ok := decodeBase64url(key)
	return ok && verifyStrict(raw, a.signed, a.signature)
}

var (
	typeForm   = regexp.MustCompile(`^[a-z][a-z0-9-]*\.[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	officeForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]*$`)
	roleForm   = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*$`)
	mediaForm  = regexp.MustCompile(`^[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*$`)
)

// readLeaf reads an entry: its time and the act in it. The signature is not judged.
func readLeaf(b []byte) (time int64, a *act) {
	if len(b) > maxLeaf {
		refuse("leaf-size", "%d bytes", len(b))
	}
	var s shape
	get := s.object(parseCanonical(b), []string{"v", "time", "envelope"}, nil)
	s.whole(get("v"), 1, 1)
	time = s.whole(get("time"), 0, maxSafe)
	if !s.fits() {
		refuse("leaf-shape", "not exactly v, time and envelope")
	}
	return time, readEnvelope(get("envelope"))
}

func readEnvelope(v *value) *act {
	var s shape
	get := s.object(v, []string{"payload", "protected", "signature"}, nil)
	payload := s.text(get("payload"), 0, maxPayload)
	protected := s.text(get("protected"), 0, 512)
	signature := s.text(get("signature"), 0, 128)
	if !s.fits() {
		if long := v.get("payload"); long != nil && long.kind == kindText && utf8.RuneCountInString(long.text) > maxPayload {
			refuse("statement-size", "%d characters", len(long.text))
		}
		refuse("envelope-shape", "not exactly payload, protected and signature")
	}
	if !isBase64urlOf(signature, 64) {
		refuse("signature-form", "not 64 bytes")
	}
	kid := readHeader(fromBase64url(protected))
	statement := fromBase64url(payload)
	a := readStatement(statement)
	a.kid = kid
	a.hash = toBase64url(sha(statement))
	a.signed = []byte(protected + "." + payload)
	a.signature = fromBase64url(signature)
	return a
}

func readHeader(b []byte) string {
	kid := parseCanonical(b).get("kid")
	if kid == nil || kid.kind != kindText || !isHash(kid.text) {
		refuse("header", "no kid")
	}
	if string(b) != fmt.Sprintf(`{"alg":"Ed25519","kid":"%s","typ":"chancery-act+json"}`, kid.text) {
		refuse("header", "not alg, kid and typ alone")
	}
	return kid.text
}

func readStatement(b []byte) *act {
	if len(b) > maxStatement {
		refuse("statement-size", "%d bytes", len(b))
	}
	var s shape
	a := s.statement(parseCanonical(b))
	if s.unknown {
		refuse("unknown-member", "a member this version does not know")
	}
	if s.wrong {
		refuse("statement-shape", "a member is missing or has a wrong form")
	}
	requireDistinct(a)
	return a
}

func (s *shape) statement(v *value) *act {
	a := &act{}
	get := s.object(v, []string{"v", "space", "type", "id", "author", "office", "seen", "at", "marking", "parts"}, []string{"after", "refs"})
	s.whole(get("v"), 1, 1)
	a.space = s.id(get("space"))
	a.typ = s.form(get("type"), 96, typeForm)
	a.id = s.id(get("id"))
	a.author = s.party(get("author"))
	a.office = s.form(get("office"), 64, officeForm)
	seen := s.object(get("seen"), []string{"size", "root"}, nil)
	a.seenSize = s.whole(seen("size"), 0, maxSafe)
	a.seenRoot = s.hash(seen("root"))
	a.at = s.whole(get("at"), 0, maxSafe)
	if after := get("after"); after != nil {
		a.after = s.texts(after, 1, maxAfter, s.hash)
	}
	if refs := get("refs"); refs != nil {
		for _, item := range s.list(refs, 1, maxRefs) {
			ref := s.object(item, []string{"act"}, []string{"space"})
			s.hash(ref("act"))
			if space := ref("space"); space != nil {
				s.id(space)
			}
		}
	}
	a.tlp = s.marking(get("marking"))
	for _, item := range s.list(get("parts"), 0, maxParts) {
		a.parts = append(a.parts, s.part(item))
	}
	return a
}

func (s *shape) marking(v *value) string {
	get := s.object(v, []string{"tlp"}, []string{"pap", "class", "caveats", "audience"})
	label := func(v *value) string { return s.text(v, 1, 64) }
	if pap := get("pap"); pap != nil {
		s.oneOf(pap, "CLEAR", "GREEN", "AMBER", "RED")
	}
	if class := get("class"); class != nil {
		label(class)
	}
	if caveats := get("caveats"); caveats != nil {
		s.texts(caveats, 0, maxCaveats, label)
	}
	if audience := get("audience"); audience != nil {
		s.texts(audience, 0, maxAudience, s.party)
	}
	return s.oneOf(get("tlp"), "CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
}

func (s *shape) part(v *value) part {
	get := s.object(v, []string{"role", "hash", "size", "media"}, []string{"enc"})
	p := part{
		role:  s.form(get("role"), 64, roleForm),
		hash:  s.hash(get("hash")),
		size:  s.whole(get("size"), 0, maxAttachment),
		media: s.form(get("media"), 127, mediaForm),
	}
	if enc := get("enc"); enc != nil {
		p.sealed = true
		sealed := s.object(enc, []string{"alg", "hash", "size", "keys"}, nil)
		s.oneOf(sealed("alg"), "A256GCM-1MiB")
		p.sealedHash = s.hash(sealed("hash"))
		p.sealedSize = s.whole(sealed("size"), 0, maxSafe)
		s.hash(sealed("keys"))
	}
	return p
}

func requireDistinct(a *act) {
	roles, hashes, after := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, p := range a.parts {
		if roles[p.role] && (p.role == "body" || p.role == "text") || hashes[p.hash] {
			refuse("statement-shape", "parts: two bodies, two texts or one hash twice")
		}
		roles[p.role], hashes[p.hash] = true, true
	}
	for _, hash := range a.after {
		if after[hash] {
			refuse("statement-shape", "after: one act twice")
		}
		after[hash] = true
	}
}
