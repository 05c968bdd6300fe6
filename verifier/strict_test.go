package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// The edge cases of C2SP/CCTV (ed25519vectors.json) are kept outside the repository.
var cctv = filepath.Join("..", "..", "shared", "data", "vectors", "ed25519-cctv.json")

func TestOfThe914EdgeCasesTheStrictRuleAcceptsExactly43(t *testing.T) {
	b, err := os.ReadFile(cctv)
	if err != nil && os.Getenv("CHANCERY_REQUIRE_ALL") != "1" {
		t.Skipf("no %s (C2SP/CCTV, ed25519vectors.json)", cctv)
	}
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Number        int
		Key, Sig, Msg string
		Flags         []string
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	refused := map[string]bool{
		"low_order_A": true, "low_order_R": true, "non_canonical_A": true, "non_canonical_R": true, "low_order_residue": true,
	}
	accepted := 0
	for _, c := range cases {
		expected := true
		for _, flag := range c.Flags {
			expected = expected && !refused[flag]
		}
		verdict := verifyStrict(unhex(t, c.Key), []byte(c.Msg), unhex(t, c.Sig))
		if verdict != expected {
			t.Errorf("case %d: %v with %v", c.Number, verdict, c.Flags)
		}
		if verdict {
			accepted++
		}
	}
	if len(cases) != 914 || accepted != 43 {
		t.Errorf("%d of %d accepted", accepted, len(cases))
	}
}
