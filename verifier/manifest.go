package main

import "regexp"

// manifest is what a dossier says about itself (docs/protocol/dossier.md, Manifest).
type manifest struct {
	purpose, audience, maker string
	made                     int64
	drill                    bool
	spaces                   []listedSpace
}

type listedSpace struct {
	space, kind string
	size        int64
	acts        []listedAct
}

type listedAct struct {
	index      int64
	act, state string
	why        *string
	parts      []listedPart
}

type listedPart struct {
	hash, state, why string
	by               int64
}

const manifestFile = "manifest.json"

var reasonForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

func readManifest(b []byte) *manifest {
	var s shape
	get := s.object(parseCanonical(b), []string{"v", "format", "purpose", "audience", "made", "maker", "drill", "spaces"}, nil)
	s.whole(get("v"), 1, 1)
	s.oneOf(get("format"), "chancery-dossier")
	m := &manifest{
		purpose:  s.text(get("purpose"), 0, 2000),
		audience: s.text(get("audience"), 0, 300),
		made:     s.whole(get("made"), 0, maxSafe),
		maker:    s.party(get("maker")),
		drill:    s.truth(get("drill")),
	}
	for _, item := range s.list(get("spaces"), 1, 256) {
		m.spaces = append(m.spaces, s.listedSpace(item))
	}
	if !s.fits() {
		refuse("dossier-manifest", "malformed")
	}
	for i := 1; i < len(m.spaces); i++ {
		if m.spaces[i-1].space >= m.spaces[i].space {
			refuse("dossier-manifest", "spaces are not in order, each once")
		}
	}
	return m
}

func (s *shape) listedSpace(v *value) listedSpace {
	get := s.object(v, []string{"space", "kind", "size", "acts"}, nil)
	out := listedSpace{space: s.id(get("space")), kind: s.oneOf(get("kind"), spaceKinds...), size: s.whole(get("size"), 1, maxSafe)}
	for _, item := range s.list(get("acts"), 0, -1) {
		out.acts = append(out.acts, s.listedAct(item))
	}
	return out
}

func (s *shape) listedAct(v *value) listedAct {
	get := s.object(v, []string{"index", "act", "state", "parts"}, []string{"why"})
	out := listedAct{
		index: s.whole(get("index"), 0, maxSafe),
		act:   s.hash(get("act")),
		state: s.oneOf(get("state"), "selected", "withheld"),
	}
	if why := get("why"); why != nil {
		text := s.form(why, 64, reasonForm)
		out.why = &text
	}
	for _, item := range s.list(get("parts"), 0, -1) {
		out.parts = append(out.parts, s.listedPart(item))
	}
	return out
}

func (s *shape) listedPart(v *value) listedPart {
	state := v.get("state")
	required := []string{"hash", "state"}
	switch {
	case state == nil || state.kind != kindText:
		s.wrong = true
		return listedPart{}
	case state.text == "withheld":
		required = append(required, "why")
	case state.text == "erased":
		required = append(required, "by")
	}
	get := s.object(v, required, nil)
	out := listedPart{hash: s.hash(get("hash")), state: s.oneOf(state, "present", "withheld", "erased")}
	if out.state == "withheld" {
		out.why = s.form(get("why"), 64, reasonForm)
	}
	if out.state == "erased" {
		out.by = s.whole(get("by"), 0, maxSafe)
	}
	return out
}
