package main

import (
	"fmt"
	"math/bits"
	"strconv"
)

// RFC 6962 trees and C2SP tiles (docs/protocol/log.md).

func leafHash(entry []byte) []byte       { return sha([]byte{0}, entry) }
func nodeHash(left, right []byte) []byte { return sha([]byte{1}, left, right) }

// tree keeps the hashes of all complete subtrees: levels[l][i] covers leaves i·2^l to (i+1)·2^l − 1.
type tree struct {
	levels [][][]byte
	// roots[n] is the root at size n, base64url.
	roots []string
}

func newTree() *tree { return &tree{roots: []string{toBase64url(sha())}} }

func (t *tree) size() int { return len(t.roots) - 1 }

func (t *tree) append(leaf []byte) {
	hash := leaf
	for level := 0; ; level++ {
		if level == len(t.levels) {
			t.levels = append(t.levels, nil)
		}
		t.levels[level] = append(t.levels[level], hash)
		row := t.levels[level]
		if len(row)%2 == 1 {
			break
		}
		hash = nodeHash(row[len(row)-2], row[len(row)-1])
	}
	t.roots = append(t.roots, toBase64url(t.root(t.size()+1)))
}

// root of the first size leaves, which are all here: complete subtrees folded from the right.
func (t *tree) root(size int) []byte {
	if size == 0 {
		return sha()
	}
	var root []byte
	for level, rest := 0, uint(size); rest != 0; level, rest = level+1, rest>>1 {
		if rest&1 == 0 {
			continue
		}
		node := t.levels[level][rest-1]
		if root == nil {
			root = node
		} else {
			root = nodeHash(node, root)
		}
	}
	return root
}

// includes checks an audit path from the leaf upwards, taken apart from its upper end.
func includes(leaf []byte, index, size int64, path [][]byte, root []byte) bool {
	if index < 0 || index >= size {
		return false
	}
	found := foldPath(leaf, index, size, path)
	return found != nil && same(found, root)
}

func foldPath(leaf []byte, index, size int64, path [][]byte) []byte {
	if size == 1 {
		if len(path) > 0 {
			return nil
		}
		return leaf
	}
	if len(path) == 0 {
		return nil
	}
	half, last, rest := splitOf(size), path[len(path)-1], path[:len(path)-1]
	if index < half {
		if left := foldPath(leaf, index, half, rest); left != nil {
			return nodeHash(left, last)
		}
		return nil
	}
	if right := foldPath(leaf, index-half, size-half, rest); right != nil {
		return nodeHash(last, right)
	}
	return nil
}

// consistent checks that the tree of `from` leaves is a prefix of the tree of `to` leaves.
func consistent(from int64, fromRoot []byte, to int64, toRoot []byte, path [][]byte) bool {
	switch {
	case from < 0 || from > to:
		return false
	case from == 0:
		return len(path) == 0 && same(fromRoot, sha())
	case from == to:
		return len(path) == 0 && same(fromRoot, toRoot)
	}
	older, newer := foldProof(from, to, path, fromRoot, true)
	return older != nil && same(older, fromRoot) && same(newer, toRoot)
}

func foldProof(from, to int64, path [][]byte, fromRoot []byte, whole bool) (older, newer []byte) {
	if from == to {
		if whole && len(path) == 0 {
			return fromRoot, fromRoot
		}
		if !whole && len(path) == 1 {
			return path[0], path[0]
		}
		return nil, nil
	}
	if len(path) == 0 {
		return nil, nil
	}
	half, last, rest := splitOf(to), path[len(path)-1], path[:len(path)-1]
	if from <= half {
		older, newer = foldProof(from, half, rest, fromRoot, whole)
		if older == nil {
			return nil, nil
		}
		return older, nodeHash(newer, last)
	}
	older, newer = foldProof(from-half, to-half, rest, fromRoot, false)
	if older == nil {
		return nil, nil
	}
	return nodeHash(last, older), nodeHash(last, newer)
}

// splitOf is the largest power of two below size.
func splitOf(size int64) int64 { return 1 << (bits.Len64(uint64(size-1)) - 1) }

const tileWidth = 256

// tilePath names tile number index of a level ("entries", "0", "1", …).
func tilePath(level string, index int64, width int) string {
	name := fmt.Sprintf("%03d", index%1000)
	for index /= 1000; index > 0; index /= 1000 {
		name = fmt.Sprintf("x%03d/%s", index%1000, name)
	}
	if width < tileWidth {
		name += ".p/" + strconv.Itoa(width)
	}
	return "tile/" + level + "/" + name
}

// tileBytes are the hashes that tile number index of a level holds, up to a full tile.
func (t *tree) tileBytes(level int, index, width int) []byte {
	var out []byte
	for _, hash := range t.levels[8*level][index*tileWidth : index*tileWidth+width] {
		out = append(out, hash...)
	}
	return out
}

// decodeBundle gives the entries of a bundle.
func decodeBundle(b []byte) [][]byte {
	var entries [][]byte
	for at := 0; at < len(b); {
		length := int(b[at]) << 8
		if at+1 < len(b) {
			length |= int(b[at+1])
		}
		if at+2+length > len(b) || len(entries) == tileWidth {
			refuse("bundle", "at byte %d", at)
		}
		entries = append(entries, b[at+2:at+2+length])
		at += 2 + length
	}
	return entries
}
