package main

import (
	"fmt"
	"strconv"
	"strings"
)

// How far entries had come by the lines that a dossier holds (docs/protocol/dossier.md, Levels).

type policySpan struct {
	index int64
	// policy is nil where the act that may have set it is not shown.
	policy *policy
}

// policiesOf gives the policies that acts of the space set, oldest first.
func policiesOf(log *replay, bodyOf func(*act) *value) []policySpan {
	var spans []policySpan
	wishes := map[string]string{}
	state := log.state
	for i := range log.entries {
		a, index := log.entries[i].act, int64(i)
		author := state.member(a.author)
		if a.typ != "spaces.policy-set" || author == nil || author.role == "observer" || !author.belongsAt(index) {
			continue
		}
		body := bodyOf(a)
		if body == nil {
			delete(wishes, a.author)
			spans = append(spans, policySpan{index: index})
			continue
		}
		text, set := readWish(body)
		if set == nil {
			continue
		}
		if state.kind == "case" || state.kind == "channel" {
			wishes[a.author] = text
			if !moreThanHalf(state, wishes, text, index) {
				continue
			}
			wishes = map[string]string{}
		} else {
			presided := state.kind == "forum" || state.kind == "negotiation" || state.kind == "exercise"
			if !(presided && author.role == "chair") && state.hostAt(index).party != a.author {
				continue
			}
		}
		spans = append(spans, policySpan{index, set})
	}
	return spans
}

func moreThanHalf(state *spaceState, wishes map[string]string, text string, index int64) bool {
	writers, backers := 0, 0
	for _, m := range state.members {
		if m.role == "observer" || !m.belongsAt(index) {
			continue
		}
		writers++
		if wish, posted := wishes[m.party]; posted && wish == text {
			backers++
		}
	}
	return backers*2 > writers
}

func readWish(body *value) (string, *policy) {
	if body.kind != kindObject || len(body.members) != 1 {
		return "", nil
	}
	text := body.get("policy")
	if text == nil || text.kind != kindText {
		return "", nil
	}
	set := parsePolicy(text.text)
	if set == nil || set.logs > 0 {
		return "", nil
	}
	for _, w := range set.witnesses {
		if w.kind != cosignatureLine {
			return "", nil
		}
	}
	return text.text, set
}

func lastBefore(spans []policySpan, position int64) *policySpan {
	for i := len(spans) - 1; i >= 0; i-- {
		if spans[i].index < position {
			return &spans[i]
		}
	}
	return nil
}

// signedTree is a checkpoint of the log with who signed it. Membership and policy count as they
// stood before entry position; outside holds witnesses that are no members, by policy name.
type signedTree struct {
	size, position   int64
	parties, outside map[string]bool
}

const (
	onRecord  = "on-the-record"
	witnessed = "witnessed"
	confirmed = "confirmed-by-all"
	// mostForAll: above so many members a part of them is enough.
	mostForAll = 32
)

func (d *dossier) judgeLevels(j *judgedSpace) {
	log, bodyOf := j.log, func(a *act) *value { return d.shownBody(j, a) }
	spans := policiesOf(log, bodyOf)
	own := signedTree{log.state.size, log.state.size, map[string]bool{}, map[string]bool{}}
	for _, line := range j.report.Cosigned {
		own.parties[line.Party] = true
	}
	levels := make([]string, log.state.size)
	for i := range levels {
		levels[i] = onRecord
	}
	raise(levels, log.state, spans, own)
	for i := range log.entries {
		carried, signed := readCarried(log, spans, int64(i), bodyOf(log.entries[i].act))
		j.report.Acts[i].Carried = carried
		if signed != nil {
			raise(levels, log.state, spans, *signed)
		}
	}
	for i := range levels {
		j.report.Acts[i].Level = levels[i]
	}
	j.report.Policy = &reportPolicy{By: "default"}
	if len(spans) > 0 {
		last := spans[len(spans)-1]
		j.report.Policy = &reportPolicy{"act", &last.index}
		if last.policy == nil {
			j.report.Policy.By = "unknown"
		}
	}
}

// shownBody gives a body that is here and bears on levels; one that cannot be read says nothing.
func (d *dossier) shownBody(j *judgedSpace, a *act) (body *value) {
	p := a.body()
	i, listed := j.placeOf[a.hash]
	if p == nil || !listed {
		return nil
	}
	for _, part := range j.listed.acts[i].parts {
		if part.hash != p.hash {
			continue
		}
		content := d.archive.files["parts/"+p.hash]
		bears := a.typ == "spaces.policy-set" || strings.Contains(string(content), `"witnessed"`)
		if part.state == "present" && bears {
			try(func() { body = parseCanonical(content) })
		}
		return body
	}
	return nil
}

// raise lifts entries below a checkpoint to what its lines make them.
func raise(levels []string, state *spaceState, spans []policySpan, signed signedTree) {
	host := state.hostAt(signed.size).party
	first, silent, asked, there := int64(maxSafe), signed.size, 0, 0
	for _, m := range state.members {
		if m.party == host || !m.belongsAt(signed.position) {
			continue
		}
		asked++
		// Whoever came later is not asked for what was before.
		if m.since < first {
			first = m.since
		}
		if signed.parties[m.party] {
			there++
		} else if m.since < silent {
			silent = m.since
		}
	}
	enough := asked > mostForAll && there >= threshold(asked)
	if span := lastBefore(spans, signed.position); span != nil {
		enough = span.policy != nil && span.policy.met(namesThatSigned(state, span.policy, signed))
	}
	for i := int64(0); i < signed.size; i++ {
		if i >= first && i < silent {
			levels[i] = confirmed
		} else if enough && levels[i] == onRecord {
			levels[i] = witnessed
		}
	}
}

// threshold: more than half of all and of a third that may lie.
func threshold(count int) int { return (count+(count-1)/3)/2 + 1 }

func namesThatSigned(state *spaceState, set *policy, signed signedTree) map[string]bool {
	names := map[string]bool{}
	for _, w := range set.witnesses {
		if m := state.member(w.keyName); m != nil && m.cosignerAt(signed.size) == w.key {
			names[w.name] = signed.parties[w.keyName]
		} else {
			names[w.name] = signed.outside[w.name]
		}
	}
	return names
}

// readCarried reads the checkpoint in a body's `witnessed`, and who signed it if it is one of this log.
func readCarried(log *replay, spans []policySpan, position int64, body *value) (*reportCarried, *signedTree) {
	if body == nil || body.kind != kindObject || body.get("witnessed") == nil {
		return nil, nil
	}
	out := &reportCarried{Cosigned: []string{}}
	note, further, fits := readWitnessed(body.get("witnessed"))
	if !fits {
		return out, nil
	}
	var texts []string
	var text string
	if try(func() { out.Size, text, texts = readOwnNote(log, position, note) }) != nil {
		out.Size = 0
		return out, nil
	}
	out.Holds = true
	_, lines := splitNote(note)
	out.NotChecked = countMlDsa44(lines)
	texts = append(texts, further...)
	isSigned := func(name, key string) bool { return signedBy(text, texts, name, key) }
	signed := &signedTree{out.Size, position, map[string]bool{}, map[string]bool{}}
	for _, m := range log.state.members {
		if isSigned(m.party, m.cosignerAt(out.Size)) {
			signed.parties[m.party] = true
			out.Cosigned = append(out.Cosigned, m.party)
		}
	}
	if span := lastBefore(spans, position); span != nil && span.policy != nil {
		for _, w := range span.policy.witnesses {
			if !signed.parties[w.keyName] && isSigned(w.keyName, w.key) {
				signed.outside[w.name] = true
				out.Cosigned = append(out.Cosigned, w.keyName)
			}
		}
	}
	return out, signed
}

func signedBy(body string, texts []string, name, key string) bool {
	for _, text := range texts {
		if !strings.HasPrefix(text, "— "+name+" ") {
			continue
		}
		valid := false
		refused := try(func() {
			_, lines := splitNote(body + "\n" + text + "\n")
			_, valid = cosignatureTime(body, lines[0], name, key)
		})
		if refused == nil && valid {
			return true
		}
	}
	return false
}

func readWitnessed(v *value) (note string, further []string, fits bool) {
	var s shape
	get := s.object(v, []string{"checkpoint"}, []string{"lines"})
	note = s.text(get("checkpoint"), 0, -1)
	if lines := get("lines"); lines != nil {
		further = s.texts(lines, 0, 128, func(v *value) string { return strings.TrimSuffix(s.text(v, 0, -1), "\n") })
	}
	for _, text := range further {
		s.require(!strings.Contains(text, "\n"))
	}
	return note, further, s.fits()
}

func readOwnNote(log *replay, position int64, note string) (size int64, body string, texts []string) {
	body, lines := splitNote(note)
	found := peekCheckpoint(note)
	if found.size < 1 || found.size > position {
		refuse("checkpoint-shape", "size %d", found.size)
	}
	host := log.state.hostAt(found.size)
	readCheckpoint(note, host.origin, host.key)
	if toBase64url(found.root) != log.tree.roots[found.size] {
		refuse("dossier-root", "at size %d", found.size)
	}
	for _, line := range lines {
		texts = append(texts, line.text)
	}
	return found.size, body, texts
}

var levelWords = map[string]string{
	onRecord:  "on the record by its host, and no more is shown here",
	witnessed: "witnessed",
	confirmed: "confirmed by all members that were in",
}

// levelLines: by what rule entries are witnessed, and how far they had come, neighbours together.
func (s reportSpace) levelLines() []string {
	if s.Policy == nil {
		return nil
	}
	rule := "no policy was set, so the lines of members count"
	switch s.Policy.By {
	case "act":
		rule = fmt.Sprintf("the policy in entry %d counts", *s.Policy.Index)
	case "unknown":
		rule = fmt.Sprintf("not said here, since the policy in entry %d is withheld", *s.Policy.Index)
	}
	out := []string{"  witnessed: " + rule}
	for from := 0; from < len(s.Acts); {
		end := from + 1
		for end < len(s.Acts) && s.Acts[end].Level == s.Acts[from].Level {
			end++
		}
		which := "entry " + strconv.Itoa(from)
		if end-from > 1 {
			which = fmt.Sprintf("entries %d to %d", from, end-1)
		}
		out = append(out, "  "+which+": "+levelWords[s.Acts[from].Level])
		from = end
	}
	return out
}

func (a reportAct) carriedLines() []string {
	further := ""
	switch {
	case a.Carried == nil:
		return nil
	case !a.Carried.Holds:
		return []string{"        carries a checkpoint that does not hold: it shows nothing"}
	case a.Carried.NotChecked > 0:
		further = fmt.Sprintf("; lines by ML-DSA-44, not checked: %d", a.Carried.NotChecked)
	}
	names := "nobody but the host"
	if len(a.Carried.Cosigned) > 0 {
		names = clean(strings.Join(a.Carried.Cosigned, ", "))
	}
	return []string{fmt.Sprintf("        carries a checkpoint of %d entries signed by %s%s", a.Carried.Size, names, further)}
}
