package main

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Evidence that a party signed statements that cannot all be true (docs/protocol/evidence.md).

const maxEvidence = 256 * 1024 * 1024

// evidence is the file, read for form; nothing in it is believed yet.
type evidence struct {
	kind, space      string
	party, role, key string
	foundBy          string
	foundAt          int64
	register         []registerEntry
	notes            []string

	proofRoot string
	path      [][]byte
	promised  *promisedEntry
	note      int64

	entries, bodies []string

	refusal [3]string

	sealedEvidence sealedEvidence
	// Of a tendered act: its envelope, the receipts for it, and whether the host's answer came along.
	tendered  *value
	receipts  [][3]string
	hasAnswer bool
}

type promisedEntry struct {
	index int64
	leaf  string
	path  [][]byte
}

func verifyEvidence(b []byte, pins []pin) *evidenceReport {
	sum := sha256.Sum256(b)
	out := &evidenceReport{Verdict: "proven", SHA256: hex.EncodeToString(sum[:]), SizeBytes: len(b)}
	if refused := try(func() { judgeEvidenceFile(b, pins, out) }); refused != nil {
		return &evidenceReport{
			Verdict: "refused", SHA256: out.SHA256, SizeBytes: out.SizeBytes,
			Failure: &reportFailure{Rule: refused.rule, Detail: refused.detail},
		}
	}
	return out
}

func judgeEvidenceFile(b []byte, pins []pin, out *evidenceReport) {
	if len(b) > maxEvidence {
		refuse("evidence-shape", "%d bytes", len(b))
	}
	e := readEvidence(parseCanonical(b))
	first := e.requireAccusedKey()
	accused := &reportAccused{Party: e.party, Role: e.role, Key: e.key, First: first, Fingerprint: e.fingerprint(first)}
	for _, p := range pins {
		if p.party == e.party && e.role != "witness" {
			if readFingerprint(p.digits) != accused.Fingerprint {
				refuse("dossier-pin", "%s: %s", e.party, accused.Fingerprint)
			}
			accused.Pinned = true
		}
	}
	out.Kind, out.Space, out.Accused, out.Found = e.kind, e.space, accused, &reportFound{e.foundBy, e.foundAt}
	switch e.kind {
	case "two-histories":
		out.Contradiction = e.judgeHistories()
	case "inadmissible-entry":
		out.Contradiction = e.judgeEntry()
	case "sealed-otherwise":
		out.Contradiction = e.judgeSealed()
	case "ignored-tender":
		out.Verdict = "attested"
		out.Contradiction = e.judgeTender()
	default:
		out.Contradiction = e.judgeRefusal()
	}
	count := 0
	for _, note := range e.notes {
		_, lines := splitNote(note)
		count += countMlDsa44(lines)
	}
	out.NotChecked = &count
}

// Longest base64url text of so many bytes.
func charactersOf(length int) int { return (length*4 + 2) / 3 }

func readEvidence(v *value) *evidence {
	var s shape
	e := &evidence{}
	own := map[string][]string{
		"two-histories":      {"notes"},
		"inadmissible-entry": {"notes", "entries", "bodies", "path"},
		"refused-on-record":  {"notes", "entry", "refusal"},
		"sealed-otherwise":   {"envelope", "part", "contentKey", "sealed"},
		"ignored-tender":     {"notes", "entries", "bodies", "act", "receipts"},
	}
	var optional []string
	if kind := v.get("kind"); kind != nil && kind.text == "two-histories" {
		optional = []string{"proof", "receipt"}
	} else if kind != nil && kind.text == "ignored-tender" {
		optional = []string{"refusal"}
	}
	if kind := v.get("kind"); kind == nil || kind.kind != kindText || own[kind.text] == nil {
		refuse("evidence-shape", "kind")
	} else {
		e.kind = kind.text
	}
	get := s.object(v, append([]string{"v", "format", "space", "accused", "found", "register", "kind"}, own[e.kind]...), optional)
	s.whole(get("v"), 1, 1)
	s.oneOf(get("format"), "chancery-evidence")
	e.space = s.id(get("space"))
	accused := s.object(get("accused"), []string{"party", "role", "key"}, nil)
	e.party = s.test(accused("party"), isKeyName)
	e.role, e.key = s.oneOf(accused("role"), "host", "cosigner", "witness", "author"), s.text(accused("key"), 0, 64)
	found := s.object(get("found"), []string{"by", "at"}, nil)
	e.foundBy, e.foundAt = s.party(found("by")), s.whole(found("at"), 0, maxSafe)
	for index, item := range s.list(get("register"), 0, 64) {
		entry := s.object(item, []string{"leaf", "body"}, nil)
		e.register = append(e.register, registerEntry{index: int64(index), leaf: s.leafText(entry("leaf")), body: s.blobText(entry("body"))})
	}
	// Authors are accused of what they sealed, witnesses from outside of two histories, without a register.
	if e.role == "witness" {
		s.require(e.kind == "two-histories" && len(e.register) == 0)
	} else {
		s.require(len(e.register) > 0 && isParty(e.party) && (e.role == "author") == (e.kind == "sealed-otherwise"))
	}
	notes := map[string]int{"two-histories": 2, "inadmissible-entry": 1, "refused-on-record": 1, "ignored-tender": 1}[e.kind]
	if notes > 0 {
		e.notes = s.texts(get("notes"), notes, notes, func(v *value) string { return s.text(v, 0, maxNote) })
	}
	s.contradiction(e, get)
	if !s.fits() {
		refuse("evidence-shape", "malformed")
	}
	return e
}

func (s *shape) contradiction(e *evidence, get func(string) *value) {
	switch e.kind {
	case "two-histories":
		if proof := get("proof"); proof != nil {
			proof := s.object(proof, []string{"root", "path"}, nil)
			e.proofRoot, e.path = s.hash(proof("root")), s.path(proof("path"))
		}
		if receipt := get("receipt"); receipt != nil {
			receipt := s.object(receipt, []string{"note", "index", "leaf", "path"}, nil)
			e.note = s.whole(receipt("note"), 0, 1)
			e.promised = &promisedEntry{s.whole(receipt("index"), 0, maxSafe), s.leafText(receipt("leaf")), s.path(receipt("path"))}
		}
	case "inadmissible-entry":
		e.entries = s.texts(get("entries"), 1, 1_000_000, s.leafText)
		e.bodies = s.texts(get("bodies"), 0, 100_000, s.blobText)
		e.path = s.path(get("path"))
	case "sealed-otherwise":
		e.sealedEvidence = s.sealedEvidence(get)
	case "ignored-tender":
		e.entries = s.texts(get("entries"), 1, 1_000_000, s.leafText)
		e.bodies = s.texts(get("bodies"), 0, 100_000, s.blobText)
		e.tendered = get("act")
		s.envelopeTexts(e.tendered)
		for _, item := range s.list(get("receipts"), 1, 64) {
			e.receipts = append(e.receipts, s.envelopeTexts(item))
		}
		if answer := get("refusal"); answer != nil {
			e.refusal, e.hasAnswer = s.envelopeTexts(answer), true
		}
	default:
		entry := s.object(get("entry"), []string{"index", "leaf", "path"}, nil)
		e.promised = &promisedEntry{s.whole(entry("index"), 0, maxSafe), s.leafText(entry("leaf")), s.path(entry("path"))}
		e.refusal = s.envelopeTexts(get("refusal"))
	}
}

// envelopeTexts reads a flattened JWS for form.
func (s *shape) envelopeTexts(v *value) [3]string {
	get := s.object(v, []string{"payload", "protected", "signature"}, nil)
	return [3]string{
		s.form(get("payload"), charactersOf(maxStatement), alphabetForm),
		s.form(get("protected"), charactersOf(1000), alphabetForm),
		s.form(get("signature"), charactersOf(64), alphabetForm),
	}
}

func (s *shape) leafText(v *value) string { return s.form(v, charactersOf(maxLeaf), alphabetForm) }
func (s *shape) blobText(v *value) string {
	return s.form(v, charactersOf(1024*1024+saltLength), alphabetForm)
}

// requireAccusedKey: the accused's own register names the key. Gives the first leaf hash.
func (e *evidence) requireAccusedKey() string {
	if e.role == "witness" {
		if !isUsableKey(e.key) {
			refuse("evidence-key", "%s: not a key", e.party)
		}
		return ""
	}
	read := readRegisterEvents(e.party, e.register)
	named := []string{read.founded.host}
	if e.role == "cosigner" {
		named = []string{read.founded.cosigner}
		for _, event := range read.events {
			if rotated := readRotated(event.body); event.act.typ == "register.rotated" && rotated != nil && rotated.cosigner != "" {
				named = append(named, rotated.cosigner)
			}
		}
	}
	if e.role == "author" {
		named = nil
		for _, span := range read.keys.spans {
			named = append(named, span.key)
		}
	}
	if !contains(named, e.key) {
		refuse("evidence-key", "%s names no such key as %s", e.party, e.role)
	}
	return toBase64url(leafHash(fromBase64url(e.register[0].leaf)))
}

// signedBy reads a checkpoint of this space that the accused signed in its role.
func (e *evidence) signedBy(note string) checkpoint {
	if e.role == "host" {
		return readCheckpoint(note, e.party+"/spaces/"+e.space, e.key)
	}
	body, lines := splitNote(note)
	signed := readBody(body)
	if !strings.HasSuffix(signed.origin, "/spaces/"+e.space) {
		refuse("checkpoint-origin", "%s", signed.origin)
	}
	keyHash := keyHashOf(e.party, fromBase64url(e.key), cosignatureLine)
	for _, line := range lines {
		if line.name == e.party && same(line.keyHash, keyHash) {
			if _, valid := cosignatureTime(body, line, e.party, e.key); valid {
				return signed
			}
			break
		}
	}
	refuse("evidence-statement", "%s did not cosign", e.party)
	return signed
}

func (e *evidence) judgeHistories() *reportContradiction {
	smaller, larger := e.signedBy(e.notes[0]), e.signedBy(e.notes[1])
	if smaller.origin != larger.origin {
		refuse("checkpoint-origin", "%s", larger.origin)
	}
	within := e.rootWithin(smaller, larger)
	if within == toBase64url(smaller.root) {
		refuse("evidence-no-contradiction", "one history up to %d", smaller.size)
	}
	out := &reportContradiction{Kind: e.kind, Checkpoints: []reportTree{treeOf(smaller), treeOf(larger)}, RootInLarger: within}
	if e.promised != nil {
		a := e.included([]checkpoint{smaller, larger}[e.note])
		out.Promised = &reportPromised{e.note, e.promised.index, a.hash, a.author, a.typ}
	}
	return out
}

// rootWithin is the larger tree's root at the smaller size, as its consistency path proves.
func (e *evidence) rootWithin(smaller, larger checkpoint) string {
	if smaller.size == larger.size && e.proofRoot == "" {
		return toBase64url(larger.root)
	}
	holds := e.proofRoot != "" && smaller.size > 0 && smaller.size < larger.size &&
		consistent(smaller.size, fromBase64url(e.proofRoot), larger.size, larger.root, e.path)
	if !holds {
		refuse("evidence-proof", "from %d to %d", smaller.size, larger.size)
	}
	return e.proofRoot
}

// included reads the act that stands in the checkpoint where the file says.
func (e *evidence) included(signed checkpoint) *act {
	leaf := fromBase64url(e.promised.leaf)
	if !includes(leafHash(leaf), e.promised.index, signed.size, e.promised.path, signed.root) {
		refuse("evidence-proof", "entry %d of %d", e.promised.index, signed.size)
	}
	_, a := readLeaf(leaf)
	if a.space != e.space {
		refuse("wrong-space", "%s", a.space)
	}
	return a
}

// undecided rules say that something is not at hand or that clocks disagree.
var undecided = map[string]bool{"seen-unknown": true, "key-body-missing": true, "body-missing": true, "time-uncovered": true}

func (e *evidence) judgeEntry() *reportContradiction {
	signed := e.signedBy(e.notes[0])
	grown := newTree()
	var leaves [][]byte
	for _, text := range e.entries {
		leaf := fromBase64url(text)
		leaves = append(leaves, leaf)
		grown.append(leafHash(leaf))
	}
	if !consistent(int64(len(leaves)), grown.root(len(leaves)), signed.size, signed.root, e.path) {
		refuse("evidence-proof", "%d entries under %d", len(leaves), signed.size)
	}
	broken := e.firstBroken(leaves)
	if broken.at.index != len(leaves)-1 || undecided[broken.rule] {
		refuse("evidence-no-contradiction", "entry %d: %s", broken.at.index, broken.rule)
	}
	index := int64(broken.at.index)
	tree := treeOf(signed)
	return &reportContradiction{Kind: e.kind, Checkpoint: &tree, Index: &index, Rule: broken.rule, Detail: broken.detail, Act: broken.at.act}
}

// bodyReader gives the parsed body of an act from those that came along.
func (e *evidence) bodyReader() func(*act) *value {
	blobs := map[string][]byte{}
	for _, text := range e.bodies {
		blob := fromBase64url(text)
		blobs[toBase64url(sha(blob))] = blob
	}
	return func(a *act) *value {
		p := a.body()
		if p == nil || blobs[p.hash] == nil {
			return nil
		}
		content := openBlob(blobs[p.hash], p.hash)
		if int64(len(content)) != p.size {
			refuse("blob-size", "%d, not %d", len(content), p.size)
		}
		return parseCanonical(content)
	}
}

// firstBroken gives where replay stops, and refuses when it does not.
func (e *evidence) firstBroken(leaves [][]byte) *refusal {
	var log *replay
	bodyOf := e.bodyReader()
	if broken := try(func() { log = replayLog(leaves, bodyOf) }); broken != nil {
		return broken
	}
	if log.state.space != e.space {
		refuse("wrong-space", "%s", log.state.space)
	}
	refuse("evidence-no-contradiction", "every entry is admissible")
	return nil
}

// lasting rules look only at the signed statement and at a log that only grows.
var lasting = map[string]bool{
	"wrong-space": true, "opening-twice": true, "opening-seen": true, "id-taken": true, "seen-root": true, "stale-membership": true,
}

func (e *evidence) judgeRefusal() *reportContradiction {
	if e.role != "host" {
		refuse("evidence-statement", "only hosts refuse acts")
	}
	signed := e.signedBy(e.notes[0])
	said := readRefusal(e.refusal, e.key)
	if said == nil || said.space != e.space {
		refuse("evidence-statement", "the refusal is not of this host")
	}
	a := e.included(signed)
	if a.hash != said.act {
		refuse("evidence-no-contradiction", "the refusal is of another act")
	}
	if !lasting[said.rule] {
		refuse("evidence-no-contradiction", "%s may have been true then and not later", said.rule)
	}
	tree := treeOf(signed)
	return &reportContradiction{Kind: e.kind, Checkpoint: &tree, Index: &e.promised.index, Act: a.hash, Rule: said.rule, RefusedAt: &said.at}
}

type refusalStatement struct {
	space, act, rule string
	at               int64
}

// readRefusal reads what a host signed when it refused an act; nil when it is not its.
func readRefusal(parts [3]string, key string) (out *refusalStatement) {
	payload, protected, signature := parts[0], parts[1], parts[2]
	header := `{"alg":"Ed25519","kid":"` + kidOf(key) + `","typ":"chancery-refusal+json"}`
	if protected != toBase64url([]byte(header)) {
		return nil
	}
	refused := try(func() {
		if !verifyStrict(fromBase64url(key), []byte(protected+"."+payload), fromBase64url(signature)) {
			refuse("signature", "refusal")
		}
		var s shape
		get := s.object(parseCanonical(fromBase64url(payload)), []string{"v", "space", "act", "rule", "detail", "at"}, nil)
		s.whole(get("v"), 1, 1)
		out = &refusalStatement{
			space: s.id(get("space")),
			act:   s.test(get("act"), func(text string) bool { return text == "" || isHash(text) }),
			rule:  s.text(get("rule"), 0, 64),
			at:    s.whole(get("at"), 0, maxSafe),
		}
		s.text(get("detail"), 0, 2000)
		if !s.fits() {
			refuse("evidence-shape", "refusal")
		}
	})
	if refused != nil {
		return nil
	}
	return out
}

func treeOf(c checkpoint) reportTree { return reportTree{c.size, toBase64url(c.root)} }
