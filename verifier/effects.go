package main

// What an admissible act changes (docs/protocol/admission.md, What acts change). Each effect
// returns why it changed nothing, or "".

type effect func(*spaceState, *act, *value) string

var effects = map[string]effect{
	"space.member-admitted": memberAdmitted,
	"space.member-left":     memberLeft,
	"space.keys-changed":    keysChanged,
	"space.host-changed":    hostChanged,
	"register.rotated":      registerEvent,
	"register.revoked":      registerEvent,
	"register.recovered":    registerEvent,
}

func memberAdmitted(s *spaceState, a *act, body *value) string {
	snapshot := readAdmitted(body)
	if snapshot == nil {
		return "malformed"
	}
	earlier := s.member(snapshot.party)
	if earlier.belongsAt(s.size) {
		return "already-member"
	}
	var admitted *memberState
	if try(func() { admitted = admittedMember(*snapshot, s.size) }) != nil {
		return "unproven"
	}
	if earlier != nil {
		// A party that comes back keeps its old keys for the old positions.
		admitted.keys = append(ended(earlier.keys, s.size, ""), admitted.keys...)
		_, admitted.formerCosigners = earlier.cosigns(admitted.cosigner, s.size)
	}
	return s.whenEntitled(a, body, s.mayAdmit, func() {
		s.put(admitted)
		s.membersChanged = s.size
	})
}

func memberLeft(s *spaceState, a *act, body *value) string {
	party, ok := readLeft(body)
	if !ok {
		return "malformed"
	}
	member := s.member(party)
	switch {
	case !member.belongsAt(s.size):
		return "not-member"
	case party == s.host.party:
		return "host-stays"
	case party != a.author && !s.presides(a.author):
		return "not-entitled"
	}
	left := *member
	left.until = s.size
	s.put(&left)
	s.membersChanged = s.size
	return ""
}

func keysChanged(s *spaceState, _ *act, body *value) string {
	changed := readKeysChanged(body)
	if changed == nil {
		return "malformed"
	}
	member := s.member(changed.party)
	if !member.belongsAt(s.size) {
		return "not-member"
	}
	var proven []keySpan
	var cosigner string
	if try(func() { proven, cosigner = readChain(changed.party, member.first, changed) }) != nil {
		return "unproven"
	}
	for _, span := range member.keys {
		// A chain that ends before a key this space knows could bring back one that was replaced.
		if span.until == open && !hasKid(proven, span.kid) {
			return "unproven"
		}
	}
	keys := mergedKeys(member.keys, proven, s.size)
	if sameSpans(keys, member.keys) {
		return "no-new-key"
	}
	updated := *member
	updated.keys, updated.cosigner = keys, cosigner
	s.put(&updated)
	return ""
}

// mergedKeys: what the register ended ends here, what it began and we do not know begins here.
func mergedKeys(known, proven []keySpan, index int64) []keySpan {
	alive, gone := map[string]bool{}, map[string]bool{}
	for _, span := range proven {
		if span.until == open {
			alive[span.kid] = true
		} else {
			gone[span.kid] = true
		}
	}
	out := append([]keySpan(nil), known...)
	for i := range out {
		if out[i].until == open && gone[out[i].kid] {
			out[i].until = index
		}
	}
	for _, span := range proven {
		if alive[span.kid] && !hasKid(known, span.kid) {
			out = append(out, keySpan{span.kid, span.key, index, open})
		}
	}
	return out
}

func sameSpans(a, b []keySpan) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func hostChanged(s *spaceState, a *act, body *value) string {
	host := readHostChanged(body)
	if host == nil || host.origin != host.party+"/spaces/"+s.space {
		return "malformed"
	}
	return s.whenEntitled(a, body, s.mayHandOver, func() {
		s.host = *host
		s.hosts = append(s.hosts, hostSpan{*host, s.size})
	})
}

func registerEvent(s *spaceState, a *act, body *value) string {
	member := s.member(a.author)
	if s.register == nil || member == nil {
		return "not-entitled"
	}
	after, ok := registerKeys{member.keys, *s.register}.after(a.typ, body, a.kid, s.size)
	if !ok {
		return "unproven"
	}
	updated := *member
	updated.keys = after.spans
	s.put(&updated)
	s.register = &after.commitments
	return ""
}

type entitlement int

const (
	no entitlement = iota
	yes
	awaits
)

// whenEntitled applies what one entitled party, or several posting the same body, may change.
func (s *spaceState) whenEntitled(a *act, body *value, may func(author string, backers []string) entitlement, apply func()) string {
	key := a.typ + " " + toBase64url(sha(canonicalBytes(body)))
	backers := append([]string(nil), s.agreed[key]...)
	if !contains(backers, a.author) {
		backers = append(backers, a.author)
	}
	var present []string
	for _, party := range backers {
		if s.member(party).belongsAt(s.size) {
			present = append(present, party)
		}
	}
	switch may(a.author, present) {
	case yes:
		delete(s.agreed, key)
		apply()
		return ""
	case awaits:
		s.agreed[key] = backers
		return "awaits-agreement"
	}
	return "not-entitled"
}

func (s *spaceState) mayAdmit(author string, backers []string) entitlement {
	if s.kind == "register" {
		return no
	}
	if s.kind != "case" && s.kind != "channel" {
		return entitled(s.presides(author))
	}
	writers, all := 0, true
	for _, m := range s.present() {
		if m.role == "observer" {
			continue
		}
		writers++
		all = all && contains(backers, m.party)
	}
	switch {
	case writers > 2:
		return entitled(author == s.opener)
	case all:
		return yes
	}
	return awaits
}

func (s *spaceState) mayHandOver(author string, backers []string) entitlement {
	switch {
	case s.kind == "register":
		return no
	case author == s.host.party, len(backers)*2 > len(s.present()):
		return yes
	}
	return awaits
}

func (s *spaceState) presides(party string) bool {
	if party == s.host.party && s.kind != "case" && s.kind != "channel" {
		return true
	}
	chaired := s.kind == "forum" || s.kind == "negotiation" || s.kind == "exercise"
	member := s.member(party)
	return chaired && member != nil && member.role == "chair"
}

func entitled(yesOrNo bool) entitlement {
	if yesOrNo {
		return yes
	}
	return no
}
