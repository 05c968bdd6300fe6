package main

// report is the outcome of a verification (docs/protocol/dossier.md, Report). A refused
// dossier shows nothing but where it failed.
type report struct {
	Verdict      string              `json:"verdict"`
	SHA256       string              `json:"sha256"`
	SizeBytes    int                 `json:"sizeBytes"`
	Failure      *reportFailure      `json:"failure,omitempty"`
	Purpose      *string             `json:"purpose,omitempty"`
	Audience     *string             `json:"audience,omitempty"`
	Maker        *string             `json:"maker,omitempty"`
	Made         *int64              `json:"made,omitempty"`
	Drill        bool                `json:"drill"`
	Spaces       []reportSpace       `json:"spaces"`
	Fingerprints []reportFingerprint `json:"fingerprints"`
	UnusedPins   []string            `json:"unusedPins"`
	Warnings     []reportWarning     `json:"warnings"`
	NotProven    []string            `json:"notProven"`
}

type reportFailure struct {
	Rule   string `json:"rule"`
	Detail string `json:"detail"`
	Space  string `json:"space,omitempty"`
	Index  *int   `json:"index,omitempty"`
	Act    string `json:"act,omitempty"`
	File   string `json:"file,omitempty"`
}

type reportSpace struct {
	Space    string            `json:"space"`
	Kind     string            `json:"kind"`
	Title    map[string]string `json:"title"`
	Drill    *string           `json:"drill,omitempty"`
	Host     string            `json:"host"`
	Origin   string            `json:"origin"`
	Size     int64             `json:"size"`
	Root     string            `json:"root"`
	Members  []reportMember    `json:"members"`
	Keys     []reportKeys      `json:"keys"`
	Cosigned []reportCosigned  `json:"cosigned"`
	Policy   *reportPolicy     `json:"policy,omitempty"`
	Acts     []reportAct       `json:"acts"`
}

// reportPolicy: what makes entries witnessed (default, act, unknown). Not of registers.
type reportPolicy struct {
	By    string `json:"by"`
	Index *int64 `json:"index,omitempty"`
}

// reportCarried: a checkpoint that an act carries to show that what it rests on was witnessed.
type reportCarried struct {
	Size     int64    `json:"size"`
	Holds    bool     `json:"holds"`
	Cosigned []string `json:"cosigned"`
	// NotChecked counts lines by ML-DSA-44, which no verdict needs.
	NotChecked int `json:"notChecked"`
}

type reportMember struct {
	Party string `json:"party"`
	Role  string `json:"role"`
	Until *int64 `json:"until,omitempty"`
}

// reportKeys: act keys by position, of a member that had more than one or lost one.
type reportKeys struct {
	Party string       `json:"party"`
	Spans []reportSpan `json:"spans"`
}

type reportSpan struct {
	Kid   string `json:"kid"`
	Key   string `json:"key"`
	From  int64  `json:"from"`
	Until *int64 `json:"until,omitempty"`
}

type reportCosigned struct {
	Party string `json:"party"`
	Time  int64  `json:"time"`
}

type reportAct struct {
	Index         int            `json:"index"`
	Act           string         `json:"act"`
	Type          string         `json:"type"`
	Author        string         `json:"author"`
	Office        string         `json:"office"`
	Time          int64          `json:"time"`
	At            int64          `json:"at"`
	TLP           string         `json:"tlp"`
	State         string         `json:"state"`
	Why           *string        `json:"why,omitempty"`
	Parts         []reportPart   `json:"parts"`
	Level         string         `json:"level,omitempty"`
	Carried       *reportCarried `json:"carried,omitempty"`
	WithoutEffect string         `json:"withoutEffect,omitempty"`
}

type reportPart struct {
	Role  string  `json:"role"`
	Hash  string  `json:"hash"`
	Media string  `json:"media"`
	Size  int64   `json:"size"`
	State string  `json:"state"`
	Why   *string `json:"why,omitempty"`
	By    *int    `json:"by,omitempty"`
}

type reportFingerprint struct {
	Party       string `json:"party"`
	First       string `json:"first"`
	Fingerprint string `json:"fingerprint"`
	Register    string `json:"register"`
	Pinned      bool   `json:"pinned"`
}

type reportWarning struct {
	Space  string `json:"space"`
	Index  int    `json:"index"`
	Rule   string `json:"rule"`
	Detail string `json:"detail"`
}

func refusedReport(out *report, r *refusal) *report {
	failure := &reportFailure{Rule: r.rule, Detail: r.detail, Space: r.at.space, Act: r.at.act, File: r.at.file}
	if r.at.index >= 0 {
		failure.Index = &r.at.index
	}
	return &report{
		Verdict: "refused", SHA256: out.SHA256, SizeBytes: out.SizeBytes, Failure: failure, Spaces: []reportSpace{},
		Fingerprints: []reportFingerprint{}, UnusedPins: []string{}, Warnings: []reportWarning{}, NotProven: []string{},
	}
}

func describeSpace(state *spaceState, openingBody *value, cosigned []reportCosigned) reportSpace {
	host := state.hostAt(state.size)
	out := reportSpace{
		Space: state.space, Kind: state.kind, Title: map[string]string{}, Host: host.party, Origin: host.origin,
		Size: state.size, Root: state.root, Members: []reportMember{}, Keys: []reportKeys{}, Cosigned: cosigned,
	}
	if opened := readOpened(openingBody); opened != nil && state.kind != "register" {
		out.Title, out.Drill = opened.title, opened.drill
	}
	for _, m := range state.members {
		member := reportMember{Party: m.party, Role: m.role}
		if m.until != open {
			until := m.until
			member.Until = &until
		}
		out.Members = append(out.Members, member)
		if len(m.keys) > 1 || m.keys[0].until != open {
			out.Keys = append(out.Keys, keysOf(m))
		}
	}
	return out
}

func keysOf(m *memberState) reportKeys {
	out := reportKeys{Party: m.party}
	for _, span := range m.keys {
		shown := reportSpan{Kid: span.kid, Key: span.key, From: span.from}
		if span.until != open {
			until := span.until
			shown.Until = &until
		}
		out.Spans = append(out.Spans, shown)
	}
	return out
}

// coverTolerance: witness clocks and the host's may differ by this much. ms.
const coverTolerance = 5 * 60 * 1000

func (d *dossier) describe(out *report, fingerprints []reportFingerprint) {
	m := d.manifest
	out.Purpose, out.Audience, out.Maker, out.Made, out.Drill = &m.purpose, &m.audience, &m.maker, &m.made, m.drill
	out.Fingerprints, out.UnusedPins, out.Warnings = fingerprints, []string{}, []reportWarning{}
	for _, p := range d.pins {
		used := false
		for _, f := range fingerprints {
			used = used || f.Party == p.party
		}
		if !used {
			out.UnusedPins = append(out.UnusedPins, p.party)
		}
	}
	for _, space := range d.spaces {
		out.Spaces = append(out.Spaces, space.report)
		out.Warnings = append(out.Warnings, lateTimes(space.report)...)
	}
	out.NotProven = notProven(out)
}

// lateTimes: a leaf time later than a cosignature over it is said, and accuses nobody.
func lateTimes(space reportSpace) []reportWarning {
	if len(space.Cosigned) == 0 {
		return nil
	}
	cover := space.Cosigned[0].Time
	for _, line := range space.Cosigned {
		if line.Time < cover {
			cover = line.Time
		}
	}
	var out []reportWarning
	for _, a := range space.Acts {
		if a.Time > cover+coverTolerance {
			out = append(out, reportWarning{space.Space, a.Index, "time-uncovered", "later than a cosignature over it"})
		}
	}
	return out
}

// notProven: what a dossier does not prove, whatever its verdict.
func notProven(r *report) []string {
	out := []string{"content-true", "which-human", "nothing-elsewhere", "finer-time", "makers-words"}
	unpinned, absent, alone, withheld := false, false, false, false
	for _, f := range r.Fingerprints {
		unpinned = unpinned || !f.Pinned
		absent = absent || f.Register == "absent"
	}
	for _, space := range r.Spaces {
		others := false
		for _, line := range space.Cosigned {
			others = others || line.Party != space.Host
		}
		alone = alone || space.Kind != "register" && !others
		for _, a := range space.Acts {
			for _, p := range a.Parts {
				withheld = withheld || p.State == "withheld"
			}
		}
	}
	add := func(applies bool, code string) {
		if applies {
			out = append(out, code)
		}
	}
	add(unpinned, "names-unpinned")
	add(absent, "register-absent")
	add(alone, "not-cosigned")
	add(withheld, "content-withheld")
	return out
}
