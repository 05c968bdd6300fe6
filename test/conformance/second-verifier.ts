// A second verifier of a space's proof, written from docs/protocol/log.md. It shares no line with src and takes the
// other road wherever there are two: roots by recursion, paths folded from the top, curve points by BigInt.
import { createHash, createPublicKey, verify } from 'node:crypto'

/** Files of one space as published: `checkpoint`, `tile/…`. */
export type PublishedFiles = ReadonlyMap<string, Uint8Array>

export interface Keys {
  origin: string
  /** Raw 32-byte keys. */
  host: Uint8Array
  cosigners: { name: string; key: Uint8Array }[]
  /** Act keys that may have signed, by key id. */
  acts: ReadonlyMap<string, Uint8Array>
}

const sha = (...pieces: Uint8Array[]): Buffer => {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest()
}
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

/** Problems found in a published space; none means that signatures, entries, tiles and checkpoint agree. */
export function problemsOf(files: PublishedFiles, keys: Keys): string[] {
  const note = files.get('checkpoint')
  if (!note) return ['no checkpoint']
  const head = readHead(text(note), keys)
  if (typeof head === 'string') return [head]
  const entries = readEntries(files, head.size)
  if (typeof entries === 'string') return [entries]
  const hashes = entries.map((entry) => sha(Buffer.of(0), entry))
  const problems = entries.flatMap((entry, index) =>
    actProblems(entry, keys).map((problem) => `entry ${index}: ${problem}`),
  )
  if (!treeHash(hashes).equals(head.root)) problems.push('root')
  return [...problems, ...tileProblems(files, hashes)]
}

/** RFC 6962 §2.1 as written there. */
export function treeHash(hashes: Buffer[]): Buffer {
  if (hashes.length === 0) return sha()
  if (hashes.length === 1) return hashes[0] as Buffer
  const k = largestPower(hashes.length)
  return sha(Buffer.of(1), treeHash(hashes.slice(0, k)), treeHash(hashes.slice(k)))
}

/** Root that an audit path leads to, folded from the top of the tree; undefined when the length is wrong. */
export function rootOfPath(leaf: Buffer, index: number, size: number, path: Buffer[]): Buffer | undefined {
  if (index < 0 || index >= size) return undefined
  if (size === 1) return path.length === 0 ? leaf : undefined
  const last = path.at(-1)
  if (!last) return undefined
  const k = largestPower(size)
  const rest = path.slice(0, -1)
  if (index < k) {
    const left = rootOfPath(leaf, index, k, rest)
    return left && sha(Buffer.of(1), left, last)
  }
  const right = rootOfPath(leaf, index - k, size - k, rest)
  return right && sha(Buffer.of(1), last, right)
}

/** Old and new root that a consistency proof leads to, by RFC 6962 §2.1.2 read backwards. */
export function rootsOfProof(from: number, to: number, oldRoot: Buffer, path: Buffer[]): [Buffer, Buffer] | undefined {
  if (from === to) return path.length === 0 ? [oldRoot, oldRoot] : undefined
  return foldProof(from, to, path, oldRoot, true)
}

function foldProof(
  m: number,
  n: number,
  path: Buffer[],
  oldRoot: Buffer,
  whole: boolean,
): [Buffer, Buffer] | undefined {
  if (m === n) {
    if (whole) return path.length === 0 ? [oldRoot, oldRoot] : undefined
    const only = path[0]
    return path.length === 1 && only ? [only, only] : undefined
  }
  const last = path.at(-1)
  if (!last) return undefined
  const k = largestPower(n)
  const rest = path.slice(0, -1)
  if (m <= k) {
    const left = foldProof(m, k, rest, oldRoot, whole)
    return left && [left[0], sha(Buffer.of(1), left[1], last)]
  }
  const right = foldProof(m - k, n - k, rest, oldRoot, false)
  return right && [sha(Buffer.of(1), last, right[0]), sha(Buffer.of(1), last, right[1])]
}

function largestPower(n: number): number {
  return 2 ** Math.ceil(Math.log2(n) - 1)
}

function readHead(note: string, { origin, host, cosigners }: Keys): { size: number; root: Buffer } | string {
  const parts = note.split('\n\n')
  const [first, size, root, ...rest] = (parts[0] ?? '').split('\n')
  if (parts.length !== 2 || first !== origin || rest.length > 0) return 'checkpoint text'
  const body = Buffer.from(`${parts[0]}\n`)
  const signatures = parts[1] ?? ''
  const lines = signatures
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' '))
  if (!signatures.endsWith('\n') || `${Number(size)}` !== size || !isExact(root)) return 'checkpoint text'
  for (const [dash, name = '', base64, ...more] of lines) {
    if (dash !== '\u2014' || !isExact(base64) || more.length > 0) return 'signature line'
    const problem = lineProblem({ origin, host, cosigners }, { name, bytes: Buffer.from(base64, 'base64'), body })
    if (problem) return problem
  }
  if (!lines.some(([, name]) => name === origin)) return 'no host line'
  return { size: Number(size), root: Buffer.from(root, 'base64') }
}

function isExact(base64: string | undefined): base64 is string {
  return base64 !== undefined && Buffer.from(base64, 'base64').toString('base64') === base64
}

function lineProblem(
  { origin, host, cosigners }: Omit<Keys, 'acts'>,
  { name, bytes, body }: { name: string; bytes: Buffer; body: Buffer },
): string | undefined {
  if (name === origin) {
    if (!bytes.subarray(0, 4).equals(keyId(name, 1, host))) return 'host key id'
    return isSigned(host, body, bytes.subarray(4)) ? undefined : 'host signature'
  }
  const cosigner = cosigners.find((candidate) => candidate.name === name)
  if (!cosigner || bytes.length !== 76) return 'a line of nobody known'
  if (!bytes.subarray(0, 4).equals(keyId(name, 4, cosigner.key))) return 'cosigner key id'
  const stamped = Buffer.concat([Buffer.from(`cosignature/v1\ntime ${bytes.readBigUInt64BE(4)}\n`), body])
  return isSigned(cosigner.key, stamped, bytes.subarray(12)) ? undefined : 'cosignature'
}

function keyId(name: string, type: number, key: Uint8Array): Buffer {
  return sha(Buffer.from(name), Buffer.of(10, type), key).subarray(0, 4)
}

function readEntries(files: PublishedFiles, size: number): Buffer[] | string {
  const entries: Buffer[] = []
  for (let tile = 0; tile * 256 < size; tile += 1) {
    const width = Math.min(256, size - tile * 256)
    const bytes = files.get(pathOf('entries', tile, width))
    if (!bytes) return `no ${pathOf('entries', tile, width)}`
    const bundle = Buffer.from(bytes)
    for (let at = 0; at < bundle.length; ) {
      if (at + 2 > bundle.length) return 'bundle'
      const end = at + 2 + bundle.readUInt16BE(at)
      if (end > bundle.length) return 'bundle'
      entries.push(bundle.subarray(at + 2, end))
      at = end
    }
  }
  return entries.length === size ? entries : `${entries.length} entries of ${size}`
}

function actProblems(entry: Buffer, { acts }: Keys): string[] {
  const { envelope } = JSON.parse(entry.toString('utf8')) as {
    envelope: Record<'payload' | 'protected' | 'signature', string>
  }
  const header = JSON.parse(Buffer.from(envelope.protected, 'base64url').toString('utf8')) as {
    kid: string
    alg: string
  }
  const key = acts.get(header.kid)
  if (!key || header.alg !== 'Ed25519') return ['key']
  const signed = Buffer.from(`${envelope.protected}.${envelope.payload}`)
  return isSigned(key, signed, Buffer.from(envelope.signature, 'base64url')) ? [] : ['signature']
}

function tileProblems(files: PublishedFiles, hashes: Buffer[]): string[] {
  const problems: string[] = []
  let row = hashes
  for (let level = 0; row.length > 0; level += 1) {
    for (let tile = 0; tile * 256 < row.length; tile += 1) {
      const nodes = row.slice(tile * 256, tile * 256 + 256)
      const path = pathOf(level, tile, nodes.length)
      if (!Buffer.concat(nodes).equals(Buffer.from(files.get(path) ?? []))) problems.push(path)
    }
    row = Array.from({ length: Math.floor(row.length / 256) }, (_, at) => treeHash(row.slice(at * 256, at * 256 + 256)))
  }
  return problems
}

function pathOf(level: number | string, index: number, width: number): string {
  const [millions, thousands, ones] = [Math.floor(index / 1e6), Math.floor(index / 1e3) % 1000, index % 1000]
  const three = (n: number): string => `00${n}`.slice(-3)
  const high = millions > 0 ? `x${three(millions)}/x${three(thousands)}/` : thousands > 0 ? `x${three(thousands)}/` : ''
  return `tile/${level}/${high}${three(ones)}${width < 256 ? `.p/${width}` : ''}`
}

const p = 2n ** 255n - 19n

/** Strict Ed25519: small orders are found by doubling the point three times instead of by a list. */
export function isSigned(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== 32 || signature.length !== 64) return false
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`)
  if (s >= 2n ** 252n + 27742317777372353535851937790883648493n) return false
  if (isWeak(key) || isWeak(signature.subarray(0, 32))) return false
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') }
  return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature)
}

const judged = new Map<string, boolean>()

function isWeak(encoded: Uint8Array): boolean {
  const name = Buffer.from(encoded).toString('hex')
  const weak = judged.get(name) ?? isWeakPoint(encoded)
  judged.set(name, weak)
  return weak
}

function isWeakPoint(encoded: Uint8Array): boolean {
  const number = BigInt(`0x${Buffer.from(encoded).reverse().toString('hex')}`)
  const y = number & (2n ** 255n - 1n)
  if (y >= p) return true
  // With x² = (y² − 1)/(dy² + 1) a point has order 1, 2, 4 or 8 exactly if doubling it thrice gives (0, 1).
  const d = mod(-121665n * inverse(121666n))
  const xx = mod((y * y - 1n) * inverse(mod(d * y * y + 1n)))
  const x = squareRoot(xx)
  if (x === undefined) return false
  let point: [bigint, bigint] = [x, y]
  for (let i = 0; i < 3; i += 1) point = double(point, d)
  return point[0] === 0n && point[1] === 1n
}

function double([x, y]: [bigint, bigint], d: bigint): [bigint, bigint] {
  const k = mod(d * x * x * y * y)
  return [mod(2n * x * y * inverse(mod(1n + k))), mod((y * y + x * x) * inverse(mod(1n - k)))]
}

function squareRoot(square: bigint): bigint | undefined {
  const candidate = power(square, (p + 3n) / 8n)
  if (mod(candidate * candidate) === square) return candidate
  const other = mod(candidate * power(2n, (p - 1n) / 4n))
  return mod(other * other) === square ? other : undefined
}

function mod(n: bigint): bigint {
  return ((n % p) + p) % p
}

function inverse(n: bigint): bigint {
  return power(mod(n), p - 2n)
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, mod(base)]
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = mod(result * square)
    square = mod(square * square)
  }
  return result
}
