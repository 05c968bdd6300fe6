package main

// docs/protocol/time-stamps.md: RFC 3161 tokens, read with encoding/asn1 and crypto/x509.

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"os"
	"regexp"
	"strconv"
	"time"
)

var (
	oidSignedData         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidTSTInfo            = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidContentType        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCertificate = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSigningCertV2      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidKeyUsage           = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidTimeStamping       = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
)

// stamp is a token taken apart and not yet believed.
type stamp struct {
	info         []byte
	certificates []asn1.RawValue
	signer       stampSigner
}

type stampSigner struct {
	version    int
	named      asn1.RawValue
	digest     pkix.AlgorithmIdentifier
	attributes asn1.RawValue
	algorithm  pkix.AlgorithmIdentifier
	signature  []byte
}

// stampClaim is what the signed bytes say.
type stampClaim struct {
	algorithm pkix.AlgorithmIdentifier
	hash      []byte
	serial    *big.Int
	time      time.Time
}

type timeStamp struct {
	Verdict string `json:"verdict"`
	Time    int64  `json:"time,omitempty"`
	Serial  string `json:"serial,omitempty"`
	Rule    string `json:"rule,omitempty"`
	detail  string
	by      string
}

// verifyTimeStamp says what a token says about data, under the given roots.
func verifyTimeStamp(token, data []byte, roots []*x509.Certificate) (report timeStamp) {
	defer func() {
		if r, ok := recover().(stampRefusal); ok {
			report = timeStamp{Verdict: "refused", Rule: r.rule, detail: r.detail}
		}
	}()
	t := readStamp(token)
	claim := readClaim(t.info)
	h := stampHash(claim.algorithm, "time-stamp-data")
	if !bytes.Equal(sum(h, data), claim.hash) {
		refuseStamp("time-stamp-data", "hash")
	}
	var along []*x509.Certificate
	for _, one := range t.certificates {
		// What cannot be read cannot stand behind anything.
		if c, err := x509.ParseCertificate(one.FullBytes); err == nil {
			along = append(along, c)
		}
	}
	cert := namedCertificate(t.signer, append(append([]*x509.Certificate{}, along...), roots...))
	checkStampSignature(t.signer, cert, t.info)
	checkStampTrust(cert, along, roots, claim.time)
	ms := claim.time.UnixNano() / int64(time.Millisecond)
	return timeStamp{Verdict: "stamped", Time: ms, Serial: claim.serial.String(), by: cert.Subject.String()}
}

type stampRefusal struct{ rule, detail string }

func refuseStamp(rule, detail string) { panic(stampRefusal{rule, detail}) }

// whole reads one value and nothing behind it.
func whole(b []byte, into any) {
	rest, err := asn1.Unmarshal(b, into)
	if err != nil || len(rest) > 0 {
		refuseStamp("time-stamp-shape", fmt.Sprint(err, len(rest)))
	}
}

const (
	universal = asn1.ClassUniversal
	context   = asn1.ClassContextSpecific
)

// valuesIn gives the values in a constructed one. Go's own reading of optional raw fields looks at no tag.
func valuesIn(v asn1.RawValue, class, tag int) []asn1.RawValue {
	if v.Class != class || v.Tag != tag || !v.IsCompound {
		refuseStamp("time-stamp-shape", "tag")
	}
	var found []asn1.RawValue
	for rest := v.Bytes; len(rest) > 0; {
		var one asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &one); err != nil {
			refuseStamp("time-stamp-shape", err.Error())
		}
		found = append(found, one)
	}
	return found
}

func readValue(b []byte) asn1.RawValue {
	var v asn1.RawValue
	whole(b, &v)
	return v
}

// fieldsOf a sequence with at least so many values.
func fieldsOf(v asn1.RawValue, least int) []asn1.RawValue {
	found := valuesIn(v, universal, asn1.TagSequence)
	if len(found) < least {
		refuseStamp("time-stamp-shape", "too short")
	}
	return found
}

func is(v []asn1.RawValue, class, tag int) bool {
	return len(v) > 0 && v[0].Class == class && v[0].Tag == tag
}

func smallNumber(v asn1.RawValue) (n int) {
	whole(v.FullBytes, &n)
	if n < 0 {
		refuseStamp("time-stamp-shape", "integer")
	}
	return n
}

func oidOf(v asn1.RawValue) (id asn1.ObjectIdentifier) {
	whole(v.FullBytes, &id)
	return id
}

func octetsOf(v asn1.RawValue) (b []byte) {
	whole(v.FullBytes, &b)
	return b
}

func algorithmOf(v asn1.RawValue) (a pkix.AlgorithmIdentifier) {
	if len(fieldsOf(v, 1)) > 2 {
		refuseStamp("time-stamp-shape", "algorithm")
	}
	whole(v.FullBytes, &a)
	plainAlgorithm(a)
	return a
}

// readStamp takes what an authority answered, or the token alone.
func readStamp(b []byte) stamp {
	token := fieldsOf(readValue(b), 2)
	if !is(token, universal, asn1.TagOID) {
		if status := smallNumber(fieldsOf(token[0], 1)[0]); status > 1 {
			refuseStamp("time-stamp-shape", fmt.Sprintf("the authority refused (%d)", status))
		}
		if len(token) > 2 {
			refuseStamp("time-stamp-shape", "response")
		}
		token = fieldsOf(token[1], 2)
		if len(token) > 2 {
			refuseStamp("time-stamp-shape", "token")
		}
	}
	content := valuesIn(token[1], context, 0)
	if !oidOf(token[0]).Equal(oidSignedData) || len(content) != 1 {
		refuseStamp("time-stamp-shape", "no signed data")
	}
	fields := fieldsOf(content[0], 4)
	if smallNumber(fields[0]) != 3 {
		refuseStamp("time-stamp-shape", "signed data")
	}
	for _, one := range valuesIn(fields[1], universal, asn1.TagSet) {
		algorithmOf(one)
	}
	var t stamp
	rest := fields[3:]
	if is(rest, context, 0) {
		t.certificates, rest = valuesIn(rest[0], context, 0), rest[1:]
	}
	if is(rest, context, 1) && rest[0].IsCompound {
		rest = rest[1:]
	}
	if len(rest) != 1 {
		refuseStamp("time-stamp-shape", "signers")
	}
	signers := valuesIn(rest[0], universal, asn1.TagSet)
	encapsulated := fieldsOf(fields[2], 2)
	if len(signers) != 1 || !oidOf(encapsulated[0]).Equal(oidTSTInfo) {
		refuseStamp("time-stamp-shape", "one signer of a time-stamp")
	}
	inner := valuesIn(encapsulated[1], context, 0)
	if len(inner) == 0 {
		refuseStamp("time-stamp-shape", "no time-stamp")
	}
	t.info, t.signer = octetsOf(inner[0]), readStampSigner(signers[0])
	return t
}

func readStampSigner(v asn1.RawValue) stampSigner {
	f := fieldsOf(v, 6)
	if len(f) > 7 || (len(f) == 7 && !(is(f[6:], context, 1) && f[6].IsCompound)) {
		refuseStamp("time-stamp-shape", "signer")
	}
	valuesIn(f[3], context, 0)
	return stampSigner{smallNumber(f[0]), f[1], algorithmOf(f[2]), f[3], algorithmOf(f[4]), octetsOf(f[5])}
}

var generalizedTime = regexp.MustCompile(`^(\d{14})(?:\.(\d{0,8}[1-9]))?Z$`)

func readClaim(info []byte) (c stampClaim) {
	f := fieldsOf(readValue(info), 5)
	imprint := fieldsOf(f[2], 2)
	if smallNumber(f[0]) != 1 || len(imprint) > 2 {
		refuseStamp("time-stamp-shape", "time-stamp")
	}
	oidOf(f[1])
	c.algorithm, c.hash = algorithmOf(imprint[0]), octetsOf(imprint[1])
	whole(f[3].FullBytes, &c.serial)
	if c.serial.Sign() < 0 || f[4].Class != universal || f[4].Tag != asn1.TagGeneralizedTime || f[4].IsCompound {
		refuseStamp("time-stamp-shape", "time-stamp")
	}
	parts := generalizedTime.FindStringSubmatch(string(f[4].Bytes))
	if parts == nil {
		refuseStamp("time-stamp-shape", "time")
	}
	at, err := time.Parse("20060102150405", parts[1])
	if err != nil {
		refuseStamp("time-stamp-shape", "time")
	}
	fraction, _ := strconv.Atoi((parts[2] + "000")[:3])
	c.time = at.Add(time.Duration(fraction) * time.Millisecond)
	// accuracy, ordering, nonce, authority: each at most once, in this order; extensions are not read.
	order := []byte{0x30, 0x01, 0x02, 0xa0}
	for _, one := range f[5:] {
		for len(order) > 0 && order[0] != one.FullBytes[0] {
			order = order[1:]
		}
		if len(order) == 0 {
			refuseStamp("time-stamp-shape", "time-stamp")
		}
		order = order[1:]
	}
	return c
}

// plainAlgorithm: parameters that matter (RSA-PSS) are not read.
func plainAlgorithm(a pkix.AlgorithmIdentifier) {
	if len(a.Parameters.FullBytes) > 0 && !bytes.Equal(a.Parameters.FullBytes, asn1.NullBytes) {
		refuseStamp("time-stamp-shape", "algorithm")
	}
}

func stampHash(a pkix.AlgorithmIdentifier, rule string) crypto.Hash {
	switch a.Algorithm.String() {
	case "2.16.840.1.101.3.4.2.1":
		return crypto.SHA256
	case "2.16.840.1.101.3.4.2.2":
		return crypto.SHA384
	case "2.16.840.1.101.3.4.2.3":
		return crypto.SHA512
	}
	refuseStamp(rule, "algorithm")
	return 0
}

func sum(h crypto.Hash, b []byte) []byte {
	w := h.New()
	w.Write(b)
	return w.Sum(nil)
}

func namedCertificate(s stampSigner, all []*x509.Certificate) *x509.Certificate {
	isKey := s.named.Class == context && s.named.Tag == 0 && !s.named.IsCompound
	if (isKey && s.version != 3) || (!isKey && s.version != 1) {
		refuseStamp("time-stamp-shape", "signer")
	}
	var issuer []byte
	serial := new(big.Int)
	if !isKey {
		named := fieldsOf(s.named, 2)
		if len(named) > 2 || !is(named, universal, asn1.TagSequence) {
			refuseStamp("time-stamp-shape", "signer")
		}
		issuer = named[0].FullBytes
		whole(named[1].FullBytes, &serial)
	}
	for _, c := range all {
		if isKey && len(c.SubjectKeyId) > 0 && bytes.Equal(c.SubjectKeyId, s.named.Bytes) {
			return c
		}
		if !isKey && bytes.Equal(c.RawIssuer, issuer) && c.SerialNumber.Cmp(serial) == 0 {
			return c
		}
	}
	refuseStamp("time-stamp-authority", "the certificate of the authority is not there")
	return nil
}

func checkStampSignature(s stampSigner, cert *x509.Certificate, info []byte) {
	h := stampHash(s.digest, "time-stamp-signature")
	found := map[string]asn1.RawValue{}
	for _, one := range valuesIn(s.attributes, context, 0) {
		f := fieldsOf(one, 2)
		values := valuesIn(f[1], universal, asn1.TagSet)
		id := oidOf(f[0]).String()
		if _, twice := found[id]; twice || len(f) > 2 || len(values) != 1 {
			refuseStamp("time-stamp-shape", "attribute")
		}
		found[id] = values[0]
	}
	value := func(id asn1.ObjectIdentifier) []byte {
		v, there := found[id.String()]
		if !there {
			refuseStamp("time-stamp-signature", "attribute "+id.String())
		}
		return v.FullBytes
	}
	var kind asn1.ObjectIdentifier
	whole(value(oidContentType), &kind)
	var digest []byte
	whole(value(oidMessageDigest), &digest)
	if !kind.Equal(oidTSTInfo) || !bytes.Equal(digest, sum(h, info)) {
		refuseStamp("time-stamp-signature", "digest")
	}
	checkStampBinding(found, cert)
	signed := append([]byte{}, s.attributes.FullBytes...)
	signed[0] = 0x31
	if !stampSigned(s, h, cert, signed) {
		refuseStamp("time-stamp-signature", "signature")
	}
}

// checkStampBinding: the authority signs which certificate is its own (RFC 5816).
func checkStampBinding(found map[string]asn1.RawValue, cert *x509.Certificate) {
	v, isSecond := found[oidSigningCertV2.String()]
	if !isSecond {
		var there bool
		if v, there = found[oidSigningCertificate.String()]; !there {
			refuseStamp("time-stamp-shape", "signing certificate")
		}
	}
	fields := fieldsOf(fieldsOf(fieldsOf(v, 1)[0], 1)[0], 1)
	h := crypto.SHA1
	if isSecond {
		h = crypto.SHA256
		if is(fields, universal, asn1.TagSequence) {
			h = stampHash(algorithmOf(fields[0]), "time-stamp-signature")
			fields = fields[1:]
		}
	}
	if len(fields) == 0 {
		refuseStamp("time-stamp-shape", "signing certificate")
	}
	if !bytes.Equal(octetsOf(fields[0]), sum(h, cert.Raw)) {
		refuseStamp("time-stamp-signature", "signing certificate")
	}
}

func stampSigned(s stampSigner, h crypto.Hash, cert *x509.Certificate, signed []byte) bool {
	named := map[string]crypto.Hash{
		"1.2.840.113549.1.1.1": h, "1.2.840.113549.1.1.11": crypto.SHA256,
		"1.2.840.113549.1.1.12": crypto.SHA384, "1.2.840.113549.1.1.13": crypto.SHA512,
		"1.2.840.10045.4.3.2": crypto.SHA256, "1.2.840.10045.4.3.3": crypto.SHA384, "1.2.840.10045.4.3.4": crypto.SHA512,
	}
	id := s.algorithm.Algorithm.String()
	with, known := named[id]
	switch key := cert.PublicKey.(type) {
	case *rsa.PublicKey:
		return known && id[:15] == "1.2.840.113549." && rsa.VerifyPKCS1v15(key, with, sum(with, signed), s.signature) == nil
	case *ecdsa.PublicKey:
		return known && id[:14] == "1.2.840.10045." && ecdsa.VerifyASN1(key, sum(with, signed), s.signature)
	case ed25519.PublicKey:
		return false
	}
	return false
}

func checkStampTrust(cert *x509.Certificate, along, roots []*x509.Certificate, at time.Time) {
	isFor := false
	for _, e := range cert.Extensions {
		var uses []asn1.ObjectIdentifier
		if e.Id.Equal(oidKeyUsage) && e.Critical {
			whole(e.Value, &uses)
			isFor = len(uses) == 1 && uses[0].Equal(oidTimeStamping)
		}
	}
	if !isFor {
		refuseStamp("time-stamp-authority", "its certificate is not for time-stamps alone")
	}
	options := x509.VerifyOptions{
		Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: at,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	}
	for _, c := range roots {
		options.Roots.AddCert(c)
	}
	for _, c := range along {
		options.Intermediates.AddCert(c)
	}
	if _, err := cert.Verify(options); err != nil {
		refuseStamp("time-stamp-authority", err.Error())
	}
}

// runTimeStamp: verifier time-stamp <file> --check <file.tsr> --authority <ca.pem> [--json]
func runTimeStamp(words []string, out io.Writer) (int, error) {
	given := map[string]string{}
	json := false
	for i := 0; i < len(words); i++ {
		switch word := words[i]; word {
		case "--json":
			json = true
		case "--check", "--authority":
			if i++; i == len(words) {
				return 2, fmt.Errorf("%s needs a file", word)
			}
			given[word] = words[i]
		default:
			given["file"] = word
		}
	}
	read := map[string][]byte{}
	for _, name := range []string{"file", "--check", "--authority"} {
		if given[name] == "" {
			return 2, fmt.Errorf("name the file, --check <file.tsr> and --authority <ca.pem>")
		}
		b, err := os.ReadFile(given[name])
		if err != nil {
			return 2, err
		}
		read[name] = b
	}
	var roots []*x509.Certificate
	for rest := read["--authority"]; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return 2, err
		}
		roots = append(roots, c)
	}
	r := verifyTimeStamp(read["--check"], read["file"], roots)
	switch {
	case json:
		writeJSON(out, r)
	case r.Verdict == "stamped":
		fmt.Fprintf(out, "STAMPED %s by %s, number %s\n", time.UnixMilli(r.Time).UTC().Format(time.RFC3339Nano), r.by, r.Serial)
	default:
		fmt.Fprintf(out, "REFUSED %s: %s\n", r.Rule, r.detail)
	}
	if r.Verdict != "stamped" {
		return 1, nil
	}
	return 0, nil
}
