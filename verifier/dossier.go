package main

import (
	"crypto/sha256"
	"encoding/hex"
	"sort"
	"strconv"
	"strings"
)

// dossier is one verification under way (docs/protocol/dossier.md, What is verified).
type dossier struct {
	archive  *archive
	manifest *manifest
	pins     []pin
	taken    map[string]bool
	// shown: commitments that some act lists as present.
	shown  map[string]bool
	spaces []*judgedSpace
}

type judgedSpace struct {
	listed    *listedSpace
	log       *replay
	report    reportSpace
	members   []placedSnapshot
	first     string
	placeOf   map[string]int
	firstTime int64
}

type placedSnapshot struct {
	index    int
	act      string
	snapshot snapshot
}

// verifyDossier judges a dossier from its bytes alone.
func verifyDossier(b []byte, pins []pin) *report {
	sum := sha256.Sum256(b)
	out := &report{SHA256: hex.EncodeToString(sum[:]), SizeBytes: len(b)}
	d := &dossier{pins: pins, taken: map[string]bool{}, shown: map[string]bool{}}
	if refused := try(func() { d.judge(b, out) }); refused != nil {
		return refusedReport(out, refused)
	}
	out.Verdict = "accepted"
	return out
}

func (d *dossier) judge(b []byte, out *report) {
	d.archive = readArchive(b)
	within(inFile(manifestFile), func() { d.manifest = readManifest(d.take(manifestFile)) })
	for _, space := range d.manifest.spaces {
		for _, act := range space.acts {
			for _, part := range act.parts {
				if part.state == "present" {
					d.shown[part.hash] = true
				}
			}
		}
	}
	for i := range d.manifest.spaces {
		at := nowhere()
		at.space = d.manifest.spaces[i].space
		within(at, func() { d.spaces = append(d.spaces, d.judgeSpace(&d.manifest.spaces[i])) })
	}
	d.requireAllTaken()
	d.requireDrill()
	fingerprints := d.judgeMembers()
	d.archive.requireCanonical(b, d.placeOf)
	d.describe(out, fingerprints)
}

func (d *dossier) take(path string) []byte {
	content, ok := d.archive.files[path]
	if !ok {
		refuseAt(inFile(path), "dossier-file", "missing")
	}
	d.taken[path] = true
	return content
}

func (d *dossier) requireAllTaken() {
	for _, name := range d.archive.names {
		if !d.taken[name] {
			refuseAt(inFile(name), "dossier-file", "does not belong")
		}
	}
}

func (d *dossier) requireDrill() {
	drill := false
	for _, space := range d.spaces {
		drill = drill || space.report.Drill != nil
	}
	if drill != d.manifest.drill {
		refuseAt(inFile(manifestFile), "dossier-manifest", "drill is not as the spaces say")
	}
}

func (d *dossier) judgeSpace(listed *listedSpace) *judgedSpace {
	base := "spaces/" + listed.space + "/"
	var note string
	var claimed checkpoint
	within(inFile(base+"checkpoint"), func() {
		note = requireUtf8(d.take(base + "checkpoint"))
		claimed = peekCheckpoint(note)
	})
	if claimed.size != listed.size {
		refuseAt(inFile(base+"checkpoint"), "dossier-manifest", "size %d, checkpoint %d", listed.size, claimed.size)
	}
	j := &judgedSpace{listed: listed, placeOf: map[string]int{}}
	for i, act := range listed.acts {
		if _, again := j.placeOf[act.act]; !again {
			j.placeOf[act.act] = i
		}
	}
	leaves := d.readEntries(base, listed.size)
	readBody := func(a *act) *value { return d.governanceBody(j, a) }
	j.log = replayLog(leaves, readBody)
	if j.log.state.space != listed.space || j.log.state.kind != listed.kind {
		refuseAt(inFile(manifestFile), "dossier-manifest", "the log is %s %s", j.log.state.kind, j.log.state.space)
	}
	j.first = toBase64url(leafHash(leaves[0]))
	d.requireTree(base, j.log.tree)
	cosigned := d.requireLines(base, j.log.state, note, claimed)
	j.report = describeSpace(j.log.state, readBody(j.log.entries[0].act), cosigned)
	j.report.Acts = d.judgeActs(j)
	if j.log.state.kind != "register" {
		d.judgeLevels(j)
	}
	j.members = snapshotsOf(j.log)
	return j
}

// readEntries gives the entries from their bundles; where the hash tile disagrees, the entry is named.
func (d *dossier) readEntries(base string, size int64) [][]byte {
	var leaves [][]byte
	for start := int64(0); start < size; start += tileWidth {
		width := tileWidth
		if size-start < tileWidth {
			width = int(size - start)
		}
		file := base + tilePath("entries", start/tileWidth, width)
		hashes := d.take(base + tilePath("0", start/tileWidth, width))
		at := inFile(file)
		at.index = int(start)
		var entries [][]byte
		within(at, func() { entries = decodeBundle(d.take(file)) })
		for i, leaf := range entries {
			if len(hashes) < 32*(i+1) || !same(leafHash(leaf), hashes[32*i:32*i+32]) {
				at.index = int(start) + i
				refuseAt(at, "dossier-tile", "entry and tile disagree")
			}
		}
		if len(entries) != width {
			refuseAt(inFile(file), "bundle", "%d entries", len(entries))
		}
		leaves = append(leaves, entries...)
	}
	return leaves
}

func (d *dossier) requireTree(base string, t *tree) {
	for level := 0; 8*level < len(t.levels); level++ {
		count := len(t.levels[8*level])
		for index := 0; index*tileWidth < count; index++ {
			width := tileWidth
			if count-index*tileWidth < tileWidth {
				width = count - index*tileWidth
			}
			file := base + tilePath(strconv.Itoa(level), int64(index), width)
			if !same(d.take(file), t.tileBytes(level, index, width)) {
				refuseAt(inFile(file), "dossier-tile", "not the nodes of the entries")
			}
		}
	}
}

// requireLines: the root, the host's line, then exactly the valid cosignatures of members in
// order of party, the first fifteen in the note and the others apart.
func (d *dossier) requireLines(base string, state *spaceState, note string, claimed checkpoint) []reportCosigned {
	noteFile, apartFile := base+"checkpoint", base+"cosignatures"
	if toBase64url(claimed.root) != state.root {
		refuseAt(inFile(noteFile), "dossier-root", "entries hash to %s", state.root)
	}
	var apart string
	within(inFile(apartFile), func() { apart = requireUtf8(d.take(apartFile)) })
	var found []cosignature
	var expectedNote, expectedApart string
	within(inFile(noteFile), func() {
		host := state.hostAt(state.size)
		readCheckpoint(note, host.origin, host.key)
		body, lines := splitNote(note)
		var texts []string
		expectedNote = body + "\n"
		for i := len(lines) - 1; i >= 0; i-- {
			if lines[i].name == host.origin {
				expectedNote = body + "\n" + lines[i].text + "\n"
			}
			texts = append([]string{lines[i].text}, texts...)
		}
		pieces := strings.Split(apart, "\n")
		found = findCosignatures(state, body, append(texts, pieces[:len(pieces)-1]...))
	})
	for i, line := range found {
		if i < maxNoteLines-1 {
			expectedNote += line.text + "\n"
		} else {
			expectedApart += line.text + "\n"
		}
	}
	if expectedNote != note {
		refuseAt(inFile(noteFile), "dossier-cosignature", "a line does not hold")
	}
	if expectedApart != apart {
		refuseAt(inFile(apartFile), "dossier-cosignature", "a line does not hold")
	}
	out := []reportCosigned{}
	for _, line := range found {
		out = append(out, reportCosigned{line.party, line.seconds * 1000})
	}
	return out
}

type cosignature struct {
	party, text string
	seconds     int64
}

// findCosignatures gives the first valid line of each party that ever was a member, in order of party.
func findCosignatures(state *spaceState, body string, texts []string) []cosignature {
	members := append([]*memberState(nil), state.members...)
	sort.Slice(members, func(i, j int) bool { return members[i].party < members[j].party })
	var found []cosignature
	for _, m := range members {
		for _, text := range texts {
			if !strings.HasPrefix(text, "— "+m.party+" ") {
				continue
			}
			var seconds int64
			valid := false
			refused := try(func() {
				_, lines := splitNote(body + "\n" + text + "\n")
				seconds, valid = cosignatureTime(body, lines[0], m.party, m.cosignerAt(state.size))
			})
			if refused == nil && valid {
				found = append(found, cosignature{m.party, text, seconds})
				break
			}
		}
	}
	return found
}

// governanceBody reads a body that admission depends on; nil when it is withheld or erased.
func (d *dossier) governanceBody(j *judgedSpace, a *act) (body *value) {
	p := a.body()
	if p == nil || !governanceTypes[a.typ] {
		return nil
	}
	if i, listed := j.placeOf[a.hash]; listed {
		for _, part := range j.listed.acts[i].parts {
			if part.hash == p.hash {
				if part.state != "present" {
					return nil
				}
				break
			}
		}
	}
	within(inFile("parts/"+p.hash), func() { body = parseCanonical(d.openPart(*p)) })
	return body
}

func (d *dossier) openPart(p part) []byte {
	saltFile := "parts/" + p.hash + ".salt"
	salt := d.take(saltFile)
	if len(salt) != saltLength {
		refuseAt(inFile(saltFile), "blob-short", "%d bytes", len(salt))
	}
	content := d.take("parts/" + p.hash)
	if toBase64url(sha(salt, content)) != p.hash {
		refuse("blob-commitment", "%s", p.hash)
	}
	if int64(len(content)) != p.size {
		refuse("blob-size", "%d, not %d", len(content), p.size)
	}
	return content
}

func (d *dossier) judgeActs(j *judgedSpace) []reportAct {
	listed, entries := j.listed.acts, j.log.entries
	if len(listed) != len(entries) {
		refuseAt(inFile(manifestFile), "dossier-selection", "%d of %d acts", len(listed), len(entries))
	}
	erased := erasures(j.log)
	var out []reportAct
	for i := range entries {
		at := nowhere()
		at.index, at.act = i, entries[i].act.hash
		within(at, func() { out = append(out, d.judgeAct(&entries[i], &listed[i], i, erased)) })
	}
	return out
}

// erasures maps "<act> <commitment>" to the index of the act that had the part erased. Only
// an act's author may, never a body, and one wrong part leaves the whole act without effect.
func erasures(log *replay) map[string]int {
	earlier, erased := map[string]*act{}, map[string]int{}
	for index := range log.entries {
		a := log.entries[index].act
		if a.typ == "space.payload-erased" {
			for _, name := range erasedParts(a, earlier, log.bodyOf(a)) {
				if _, before := erased[name]; !before {
					erased[name] = index
				}
			}
		}
		earlier[a.hash] = a
	}
	return erased
}

func erasedParts(a *act, earlier map[string]*act, body *value) []string {
	if body == nil {
		return nil
	}
	hash, parts, ok := readErased(body)
	target := earlier[hash]
	if !ok || target == nil || target.author != a.author {
		return nil
	}
	erasable := map[string]bool{}
	for _, p := range target.parts {
		erasable[p.hash] = p.role != "body"
	}
	var out []string
	for _, part := range parts {
		if !erasable[part] {
			return nil
		}
		out = append(out, target.hash+" "+part)
	}
	return out
}

func (d *dossier) judgeAct(e *entry, listed *listedAct, index int, erased map[string]int) reportAct {
	a := e.act
	same, shown := len(listed.parts) == len(a.parts), len(a.parts) == 0
	for i := range listed.parts {
		same = same && listed.parts[i].hash == a.parts[i].hash
		shown = shown || listed.parts[i].state != "withheld"
	}
	if listed.index != int64(index) || listed.act != a.hash || !same || shown != (listed.state == "selected") {
		refuseAt(inFile(manifestFile), "dossier-selection", "act %s at %d", listed.act, listed.index)
	}
	out := reportAct{
		Index: index, Act: a.hash, Type: a.typ, Author: a.author, Office: a.office, Time: e.time, At: a.at,
		TLP: a.tlp, State: listed.state, Why: listed.why, Parts: []reportPart{}, WithoutEffect: e.withoutEffect,
	}
	for i, p := range a.parts {
		by, gone := erased[a.hash+" "+p.hash]
		if !gone {
			by = -1
		}
		out.Parts = append(out.Parts, d.judgePart(p, listed.parts[i], by))
	}
	return out
}

func (d *dossier) judgePart(p part, listed listedPart, erasedBy int) reportPart {
	file := "parts/" + p.hash
	out := reportPart{Role: p.role, Hash: p.hash, Media: p.media, Size: p.size, State: listed.state}
	if listed.state == "present" {
		if erasedBy >= 0 {
			refuseAt(inFile(file), "dossier-part", "was erased by act %d", erasedBy)
		}
		within(inFile(file), func() { d.openPart(p) })
		return out
	}
	_, content := d.archive.files[file]
	_, salt := d.archive.files[file+".salt"]
	// Another act may name the same commitment and show it.
	if !d.shown[p.hash] && (content || salt) {
		refuseAt(inFile(file), "dossier-part", "listed as %s, yet here", listed.state)
	}
	if listed.state == "withheld" {
		out.Why = &listed.why
		return out
	}
	if listed.by != int64(erasedBy) {
		refuseAt(inFile(file), "dossier-part", "no act had it erased")
	}
	out.By = &erasedBy
	return out
}

func (d *dossier) placeOf(file string) place {
	at := inFile(file)
	folders := strings.Split(file, "/")
	name := ""
	if len(folders) > 1 {
		name = folders[1]
	}
	if folders[0] == "spaces" {
		at.space = name
		return at
	}
	hash := strings.TrimSuffix(name, ".salt")
	for _, space := range d.manifest.spaces {
		for _, act := range space.acts {
			for _, part := range act.parts {
				if part.hash == hash {
					at.space, at.index, at.act = space.space, int(act.index), act.act
					return at
				}
			}
		}
	}
	return at
}
