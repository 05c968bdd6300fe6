package main

import "strings"

// entry of a log as replay found it.
type entry struct {
	act           *act
	time          int64
	withoutEffect string
}

// replay judges every entry by the ones before it (docs/protocol/admission.md).
type replay struct {
	state   *spaceState
	entries []entry
	tree    *tree
	byID    map[string]string
	acts    map[string]bool
	// bodyOf gives the parsed body of an act, or nil when it is not at hand.
	bodyOf func(*act) *value
}

func replayLog(leaves [][]byte, bodyOf func(*act) *value) *replay {
	r := &replay{tree: newTree(), byID: map[string]string{}, acts: map[string]bool{}, bodyOf: bodyOf}
	for _, leaf := range leaves {
		r.take(leaf)
	}
	return r
}

func (r *replay) take(leaf []byte) {
	at := nowhere()
	at.index = len(r.entries)
	var e entry
	within(at, func() { e.time, e.act = readLeaf(leaf) })
	at.act = e.act.hash
	within(at, func() {
		r.tree.append(leafHash(leaf))
		if r.state == nil {
			r.open(&e)
		} else {
			r.judge(&e)
		}
	})
	r.state.size++
	r.state.root = r.tree.roots[r.tree.size()]
	r.state.time = e.time
	r.byID[e.act.author+" "+e.act.id] = e.act.hash
	r.acts[e.act.hash] = true
	r.entries = append(r.entries, e)
}

func (r *replay) open(e *entry) {
	body := r.bodyOf(e.act)
	if body == nil {
		refuse("body-missing", "%s", e.act.hash)
	}
	r.state = openSpace(e.act, body)
}

func (r *replay) judge(e *entry) {
	var body *value
	change := effects[e.act.typ]
	if change != nil {
		body = r.bodyOf(e.act)
	}
	r.admit(e, body)
	if change == nil {
		return
	}
	if body == nil {
		refuse("body-missing", "%s %s", e.act.typ, e.act.hash)
	}
	e.withoutEffect = change(r.state, e.act, body)
}

// admit asks the rules for every further entry, in their order.
func (r *replay) admit(e *entry, body *value) {
	s, a := r.state, e.act
	if a.space != s.space {
		refuse("wrong-space", "%s", a.space)
	}
	if a.typ == "space.opened" || a.typ == "register.founded" {
		refuse("opening-twice", "%s", a.typ)
	}
	if e.time < s.time {
		refuse("time-decreased", "%d after %d", e.time, s.time)
	}
	member := s.member(a.author)
	if !member.belongsAt(s.size) {
		refuse("not-a-member", "%s", a.author)
	}
	if member.role == "observer" {
		refuse("observer-writes", "%s", a.author)
	}
	requireSigned(a, r.signerKey(member, a, body))
	if held, ok := r.byID[a.author+" "+a.id]; ok {
		if held == a.hash {
			refuse("act-twice", "%s", a.hash)
		}
		refuse("id-taken", "%s is held by %s", a.id, held)
	}
	r.judgeSeen(a)
	for _, hash := range a.after {
		if !r.acts[hash] {
			refuse("after-missing", "%s", hash)
		}
	}
	for _, p := range a.parts {
		if p.sealed && a.seenSize <= s.membersChanged {
			refuse("stale-membership", "membership changed at %d, seen %d", s.membersChanged, a.seenSize)
		}
	}
}

// signerKey: only a register's key event may be signed by a key that its own body shows.
func (r *replay) signerKey(member *memberState, a *act, body *value) (key string) {
	refused := try(func() { key = keyAt(member.keys, a.kid, r.state.size) })
	if refused == nil {
		return key
	}
	if r.state.register == nil || !strings.HasPrefix(a.typ, "register.") || effects[a.typ] == nil {
		panic(refused)
	}
	if body == nil {
		refuse("key-body-missing", "%s", a.hash)
	}
	committed, ok := committedKey(a.typ, body, *r.state.register)
	if !ok || committed.kid != a.kid {
		panic(refused)
	}
	return committed.key
}

func (r *replay) judgeSeen(a *act) {
	switch {
	case a.seenSize == 0:
		refuse("opening-seen", "only the opening act may have seen nothing")
	case a.seenSize > r.state.size:
		refuse("seen-future", "%d of %d", a.seenSize, r.state.size)
	case r.tree.roots[a.seenSize] != a.seenRoot:
		refuse("seen-root", "at size %d", a.seenSize)
	}
}
