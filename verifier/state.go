package main

// spaceState is what admission of the next entry depends on, computed from the entries before it.
type spaceState struct {
	space, kind, opener string
	size                int64
	root                string
	time                int64
	host                hostBody
	hosts               []hostSpan
	// members that ever belonged, in the order they came.
	members        []*memberState
	membersChanged int64
	// register holds the commitments of a register, nil elsewhere.
	register *commitments
	// agreed: parties that posted a body which needs several, by type and hash of the body.
	agreed map[string][]string
}

// hostSpan: checkpoints of a size above from carry this origin and key; the first counts from 0.
type hostSpan struct {
	hostBody
	from int64
}

type memberState struct {
	party, role  string
	since, until int64
	first        string
	cosigner     string
	// formerCosigners: keys it had before, each with the index of the act that replaced it.
	formerCosigners []formerKey
	keys            []keySpan
}

type formerKey struct {
	key   string
	until int64
}

// cosignerAt is the key of the member's cosignature on a checkpoint of this size: a change at
// entry n counts for sizes above n.
func (m *memberState) cosignerAt(size int64) string {
	for _, former := range m.formerCosigners {
		if size <= former.until {
			return former.key
		}
	}
	return m.cosigner
}

// cosigns gives the member's cosigner keys when this one replaces the present one at index.
func (m *memberState) cosigns(key string, index int64) (string, []formerKey) {
	if key == m.cosigner {
		return key, m.formerCosigners
	}
	return key, append(append([]formerKey(nil), m.formerCosigners...), formerKey{m.cosigner, index})
}

func (m *memberState) belongsAt(index int64) bool {
	return m != nil && m.since <= index && (m.until == open || index < m.until)
}

func (s *spaceState) member(party string) *memberState {
	for _, m := range s.members {
		if m.party == party {
			return m
		}
	}
	return nil
}

func (s *spaceState) present() []*memberState {
	var out []*memberState
	for _, m := range s.members {
		if m.belongsAt(s.size) {
			out = append(out, m)
		}
	}
	return out
}

// put replaces a party's member in its place or adds it at the end.
func (s *spaceState) put(member *memberState) {
	for i := range s.members {
		if s.members[i].party == member.party {
			s.members[i] = member
			return
		}
	}
	s.members = append(s.members, member)
}

// hostAt is the host whose line the checkpoint of this size must carry.
func (s *spaceState) hostAt(size int64) hostBody {
	for i := len(s.hosts) - 1; i > 0; i-- {
		if s.hosts[i].from < size {
			return s.hosts[i].hostBody
		}
	}
	return s.hosts[0].hostBody
}

// admittedMember is a member as a snapshot brings it in.
func admittedMember(s snapshot, index int64) *memberState {
	if !isActKey(s.act) {
		refuse("member-key", "%s: key id is not the key's thumbprint", s.party)
	}
	requireFirstEntry(s)
	return &memberState{
		party: s.party, role: s.role, since: index, until: open, first: s.first, cosigner: s.cosigner,
		keys: []keySpan{{s.act.kid, s.act.key, index, open}},
	}
}

// openSpace judges entry 0 by its body.
func openSpace(opening *act, body *value) *spaceState {
	if opening.seenSize != 0 || opening.seenRoot != toBase64url(sha()) {
		refuse("opening-seen", "an opening act sees the empty tree")
	}
	switch opening.typ {
	case "space.opened":
		return openedByMember(opening, body)
	case "register.founded":
		return foundedByOwner(opening, body)
	}
	refuse("opening-type", "%s", opening.typ)
	return nil
}

func openedByMember(opening *act, v *value) *spaceState {
	body := readOpened(v)
	if body == nil {
		refuse("opening-body", "malformed")
	}
	if body.kind == "register" {
		refuse("opening-type", "a register opens with register.founded")
	}
	if body.host.origin != body.host.party+"/spaces/"+opening.space {
		refuse("host-origin", "%s", body.host.origin)
	}
	seen := map[string]bool{}
	for _, m := range body.members {
		if seen[m.party] {
			refuse("member-twice", "%s", m.party)
		}
		seen[m.party] = true
	}
	var opener *snapshot
	for i := range body.members {
		if body.members[i].party == opening.author {
			opener = &body.members[i]
		}
	}
	if opener == nil || opener.role == "observer" {
		refuse("opening-author", "%s", opening.author)
	}
	state := &spaceState{space: opening.space, kind: body.kind, opener: opening.author, agreed: map[string][]string{}}
	state.host, state.hosts = body.host, []hostSpan{{body.host, 0}}
	for _, m := range body.members {
		state.members = append(state.members, admittedMember(m, 0))
	}
	requireOpener(opening, opener.act)
	return state
}

func foundedByOwner(opening *act, v *value) *spaceState {
	body := readFounded(v)
	if body == nil {
		refuse("opening-body", "malformed")
	}
	if opening.author != body.party {
		refuse("opening-author", "%s founds a register of %s", opening.author, body.party)
	}
	if !isActKey(body.act) {
		refuse("member-key", "%s", body.party)
	}
	requireOpener(opening, body.act)
	keys := foundedKeys(body)
	host := hostBody{body.party, body.party + "/spaces/" + opening.space, body.host}
	owner := &memberState{party: body.party, role: "member", until: open, cosigner: body.cosigner, keys: keys.spans}
	return &spaceState{
		space: opening.space, kind: "register", opener: body.party, host: host, hosts: []hostSpan{{host, 0}},
		members: []*memberState{owner}, register: &keys.commitments, agreed: map[string][]string{},
	}
}

func requireOpener(opening *act, key actKey) {
	if opening.kid != key.kid {
		refuse("unknown-key", "%s", opening.kid)
	}
	requireSigned(opening, key.key)
}
