import { joinBytes, sameBytes, sha256 } from './bytes.ts'
import { ProtocolError } from './protocol-error.ts'

/** Hash of the complete subtree over leaves index·2^level to (index+1)·2^level − 1; level 0 are leaf hashes. */
export interface NodeAt {
  level: number
  index: number
}

/** Gives the hash of a complete subtree that lies within the tree. */
export type ReadNode = (node: NodeAt) => Uint8Array

const leafPrefix = Uint8Array.of(0)
/** A node before it is hashed: 1, left, right. Used again for every node. */
const nodeBytes = Uint8Array.of(1, ...new Uint8Array(64))

/** Root of the tree without leaves: SHA-256 of nothing. */
export const emptyRoot: Uint8Array = sha256(new Uint8Array())

/** RFC 6962 leaf hash of an entry's bytes. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(joinBytes(leafPrefix, entry))
}

/** RFC 6962 hash of an inner node. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeBytes.set(left, 1)
  nodeBytes.set(right, 33)
  return sha256(nodeBytes)
}

/** Complete subtrees that appending leaf number `size` creates, level 0 first. Reads their left siblings. */
export function appendNodes(size: number, leaf: Uint8Array, nodeAt: ReadNode): (NodeAt & { hash: Uint8Array })[] {
  const created = [{ level: 0, index: size, hash: leaf }]
  let [level, index, hash] = [0, size, leaf]
  while (index % 2 === 1) {
    hash = nodeHash(nodeAt({ level, index: index - 1 }), hash)
    level += 1
    index = (index - 1) / 2
    created.push({ level, index, hash })
  }
  return created
}

/** Complete subtrees whose hashes give the root of a tree of `size` leaves, left to right. */
export function rootNodes(size: number): NodeAt[] {
  return rangeNodes(0, size)
}

/** Root of a tree of `size` leaves. */
export function rootFrom(size: number, nodeAt: ReadNode): Uint8Array {
  return size === 0 ? emptyRoot : rangeHash(0, size, nodeAt)
}

/** Nodes to read before `inclusionPath`. */
export function inclusionNodes(index: number, size: number): NodeAt[] {
  return inclusionRanges(index, size).flatMap(([start, end]) => rangeNodes(start, end))
}

/** Audit path of leaf `index` in the tree of `size` leaves, leaf upwards. */
export function inclusionPath(index: number, size: number, nodeAt: ReadNode): Uint8Array[] {
  return inclusionRanges(index, size).map(([start, end]) => rangeHash(start, end, nodeAt))
}

/** Audit paths of many leaves of one tree, in the caller's form: what they share is hashed and formed once. */
export function inclusionPaths<T>(
  size: number,
  nodeAt: ReadNode,
  form: (hash: Uint8Array) => T,
): (index: number) => T[] {
  const known = new Map<number, T>()
  return (index) =>
    inclusionRanges(index, size).map(([start, end]) => {
      // Ranges at the ragged edge differ in where they start, complete ones in where their middle is.
      const range = end === size ? -1 - start : start + end
      const formed = known.get(range) ?? form(rangeHash(start, end, nodeAt))
      known.set(range, formed)
      return formed
    })
}

/** Nodes to read before `consistencyPath`. */
export function consistencyNodes(from: number, to: number): NodeAt[] {
  return consistencyRanges(from, to).flatMap(([start, end]) => rangeNodes(start, end))
}

/** RFC 6962 proof that the tree of `from` leaves is a prefix of the tree of `to` leaves; empty if from is 0 or to. */
export function consistencyPath(from: number, to: number, nodeAt: ReadNode): Uint8Array[] {
  return consistencyRanges(from, to).map(([start, end]) => rangeHash(start, end, nodeAt))
}

/** RFC 9162 §2.1.3.2. False for an index outside the tree and for a path of the wrong length. */
export function verifyInclusion(proof: {
  leafHash: Uint8Array
  index: number
  size: number
  path: Uint8Array[]
  root: Uint8Array
}): boolean {
  const { index, size, path, root } = proof
  if (!isSize(index) || !isSize(size) || index >= size || path.some((hash) => hash.length !== 32)) return false
  let [fn, sn, r] = [index, size - 1, proof.leafHash]
  for (const hash of path) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(hash, r)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      r = nodeHash(r, hash)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 && sameBytes(r, root)
}

/** RFC 9162 §2.1.4.2. From size 0 only the empty proof of the empty root holds; equal sizes need equal roots. */
export function verifyConsistency(proof: {
  fromSize: number
  fromRoot: Uint8Array
  toSize: number
  toRoot: Uint8Array
  path: Uint8Array[]
}): boolean {
  const { fromSize, fromRoot, toSize, toRoot, path } = proof
  if (!isSize(fromSize) || !isSize(toSize) || fromSize > toSize) return false
  if (path.some((hash) => hash.length !== 32)) return false
  if (fromSize === 0) return path.length === 0 && sameBytes(fromRoot, emptyRoot)
  if (fromSize === toSize) return path.length === 0 && sameBytes(fromRoot, toRoot)
  const hashes = isPowerOfTwo(fromSize) ? [fromRoot, ...path] : path
  const first = hashes[0]
  if (!first || path.length === 0) return false
  let [fn, sn] = [fromSize - 1, toSize - 1]
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)]
  let [fr, sr] = [first, first]
  for (const hash of hashes.slice(1)) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(hash, fr)
      sr = nodeHash(hash, sr)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      sr = nodeHash(sr, hash)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 && sameBytes(fr, fromRoot) && sameBytes(sr, toRoot)
}

type Range = [start: number, end: number]

/** Complete subtrees of leaves start…end−1; `start` is a multiple of the largest power of two ≤ the length. */
function rangeNodes(start: number, end: number): NodeAt[] {
  const nodes: NodeAt[] = []
  let at = start
  for (let level = Math.floor(Math.log2(Math.max(1, end - start))) + 1; level >= 0; level -= 1) {
    const width = 2 ** level
    if (end - at < width) continue
    nodes.push({ level, index: at / width })
    at += width
  }
  return nodes
}

function rangeHash(start: number, end: number, nodeAt: ReadNode): Uint8Array {
  return rangeNodes(start, end)
    .map(nodeAt)
    .reduceRight((right, left) => nodeHash(left, right))
}

function inclusionRanges(index: number, size: number): Range[] {
  if (!isSize(index) || !isSize(size) || index >= size) {
    throw new ProtocolError('tree-size', `index ${index} in a tree of ${size}`)
  }
  const ranges: Range[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + splitOf(end - start)
    if (index < middle) {
      ranges.push([middle, end])
      end = middle
    } else {
      ranges.push([start, middle])
      start = middle
    }
  }
  return ranges.reverse()
}

function consistencyRanges(from: number, to: number): Range[] {
  if (!isSize(from) || !isSize(to) || from > to) throw new ProtocolError('tree-size', `from ${from} to ${to}`)
  if (from === 0 || from === to) return []
  const ranges: Range[] = []
  let [start, end, whole] = [0, to, true]
  while (from !== end) {
    const middle = start + splitOf(end - start)
    if (from <= middle) {
      ranges.push([middle, end])
      end = middle
    } else {
      ranges.push([start, middle])
      start = middle
      whole = false
    }
  }
  // The old tree itself starts the proof unless the verifier already holds its root.
  if (!whole) ranges.push([start, end])
  return ranges.reverse()
}

/** Largest power of two below `length`. */
function splitOf(length: number): number {
  let power = 1
  while (power * 2 < length) power *= 2
  return power
}

function half(n: number): number {
  return Math.floor(n / 2)
}

function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0
}

function isPowerOfTwo(n: number): boolean {
  let power = 1
  while (power < n) power *= 2
  return power === n
}
