package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The known answers of ../vectors, which a script wrote that shares nothing with this program.

func load(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "vectors", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

func expectRule(t *testing.T, name, rule string, do func()) {
	t.Helper()
	refused := try(do)
	switch {
	case refused == nil:
		t.Errorf("%s: accepted, expected %s", name, rule)
	case refused.rule != rule:
		t.Errorf("%s: %v, expected %s", name, refused, rule)
	}
}

func expectFine(t *testing.T, name string, do func()) {
	t.Helper()
	if refused := try(do); refused != nil {
		t.Errorf("%s: %v", name, refused)
	}
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// canonicalOf reads a value that a vector file holds in any spacing.
func canonicalOf(raw json.RawMessage) *value {
	p := parser{text: string(raw)}
	return p.document()
}

type fileCase struct {
	Name, Rule, Hex, JSON string
}

func TestCanonicalBytesOfTheKnownValuesAndNoOthers(t *testing.T) {
	var v struct{ Valid, Invalid []fileCase }
	load(t, "jcs", &v)
	for _, c := range v.Valid {
		expectFine(t, c.Name, func() { parseCanonical(unhex(t, c.Hex)) })
		if got := hex.EncodeToString(canonicalBytes(canonicalOf(json.RawMessage(c.JSON)))); got != c.Hex {
			t.Errorf("%s: %s", c.Name, got)
		}
	}
	for _, c := range v.Invalid {
		expectRule(t, c.Name, c.Rule, func() { parseCanonical(unhex(t, c.Hex)) })
	}
}

func TestActsAreReadHashedAndVerified(t *testing.T) {
	type actCase struct {
		Name, Rule, Key, Kid, Hash string
		Envelope                   json.RawMessage
	}
	var v struct{ Valid, Invalid, Unsigned []actCase }
	load(t, "acts", &v)
	for _, c := range v.Valid {
		expectFine(t, c.Name, func() {
			a := readEnvelope(canonicalOf(c.Envelope))
			if a.hash != c.Hash || a.kid != c.Kid || kidOf(c.Key) != c.Kid || !a.verify(c.Key) {
				t.Errorf("%s: %s %s", c.Name, a.hash, a.kid)
			}
		})
	}
	for _, c := range v.Invalid {
		expectRule(t, c.Name, c.Rule, func() { readEnvelope(canonicalOf(c.Envelope)) })
	}
	for _, c := range v.Unsigned {
		if readEnvelope(canonicalOf(c.Envelope)).verify(c.Key) {
			t.Errorf("%s: verified", c.Name)
		}
	}
}

func TestLeavesHashAsRFC6962Says(t *testing.T) {
	type leafCase struct {
		Name, Rule, Hex, Act, Hash string
		Time                       int64
		Fill                       *struct {
			Byte  string
			Times int
		}
	}
	var v struct{ Valid, Invalid []leafCase }
	load(t, "leaves", &v)
	for _, c := range v.Valid {
		expectFine(t, c.Name, func() {
			b := unhex(t, c.Hex)
			time, a := readLeaf(b)
			if time != c.Time || a.hash != c.Act || toBase64url(leafHash(b)) != c.Hash {
				t.Errorf("%s: %d %s", c.Name, time, a.hash)
			}
		})
	}
	for _, c := range v.Invalid {
		if c.Fill != nil {
			c.Hex = strings.Repeat(c.Fill.Byte, c.Fill.Times)
		}
		expectRule(t, c.Name, c.Rule, func() { readLeaf(unhex(t, c.Hex)) })
	}
}

func hashes(texts []string) [][]byte {
	var out [][]byte
	for _, text := range texts {
		out = append(out, fromBase64url(text))
	}
	return out
}

func TestTreesPathsAndProofs(t *testing.T) {
	type proof struct {
		Name, Leaf, Root, FromRoot, ToRoot string
		Index, Size, From, To              int64
		Path                               []string
	}
	var v struct {
		Entries, Roots                                               []string
		Inclusion, Consistency, InvalidInclusion, InvalidConsistency []proof
	}
	load(t, "trees", &v)
	grown := newTree()
	for _, e := range v.Entries {
		grown.append(leafHash(unhex(t, e)))
	}
	for size, root := range v.Roots {
		if grown.roots[size] != root {
			t.Errorf("root at %d", size)
		}
	}
	root := func(size int64) []byte { return fromBase64url(v.Roots[size]) }
	for _, p := range v.Inclusion {
		if !includes(leafHash(unhex(t, v.Entries[p.Index])), p.Index, p.Size, hashes(p.Path), root(p.Size)) {
			t.Errorf("leaf %d of %d", p.Index, p.Size)
		}
	}
	for _, p := range v.Consistency {
		if !consistent(p.From, root(p.From), p.To, root(p.To), hashes(p.Path)) {
			t.Errorf("%d to %d", p.From, p.To)
		}
	}
	for _, p := range v.InvalidInclusion {
		if includes(fromBase64url(p.Leaf), p.Index, p.Size, hashes(p.Path), fromBase64url(p.Root)) {
			t.Errorf("accepted: %s", p.Name)
		}
	}
	for _, p := range v.InvalidConsistency {
		if consistent(p.From, fromBase64url(p.FromRoot), p.To, fromBase64url(p.ToRoot), hashes(p.Path)) {
			t.Errorf("accepted: %s", p.Name)
		}
	}
}

func TestTilePathsAndBundles(t *testing.T) {
	var v struct {
		Paths []struct {
			Level any
			Index int64
			Width int
			Path  string
		}
		Bundles []struct {
			Entries []string
			Hex     string
		}
		InvalidBundles []string
	}
	load(t, "tiles", &v)
	for _, c := range v.Paths {
		level, isText := c.Level.(string)
		if number, isNumber := c.Level.(float64); isNumber && !isText {
			level = strconv.Itoa(int(number))
		}
		if got := tilePath(level, c.Index, c.Width); got != c.Path {
			t.Errorf("%s, not %s", got, c.Path)
		}
	}
	for _, c := range v.Bundles {
		for i, e := range decodeBundle(unhex(t, c.Hex)) {
			if hex.EncodeToString(e) != c.Entries[i] {
				t.Errorf("bundle %s", c.Hex)
			}
		}
	}
	for _, c := range v.InvalidBundles {
		expectRule(t, c, "bundle", func() { decodeBundle(unhex(t, c)) })
	}
}

func TestBlobsOpenUnderTheirCommitmentAlone(t *testing.T) {
	type blobCase struct{ Name, Rule, Salt, Content, Commitment, Blob string }
	var v struct{ Valid, Invalid []blobCase }
	load(t, "blobs", &v)
	for _, c := range v.Valid {
		expectFine(t, c.Name, func() {
			if !bytes.Equal(openBlob(unhex(t, c.Salt+c.Content), c.Commitment), unhex(t, c.Content)) {
				t.Error(c.Name)
			}
		})
	}
	for _, c := range v.Invalid {
		expectRule(t, c.Name, c.Rule, func() { openBlob(unhex(t, c.Blob), c.Commitment) })
	}
}

func TestAFingerprintReadsTheSameOnBothSides(t *testing.T) {
	var v struct {
		Valid []struct{ First, Fingerprint string }
	}
	load(t, "fingerprints", &v)
	for _, c := range v.Valid {
		typed := strings.ReplaceAll(c.Fingerprint, " ", "-")
		if fingerprintOf(c.First) != c.Fingerprint || readFingerprint(typed) != c.Fingerprint || readFingerprint(typed[1:]) != "" {
			t.Error(c.Fingerprint)
		}
	}
}

func TestCheckpointsAndCosignatures(t *testing.T) {
	var v struct {
		Origin, Key string
		Cosigner    struct{ Name, Key string }
		Valid       []struct {
			Name, Note, Root string
			Size             int64
			Cosigned         []struct{ Time int64 }
		}
		Invalid []struct{ Name, Note, Rule string }
	}
	load(t, "notes", &v)
	for _, c := range v.Valid {
		expectFine(t, c.Name, func() {
			read := readCheckpoint(c.Note, v.Origin, v.Key)
			if read.size != c.Size || toBase64url(read.root) != c.Root {
				t.Errorf("%s: size %d", c.Name, read.size)
			}
			body, lines := splitNote(c.Note)
			var times []int64
			for _, line := range lines {
				if seconds, ok := cosignatureTime(body, line, v.Cosigner.Name, v.Cosigner.Key); ok {
					times = append(times, seconds)
				}
			}
			if len(times) != len(c.Cosigned) || len(times) > 0 && times[0] != c.Cosigned[0].Time {
				t.Errorf("%s: cosigned %v", c.Name, times)
			}
		})
	}
	for _, c := range v.Invalid {
		expectRule(t, c.Name, c.Rule, func() { readCheckpoint(c.Note, v.Origin, v.Key) })
	}
}

func TestReceiptsProveOneEntry(t *testing.T) {
	type receiptCase struct {
		Name, Rule, Entry, Text string
		Index                   int64
	}
	var v struct {
		Origin, Key    string
		Valid, Invalid []receiptCase
	}
	load(t, "receipts", &v)
	host := hostBody{origin: v.Origin, key: v.Key}
	for _, c := range v.Valid {
		expectFine(t, c.Name, func() {
			r := readReceipt(c.Text)
			r.verify(unhex(t, c.Entry), host)
			if r.index != c.Index {
				t.Error(c.Name)
			}
		})
	}
	for _, c := range v.Invalid {
		expectRule(t, c.Name, c.Rule, func() { readReceipt(c.Text).verify(unhex(t, c.Entry), host) })
	}
}

func TestLogsAreJudgedEntryByEntry(t *testing.T) {
	type admissionCase struct {
		Name, Why, Rule, Verdict, WithoutEffect, Leaf string
		Body                                          json.RawMessage
	}
	var v struct {
		Openings  []admissionCase
		Sequences []struct {
			Name    string
			Entries []admissionCase
		}
	}
	load(t, "admission", &v)
	bodies := map[string]*value{}
	bodyOf := func(a *act) *value { return bodies[a.hash] }
	read := func(c admissionCase) []byte {
		b := fromBase64url(c.Leaf)
		if _, a := readLeaf(b); len(c.Body) > 0 {
			bodies[a.hash] = canonicalOf(c.Body)
		}
		return b
	}
	for _, c := range v.Openings {
		b := read(c)
		if c.Rule == "" {
			expectFine(t, c.Name, func() { replayLog([][]byte{b}, bodyOf) })
		} else {
			expectRule(t, c.Name, c.Rule, func() { replayLog([][]byte{b}, bodyOf) })
		}
	}
	for _, s := range v.Sequences {
		var log [][]byte
		for _, c := range s.Entries {
			name := s.Name + ": " + c.Why
			with := append(append([][]byte(nil), log...), read(c))
			if c.Verdict == "admissible" {
				expectFine(t, name, func() {
					judged := replayLog(with, bodyOf).entries
					if reason := judged[len(judged)-1].withoutEffect; reason != c.WithoutEffect {
						t.Errorf("%s: without effect by %q instead of %q", name, reason, c.WithoutEffect)
					}
				})
				log = with
			} else {
				expectRule(t, name, c.Rule, func() { replayLog(with, bodyOf) })
			}
		}
	}
}

func TestDossiersAreAcceptedWholeOrRefusedWithThePlace(t *testing.T) {
	type dossierCase struct {
		Name, Rule, Base64 string
		Index              *int
	}
	var v struct {
		Fingerprint    struct{ Party, Digits string }
		Valid, Invalid []dossierCase
	}
	load(t, "dossier", &v)
	for _, c := range v.Valid {
		b, _ := base64.StdEncoding.DecodeString(c.Base64)
		r := verifyDossier(b, []pin{{v.Fingerprint.Party, v.Fingerprint.Digits}})
		if r.Verdict != "accepted" {
			t.Errorf("%s: %+v", c.Name, r.Failure)
		}
		if lines := strings.Join(r.lines(), "\n"); !strings.HasPrefix(lines, "ACCEPTED") || !strings.Contains(lines, "pinned by you") {
			t.Error(lines)
		}
	}
	for _, c := range v.Invalid {
		b, _ := base64.StdEncoding.DecodeString(c.Base64)
		r := verifyDossier(b, nil)
		if r.Failure == nil || r.Failure.Rule != c.Rule || (c.Index != nil && (r.Failure.Index == nil || *r.Failure.Index != *c.Index)) {
			t.Errorf("%s: %+v", c.Name, r.Failure)
		}
	}
}

func TestEvidenceProvesAttestsOrIsRefused(t *testing.T) {
	var v map[string]json.RawMessage
	load(t, "evidence", &v)
	for _, verdict := range []string{"proven", "attested", "refused"} {
		var cases []struct{ Name, Rule, JSON string }
		if err := json.Unmarshal(v[verdict], &cases); err != nil || len(cases) == 0 {
			t.Fatal(verdict, err)
		}
		for _, c := range cases {
			r := verifyEvidence([]byte(c.JSON), nil)
			rule := ""
			if r.Failure != nil {
				rule = r.Failure.Rule
			}
			if r.Verdict != verdict || rule != c.Rule {
				t.Errorf("%s: %s %+v", c.Name, r.Verdict, r.Failure)
			}
		}
	}
}

func TestPolicies(t *testing.T) {
	var vectors struct {
		Valid []struct {
			Name, Text string
			Met, Unmet [][]string
		}
		Invalid []struct{ Name, Text string }
	}
	load(t, "policies", &vectors)
	set := func(names []string) map[string]bool {
		out := map[string]bool{}
		for _, name := range names {
			out[name] = true
		}
		return out
	}
	for _, v := range vectors.Valid {
		p := parsePolicy(v.Text)
		if p == nil {
			t.Errorf("%s: refused", v.Name)
			continue
		}
		for _, names := range v.Met {
			if !p.met(set(names)) {
				t.Errorf("%s: %v do not meet it", v.Name, names)
			}
		}
		for _, names := range v.Unmet {
			if p.met(set(names)) {
				t.Errorf("%s: %v meet it", v.Name, names)
			}
		}
	}
	for _, v := range vectors.Invalid {
		if parsePolicy(v.Text) != nil {
			t.Errorf("%s: accepted", v.Name)
		}
	}
}
