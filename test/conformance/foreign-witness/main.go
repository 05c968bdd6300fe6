// Command foreign-witness is a witness and a log by another hand, on golang.org/x/mod/sumdb alone: it meets our
// witness interface (C2SP tlog-witness, tlog-cosignature) from the other side.
//
//	foreign-witness keys <name>                     a log's private and public key, one a line
//	foreign-witness log <skey> <submission prefix> <witness vkey>
//	foreign-witness witness <name> <state file> <file of log vkeys> <port>
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	log.SetFlags(0)
	switch args := os.Args[1:]; {
	case len(args) == 2 && args[0] == "keys":
		skey, vkey, err := note.GenerateKey(rand.Reader, args[1])
		must(err)
		fmt.Println(skey)
		fmt.Println(vkey)
	case len(args) == 4 && args[0] == "log":
		runLog(args[1], args[2], args[3])
	case len(args) == 5 && args[0] == "witness":
		runWitness(args[1], args[2], args[3], args[4])
	default:
		log.Fatal("called wrongly")
	}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// cosigner signs and verifies lines of type 04, which x/mod leaves to others.
type cosigner struct {
	name    string
	public  ed25519.PublicKey
	private ed25519.PrivateKey
}

const cosignatureType = 4

func (c cosigner) Name() string { return c.name }

func (c cosigner) KeyHash() uint32 {
	sum := sha256.Sum256(append([]byte(c.name+"\n"+string(rune(cosignatureType))), c.public...))
	return binary.BigEndian.Uint32(sum[:])
}

func (c cosigner) message(seconds uint64, text []byte) []byte {
	return []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text))
}

func (c cosigner) Sign(text []byte) ([]byte, error) {
	seconds := uint64(time.Now().Unix())
	out := binary.BigEndian.AppendUint64(nil, seconds)
	return append(out, ed25519.Sign(c.private, c.message(seconds, text))...), nil
}

func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	return ed25519.Verify(c.public, c.message(binary.BigEndian.Uint64(signature), text), signature[8:])
}

func (c cosigner) vkey() string {
	typed := append([]byte{cosignatureType}, c.public...)
	return fmt.Sprintf("%s+%08x+%s", c.name, c.KeyHash(), base64.StdEncoding.EncodeToString(typed))
}

func readCosigner(vkey string) cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	typed, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	return cosigner{name: parts[0], public: typed[1:]}
}

// A log of records in memory, as x/mod stores hashes.
type memoryLog struct{ hashes []tlog.Hash }

func (m *memoryLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = m.hashes[index]
	}
	return out, nil
}

func (m *memoryLog) grow(from, to int64) tlog.Tree {
	for n := from; n < to; n++ {
		hashes, err := tlog.StoredHashes(n, []byte(fmt.Sprintf("record %d", n)), m)
		must(err)
		m.hashes = append(m.hashes, hashes...)
	}
	root, err := tlog.TreeHash(to, m)
	must(err)
	return tlog.Tree{N: to, Hash: root}
}

// runLog grows a log, has every size cosigned, and says what the witness answered to what it must not sign.
func runLog(skey, prefix, vkey string) {
	signer, err := note.NewSigner(skey)
	must(err)
	witness := readCosigner(vkey)
	signed := func(tree tlog.Tree) []byte {
		text := fmt.Sprintf("%s\n%d\n%s\n", signer.Name(), tree.N, tree.Hash)
		out, err := note.Sign(&note.Note{Text: text}, signer)
		must(err)
		return out
	}
	m := &memoryLog{}
	known := int64(0)
	for _, size := range []int64{1, 2, 5, 8, 300} {
		tree := m.grow(known, size)
		var proof tlog.TreeProof
		if known > 0 {
			proof, err = tlog.ProveTree(size, known, m)
			must(err)
		}
		checkpoint := signed(tree)
		status, line := submit(prefix, known, proof, checkpoint)
		if status != 200 {
			log.Fatalf("size %d: %d %s", size, status, line)
		}
		opened, err := note.Open(append(checkpoint, line...), note.VerifierList(witness))
		must(err)
		if len(opened.Sigs) != 1 {
			log.Fatalf("size %d: no line of the witness", size)
		}
		fmt.Printf("cosigned %d\n", size)
		known = size
	}
	status, body := submit(prefix, 8, nil, signed(tlog.Tree{N: 8, Hash: tlog.Hash{7}}))
	fmt.Printf("an old size: %d %s", status, body)
	status, _ = submit(prefix, known, nil, signed(tlog.Tree{N: known, Hash: tlog.Hash{7}}))
	fmt.Printf("another root: %d\n", status)
	tree := m.grow(known, known+1)
	proof, err := tlog.ProveTree(known+1, 299, m)
	must(err)
	status, _ = submit(prefix, known, proof, signed(tree))
	fmt.Printf("a path from elsewhere: %d\n", status)
}

func submit(prefix string, old int64, proof tlog.TreeProof, checkpoint []byte) (int, []byte) {
	var body bytes.Buffer
	fmt.Fprintf(&body, "old %d\n", old)
	for _, hash := range proof {
		fmt.Fprintln(&body, hash)
	}
	body.WriteByte('\n')
	body.Write(checkpoint)
	answer, err := http.Post(prefix+"/add-checkpoint", "text/plain; charset=utf-8", &body)
	must(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(err)
	return answer.StatusCode, text
}

// witnessed is what the witness keeps: its seed, and the newest tree of each origin.
type witnessed struct {
	Seed  []byte
	Trees map[string]tlog.Tree
}

type server struct {
	sync.Mutex
	key             cosigner
	stateFile, logs string
	state           witnessed
}

func runWitness(name, stateFile, logs, port string) {
	s := &server{stateFile: stateFile, logs: logs, state: witnessed{Trees: map[string]tlog.Tree{}}}
	if b, err := os.ReadFile(stateFile); err == nil {
		must(json.Unmarshal(b, &s.state))
	} else {
		s.state.Seed = make([]byte, ed25519.SeedSize)
		_, err := rand.Read(s.state.Seed)
		must(err)
		must(s.save())
	}
	private := ed25519.NewKeyFromSeed(s.state.Seed)
	s.key = cosigner{name, private.Public().(ed25519.PublicKey), private}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	must(err)
	fmt.Println(s.key.vkey())
	fmt.Println("http://" + listener.Addr().String())
	http.HandleFunc("/add-checkpoint", s.addCheckpoint)
	must(http.Serve(listener, nil))
}

func (s *server) save() error {
	b, err := json.Marshal(s.state)
	if err != nil {
		return err
	}
	return os.WriteFile(s.stateFile, b, 0o600)
}

var errShape = errors.New("not an add-checkpoint request")

func readRequest(body []byte) (old int64, proof tlog.TreeProof, checkpoint []byte, err error) {
	head, checkpoint, found := bytes.Cut(body, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !found || !strings.HasPrefix(lines[0], "old ") {
		return 0, nil, nil, errShape
	}
	if old, err = strconv.ParseInt(lines[0][4:], 10, 64); err != nil {
		return 0, nil, nil, err
	}
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return 0, nil, nil, err
		}
		proof = append(proof, hash)
	}
	return old, proof, checkpoint, nil
}

// open verifies the log's line by the keys it was told, and reads the tree.
func (s *server) open(checkpoint []byte) (origin string, tree tlog.Tree, err error) {
	keys, err := os.ReadFile(s.logs)
	if err != nil {
		return "", tree, err
	}
	var known []note.Verifier
	for _, vkey := range strings.Fields(string(keys)) {
		verifier, err := note.NewVerifier(vkey)
		if err != nil {
			return "", tree, err
		}
		known = append(known, verifier)
	}
	opened, err := note.Open(checkpoint, note.VerifierList(known...))
	if err != nil {
		return "", tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 3 || opened.Sigs[0].Name != lines[0] {
		return "", tree, errShape
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return "", tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return lines[0], tree, err
}

func (s *server) addCheckpoint(w http.ResponseWriter, r *http.Request) {
	s.Lock()
	defer s.Unlock()
	body, err := io.ReadAll(io.LimitReader(r.Body, 32*1024))
	if err != nil {
		return
	}
	old, proof, checkpoint, err := readRequest(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	origin, tree, err := s.open(checkpoint)
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	last := s.state.Trees[origin]
	if old != last.N || old == tree.N && old > 0 && last.Hash != tree.Hash {
		w.Header().Set("Content-Type", "text/x.tlog.size")
		w.WriteHeader(http.StatusConflict)
		fmt.Fprintf(w, "%d\n", last.N)
		return
	}
	if old > 0 && old < tree.N && tlog.CheckTree(proof, tree.N, tree.Hash, old, last.Hash) != nil {
		http.Error(w, "the path does not hold", http.StatusUnprocessableEntity)
		return
	}
	s.state.Trees[origin] = tree
	if err := s.save(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	text := checkpoint[:bytes.LastIndex(checkpoint, []byte("\n\n"))+1]
	cosigned, err := note.Sign(&note.Note{Text: string(text)}, s.key)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, line, _ := bytes.Cut(cosigned, []byte("\n\n"))
	w.Write(line)
}
