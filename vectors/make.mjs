// Writes the known-answer vectors of this folder. Imports node:crypto and nothing of the project, so that a mistake
// would have to be made twice. Run `node vectors/make.mjs`; the output depends on nothing but this file.
import { createCipheriv, createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { writeFileSync } from 'node:fs'

// ── Bytes ──────────────────────────────────────────────────────────────────
const sha = (...pieces) => pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest()
const b64u = (bytes) => Buffer.from(bytes).toString('base64url')
const b64 = (bytes) => Buffer.from(bytes).toString('base64')
const hex = (bytes) => Buffer.from(bytes).toString('hex')
const bytesOf = (text) => Buffer.from(text, 'utf8')

function quote(text) {
  let out = '"'
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    const short = { 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\' }[unit]
    if (short) out += short
    else if (unit < 0x20) out += `\\u${unit.toString(16).padStart(4, '0')}`
    else out += text[i]
  }
  return `${out}"`
}
function byUnits(a, b) {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return a.charCodeAt(i) - b.charCodeAt(i)
  }
  return a.length - b.length
}
function jcs(value) {
  if (typeof value === 'string') return quote(value)
  if (value === null || typeof value === 'boolean') return `${value}`
  if (typeof value === 'number') return value.toFixed(0)
  if (Array.isArray(value)) return `[${value.map(jcs).join()}]`
  return `{${Object.keys(value).sort(byUnits).map((name) => `${quote(name)}:${jcs(value[name])}`).join()}}`
}
const canonical = (value) => bytesOf(jcs(value))

// ── Keys and acts ──────────────────────────────────────────────────────────
function keyFrom(seed) {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), sha(bytesOf(seed))])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const x = createPublicKey(key).export({ format: 'jwk' }).x
  const kid = b64u(sha(bytesOf(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`)))
  return { seed, x, kid, sign: (bytes) => sign(null, bytes, key) }
}
const idFrom = (name) => hex(sha(bytesOf(name))).slice(0, 32)
const header = (kid, typ = 'chancery-act+json') => ({ alg: 'Ed25519', kid, typ })
function seal(payload, key, protectedBytes = canonical(header(key.kid))) {
  const [h, p] = [b64u(protectedBytes), b64u(payload)]
  return { payload: p, protected: h, signature: b64u(key.sign(bytesOf(`${h}.${p}`))) }
}
const leaf = (time, envelope) => canonical({ v: 1, time, envelope })

// ── Tree: straight from the recursive definition of RFC 6962 ───────────────
const leafHash = (entry) => sha(Buffer.of(0), entry)
const nodeHash = (left, right) => sha(Buffer.of(1), left, right)
const split = (n) => { let k = 1; while (k * 2 < n) k *= 2; return k }
function mth(hashes) {
  if (hashes.length === 0) return sha()
  if (hashes.length === 1) return hashes[0]
  const k = split(hashes.length)
  return nodeHash(mth(hashes.slice(0, k)), mth(hashes.slice(k)))
}
function audit(m, hashes) {
  if (hashes.length === 1) return []
  const k = split(hashes.length)
  return m < k
    ? [...audit(m, hashes.slice(0, k)), mth(hashes.slice(k))]
    : [...audit(m - k, hashes.slice(k)), mth(hashes.slice(0, k))]
}
function subproof(m, hashes, whole) {
  if (m === hashes.length) return whole ? [] : [mth(hashes)]
  const k = split(hashes.length)
  return m <= k
    ? [...subproof(m, hashes.slice(0, k), whole), mth(hashes.slice(k))]
    : [...subproof(m - k, hashes.slice(k), false), mth(hashes.slice(0, k))]
}

// ── Notes ──────────────────────────────────────────────────────────────────
const noteId = (name, type, x) => sha(bytesOf(`${name}\n`), Buffer.of(type), Buffer.from(x, 'base64url')).subarray(0, 4)
const line = (name, ...bytes) => `\u2014 ${name} ${b64(Buffer.concat(bytes))}\n`
const body = (origin, size, root) => `${origin}\n${size}\n${b64(root)}\n`
const hostLine = (text, name, key) => line(name, noteId(name, 1, key.x), key.sign(bytesOf(text)))
const signNote = (text, name, key) => `${text}\n${hostLine(text, name, key)}`
function cosignature(text, name, key, time) {
  const stamp = Buffer.alloc(8)
  stamp.writeBigUInt64BE(BigInt(time))
  return line(name, noteId(name, 4, key.x), stamp, key.sign(bytesOf(`cosignature/v1\ntime ${time}\n${text}`)))
}

const save = (name, about, cases) => {
  writeFileSync(new URL(`${name}.json`, import.meta.url), `${JSON.stringify({ about, ...cases }, null, 1)}\n`)
}
const flip = (bytes, at = 0) => { const copy = Buffer.from(bytes); copy[at] ^= 1; return copy }

// ── jcs.json ───────────────────────────────────────────────────────────────
const jcsValid = [
  ['empty object', {}], ['empty array', []], ['null', null], ['text alone', 'a'],
  ['largest integer', 9007199254740991], ['smallest integer', -9007199254740991], ['zero', 0],
  ['names in UTF-16 order', { '\u20ac': 1, '\r': 2, '\ufb33': 3, 1: 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 }],
  ['escapes', { text: '\b\t\n\f\r"\\\u0000\u001f\u007f/\u2028' }],
  ['Arabic and French', { ar: 'مذكرة شفوية', fr: 'note verbale accusée reçue' }],
  ['prototype as a name', JSON.parse('{"__proto__":{"a":1},"constructor":2}')],
  ['nested', { b: [1, { d: null, c: true }, []], a: { z: false, y: '' } }],
]
const deep = (levels) => '['.repeat(levels) + ']'.repeat(levels)
const jcsInvalid = [
  ['space after colon', '{"a": 1}', 'json-canonical'], ['names out of order', '{"b":1,"a":2}', 'json-canonical'],
  ['a name twice', '{"a":1,"a":1}', 'json-canonical'], ['a name twice, other values', '{"a":1,"a":2}', 'json-canonical'],
  ['exponent', '{"a":1E2}', 'json-canonical'], ['trailing zero', '{"a":1.0}', 'json-canonical'],
  ['minus zero', '{"a":-0}', 'json-canonical'], ['fraction', '{"a":1.5}', 'json-number'],
  ['2^53', '9007199254740992', 'json-number'], ['2^53 + 1', '9007199254740993', 'json-number'],
  ['huge', '1e400', 'json-number'], ['escaped letter', '"\\u0061"', 'json-canonical'],
  ['escaped slash', '"\\/"', 'json-canonical'], ['upper-case escape', '"\\u001F"', 'json-canonical'],
  ['lone high surrogate', '"\\ud800"', 'json-surrogate'], ['lone low surrogate', '{"\\udc00":1}', 'json-surrogate'],
  ['escaped pair', '"\\ud83d\\ude00"', 'json-canonical'], ['byte order mark', '\ufeff{}', 'json-syntax'],
  ['newline at the end', '{}\n', 'json-canonical'], ['two values', '{}{}', 'json-syntax'], ['nothing', '', 'json-syntax'],
  ['comment', '{}//', 'json-syntax'], ['33 levels and one', deep(34), 'json-depth'],
].map(([name, text, rule]) => ({ name, hex: hex(bytesOf(text)), rule }))
jcsInvalid.push({ name: 'overlong UTF-8', hex: '22c0af22', rule: 'bytes-utf8' })
jcsInvalid.push({ name: 'surrogate in UTF-8', hex: '22eda08022', rule: 'bytes-utf8' })
save('jcs', 'Canonical bytes (RFC 8785, integers below 2^53). `json` is any JSON text of the value, `hex` its only bytes.', {
  valid: [...jcsValid.map(([name, value]) => ({ name, json: JSON.stringify(value), hex: hex(canonical(value)) })),
    { name: '33 levels', json: deep(33), hex: hex(bytesOf(deep(33))) }],
  invalid: jcsInvalid,
})

// ── acts.json, leaves.json ─────────────────────────────────────────────────
const alice = keyFrom('vector act key')
const emptyRoot = b64u(sha())
const plain = {
  v: 1, space: idFrom('vector space'), type: 'channels.note-sent', id: idFrom('vector act'), author: 'aurelia.example',
  office: 'cyber-desk', seen: { size: 0, root: emptyRoot }, at: 1790000000000, marking: { tlp: 'AMBER' }, parts: [],
}
const part = (role, n) => ({ role, hash: b64u(sha(bytesOf(`part ${n}`))), size: 120 + n, media: 'application/json' })
const full = {
  ...plain, id: idFrom('vector act in full'), after: [b64u(sha(bytesOf('after')))],
  refs: [{ act: b64u(sha(bytesOf('ref'))) }, { space: idFrom('other space'), act: b64u(sha(bytesOf('ref 2'))) }],
  marking: { tlp: 'AMBER+STRICT', pap: 'GREEN', class: 'restricted', caveats: ['ORCON'], audience: ['borovia.example', 'calenia.example'] },
  parts: [part('body', 1), { ...part('attachment', 2), media: 'application/pdf', enc: {
    alg: 'A256GCM-1MiB', hash: b64u(sha(bytesOf('enc'))), size: 202, keys: b64u(sha(bytesOf('keys'))) } }],
}
const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))
const actCase = (name, statement) => {
  const payload = canonical(statement)
  return { name, key: alice.x, kid: alice.kid, statement, hash: b64u(sha(payload)), envelope: seal(payload, alice) }
}
const badStatement = (name, statement, rule) => ({ name, rule, envelope: seal(canonical(statement), alice) })
const badText = (name, text, rule) => ({ name, rule, envelope: seal(bytesOf(text), alice) })
const good = seal(canonical(plain), alice)
const long = (n) => ({ ...plain, refs: Array.from({ length: 64 }, (_, i) => ({ space: idFrom(`s${i}`), act: b64u(sha(bytesOf(`${i}`))) })),
  after: Array.from({ length: 64 }, (_, i) => b64u(sha(bytesOf(`after ${i}`)))), parts: Array.from({ length: n }, (_, i) => part(`attachment.${i}`, i)) })
const statementRules = [
  ['no version', without(plain, 'v')], ['version 2', { ...plain, v: 2 }], ['no id', without(plain, 'id')],
  ['upper-case id', { ...plain, id: plain.id.toUpperCase().replace(/^./, 'A') }], ['short space', { ...plain, space: 'ab' }],
  ['author with upper case', { ...plain, author: 'Aurelia.example' }], ['author of one label', { ...plain, author: 'aurelia' }],
  ['author in Unicode', { ...plain, author: 'aurélia.example' }], ['author ends in a dot', { ...plain, author: 'aurelia.example.' }],
  ['type without module', { ...plain, type: 'note-sent' }], ['type in upper case', { ...plain, type: 'channels.Note-sent' }],
  ['negative time', { ...plain, at: -1 }], ['time as text', { ...plain, at: '2026' }],
  ['seen without root', { ...plain, seen: { size: 0 } }], ['seen root of 31 bytes', { ...plain, seen: { size: 0, root: b64u(Buffer.alloc(31)) } }],
  ['unknown label', { ...plain, marking: { tlp: 'WHITE' } }], ['no marking', without(plain, 'marking')],
  ['empty after', { ...plain, after: [] }], ['empty refs', { ...plain, refs: [] }],
  ['after twice the same', { ...plain, after: [emptyRoot, emptyRoot] }], ['two bodies', { ...plain, parts: [part('body', 1), part('body', 2)] }],
  ['one part twice', { ...plain, parts: [part('a', 1), { ...part('b', 1) }] }], ['part without media', { ...plain, parts: [without(part('body', 1), 'media')] }],
  ['part size negative', { ...plain, parts: [{ ...part('body', 1), size: -1 }] }], ['statement is an array', [plain]], ['statement is null', null],
  ['65 parts', { ...plain, parts: Array.from({ length: 65 }, (_, i) => part(`attachment.${i}`, i)) }],
  ['office with a space', { ...plain, office: 'cyber desk' }], ['padded hash', { ...plain, seen: { size: 0, root: `${emptyRoot}=` } }],
]
save('acts', 'Acts: flattened JWS over canonical statements. `rule` is the first rule that fails before any key is asked.', {
  valid: [actCase('plain', plain), actCase('every member', full)],
  invalid: [
    ...statementRules.map(([name, statement]) => badStatement(name, statement, 'statement-shape')),
    badStatement('unknown member', { ...plain, note: 'x' }, 'unknown-member'),
    badStatement('unknown member in marking', { ...plain, marking: { tlp: 'RED', colour: 'red' } }, 'unknown-member'),
    badStatement('unknown member in a part', { ...plain, parts: [{ ...part('body', 1), name: 'x' }] }, 'unknown-member'),
    badStatement('unknown member in seen', { ...plain, seen: { size: 0, root: emptyRoot, time: 1 } }, 'unknown-member'),
    badStatement('more than 16 KiB', long(64), 'statement-size'),
    badText('not canonical', jcs(plain).replace(':', ': '), 'json-canonical'),
    badText('a member twice', jcs(plain).replace('{', '{"at":1,'), 'json-canonical'),
    badText('fraction', jcs(plain).replace('1790000000000', '1790000000000.5'), 'json-number'),
    { name: 'extra member in envelope', rule: 'envelope-shape', envelope: { ...good, header: {} } },
    { name: 'no signature', rule: 'envelope-shape', envelope: without(good, 'signature') },
    { name: 'signature of 63 bytes', rule: 'signature-form', envelope: { ...good, signature: b64u(Buffer.alloc(63)) } },
    { name: 'padded signature', rule: 'signature-form', envelope: { ...good, signature: `${good.signature}==` } },
    { name: 'payload in standard base64', rule: 'base64url', envelope: { ...good, payload: `${good.payload}=` } },
    { name: 'algorithm EdDSA', rule: 'header', envelope: seal(canonical(plain), alice, canonical({ ...header(alice.kid), alg: 'EdDSA' })) },
    { name: 'algorithm none', rule: 'header', envelope: seal(canonical(plain), alice, canonical({ ...header(alice.kid), alg: 'none' })) },
    { name: 'another typ', rule: 'header', envelope: seal(canonical(plain), alice, canonical({ ...header(alice.kid), typ: 'JWT' })) },
    { name: 'crit in header', rule: 'header', envelope: seal(canonical(plain), alice, canonical({ ...header(alice.kid), crit: ['b64'] })) },
    { name: 'no kid', rule: 'header', envelope: seal(canonical(plain), alice, canonical(without(header('x'), 'kid'))) },
    { name: 'header not canonical', rule: 'json-canonical', envelope: seal(canonical(plain), alice, bytesOf(JSON.stringify({ typ: 'chancery-act+json', kid: alice.kid, alg: 'Ed25519' }))) },
  ],
  unsigned: [
    { name: 'signature of another act', key: alice.x, envelope: { ...good, signature: seal(canonical(full), alice).signature } },
    { name: 'one bit of the signature', key: alice.x, envelope: { ...good, signature: b64u(flip(Buffer.from(good.signature, 'base64url'), 10)) } },
    { name: 'another key', key: keyFrom('somebody else').x, envelope: good },
    { name: 's plus L', key: alice.x, envelope: { ...good, signature: b64u(addL(Buffer.from(good.signature, 'base64url'))) } },
  ],
})
function addL(signature) {
  const l = (1n << 252n) + 27742317777372353535851937790883648493n
  const s = BigInt(`0x${hex(Buffer.from(signature.subarray(32)).reverse())}`) + l
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()])
}
const aLeaf = leaf(1790000000123, good)
save('leaves', 'Entries of a log and their RFC 6962 leaf hashes.', {
  valid: [{ name: 'plain', hex: hex(aLeaf), time: 1790000000123, act: b64u(sha(canonical(plain))), hash: b64u(leafHash(aLeaf)) }],
  invalid: [
    { name: 'version 2', hex: hex(canonical({ v: 2, time: 1, envelope: good })), rule: 'leaf-shape' },
    { name: 'extra member', hex: hex(canonical({ v: 1, time: 1, envelope: good, host: 'x' })), rule: 'leaf-shape' },
    { name: 'negative time', hex: hex(canonical({ v: 1, time: -1, envelope: good })), rule: 'leaf-shape' },
    { name: 'no envelope', hex: hex(canonical({ v: 1, time: 1 })), rule: 'leaf-shape' },
    { name: 'not canonical', hex: hex(bytesOf(` ${aLeaf}`)), rule: 'json-canonical' },
    { name: '65,536 bytes', hex: hex(Buffer.alloc(65536, 32)), rule: 'leaf-size' },
  ].map((one) => (one.hex.length > 20000 ? { ...without(one, 'hex'), fill: { byte: '20', times: 65536 } } : one)),
})

// ── trees.json ─────────────────────────────────────────────────────────────
const data = Array.from({ length: 41 }, (_, i) => bytesOf(i === 0 ? '' : `entry ${i}`))
const hashes = data.map(leafHash)
const inclusion = []
const consistency = []
for (const size of [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 33, 41]) {
  for (const index of new Set([0, 1, 2, size >> 1, size - 2, size - 1].filter((i) => i >= 0 && i < size))) {
    inclusion.push({ index, size, path: audit(index, hashes.slice(0, size)).map(b64u) })
  }
  for (const from of new Set([0, 1, 2, 3, 4, size >> 1, size - 1, size].filter((n) => n >= 0 && n <= size))) {
    consistency.push({ from, to: size, path: from === 0 ? [] : subproof(from, hashes.slice(0, size), true).map(b64u) })
  }
}
const nth = (i) => ({ leaf: b64u(hashes[i]), index: i, size: 33, path: audit(i, hashes.slice(0, 33)).map(b64u), root: b64u(mth(hashes.slice(0, 33))) })
const cons = (from, to) => ({ from, to, fromRoot: b64u(mth(hashes.slice(0, from))), toRoot: b64u(mth(hashes.slice(0, to))), path: from === 0 ? [] : subproof(from, hashes.slice(0, to), true).map(b64u) })
save('trees', 'RFC 6962 trees over `entries` (hex). `roots[n]` is the root of the first n; empty tree: SHA-256 of nothing.', {
  entries: data.map(hex),
  roots: Array.from({ length: data.length + 1 }, (_, n) => b64u(mth(hashes.slice(0, n)))),
  inclusion,
  consistency,
  invalidInclusion: [
    { name: 'another index', ...nth(5), index: 6 }, { name: 'index at size', ...nth(32), index: 33 },
    { name: 'another size', ...nth(5), size: 65 }, { name: 'path too long', ...nth(5), path: [...nth(5).path, emptyRoot] },
    { name: 'path too short', ...nth(5), path: nth(5).path.slice(1) }, { name: 'path reversed', ...nth(5), path: nth(5).path.reverse() },
    { name: 'another leaf', ...nth(5), leaf: b64u(hashes[6]) }, { name: 'another root', ...nth(5), root: emptyRoot },
    { name: 'negative index', ...nth(0), index: -1 }, { name: 'empty tree', leaf: emptyRoot, index: 0, size: 0, path: [], root: emptyRoot },
  ],
  invalidConsistency: [
    { name: 'shrinks', ...cons(5, 33), from: 33, to: 5 }, { name: 'another old root', ...cons(5, 33), fromRoot: emptyRoot },
    { name: 'another new root', ...cons(5, 33), toRoot: emptyRoot }, { name: 'empty path', ...cons(5, 33), path: [] },
    { name: 'path too long', ...cons(5, 33), path: [...cons(5, 33).path, emptyRoot] }, { name: 'path too short', ...cons(8, 33), path: cons(8, 33).path.slice(1) },
    { name: 'same size, other root', ...cons(33, 33), toRoot: emptyRoot }, { name: 'same size with a path', ...cons(33, 33), path: [emptyRoot] },
    { name: 'from nothing with a path', ...cons(0, 33), path: [emptyRoot] }, { name: 'from nothing, wrong empty root', ...cons(0, 33), fromRoot: b64u(hashes[0]) },
  ],
})

// ── tiles.json ─────────────────────────────────────────────────────────────
const bundle = (list) => Buffer.concat(list.flatMap((entry) => { const n = Buffer.alloc(2); n.writeUInt16BE(entry.length); return [n, entry] }))
save('tiles', 'C2SP tlog-tiles paths, and entry bundles (two length bytes before each entry).', {
  paths: [
    { level: 0, index: 0, width: 256, path: 'tile/0/000' }, { level: 0, index: 273, width: 112, path: 'tile/0/273.p/112' },
    { level: 1, index: 1, width: 17, path: 'tile/1/001.p/17' }, { level: 2, index: 0, width: 1, path: 'tile/2/000.p/1' },
    { level: 'entries', index: 999, width: 256, path: 'tile/entries/999' }, { level: 'entries', index: 1000, width: 256, path: 'tile/entries/x001/000' },
    { level: 0, index: 1234067, width: 256, path: 'tile/0/x001/x234/067' },
  ],
  invalidPaths: ['tile/0/0', 'tile/0/000.p/256', 'tile/0/000.p/0', 'tile/0/x000/001', 'tile/00/000', 'tile/0/000.p/01', 'tile/8/0/000', 'tile/0/000/', '/tile/0/000', 'tile/entry/000', 'tile/0/x001', 'tile/0/000.p/257'],
  bundles: [{ entries: [], hex: '' }, { entries: ['', '61', hex(data[3])], hex: hex(bundle([bytesOf(''), bytesOf('a'), data[3]])) }],
  invalidBundles: ['00', '0001', '000361', '00016100'],
})

// ── blobs.json, fingerprints.json ──────────────────────────────────────────
const salt = sha(bytesOf('vector salt'))
const note = canonical({ subject: 'Note verbale', paragraphs: ['The Ministry presents its compliments.'] })
save('blobs', 'Salted commitments: SHA-256 over 32 salt bytes and the content.', {
  valid: [['text', note], ['empty', Buffer.alloc(0)]].map(([name, content]) => ({ name, salt: hex(salt), content: hex(content), commitment: b64u(sha(salt, content)) })),
  invalid: [
    { name: 'changed content', blob: hex(flip(Buffer.concat([salt, note]), 40)), commitment: b64u(sha(salt, note)), rule: 'blob-commitment' },
    { name: 'changed salt', blob: hex(flip(Buffer.concat([salt, note]), 0)), commitment: b64u(sha(salt, note)), rule: 'blob-commitment' },
    { name: 'shorter than a salt', blob: hex(salt.subarray(1)), commitment: b64u(sha(salt.subarray(1))), rule: 'blob-short' },
  ],
})
const groups = (hash) => Array.from({ length: 16 }, (_, i) => String(hash.readUInt16BE(2 * i)).padStart(5, '0')).join(' ')
save('fingerprints', 'Fingerprints: 16 groups of five digits, each two bytes of a register’s first leaf hash.', {
  valid: [sha(bytesOf('a')), Buffer.alloc(32), Buffer.alloc(32, 255)].map((hash) => ({ first: b64u(hash), fingerprint: groups(hash) })),
})

// ── notes.json ─────────────────────────────────────────────────────────────
const host = keyFrom('vector host key')
const witness = keyFrom('vector cosigner key')
const origin = `aurelia.example/spaces/${plain.space}`
const root33 = mth(hashes.slice(0, 33))
const text33 = body(origin, 33, root33)
const note33 = signNote(text33, origin, host)
const cosigned = note33 + cosignature(text33, 'borovia.example', witness, 1790000001)
const vkey = (name, type, x) => `${name}+${hex(noteId(name, type, x))}+${b64(Buffer.concat([Buffer.of(type), Buffer.from(x, 'base64url')]))}`
const reHosted = (text, name = origin, key = host) => signNote(text, name, key)
save('notes', 'Checkpoints as C2SP signed notes and cosignatures v1, under the keys given.', {
  origin, key: host.x, vkey: vkey(origin, 1, host.x),
  cosigner: { name: 'borovia.example', key: witness.x, vkey: vkey('borovia.example', 4, witness.x) },
  valid: [
    { name: 'host alone', note: note33, size: 33, root: b64u(root33), cosigned: [] },
    { name: 'empty tree', note: reHosted(body(origin, 0, sha())), size: 0, root: emptyRoot, cosigned: [] },
    { name: 'cosigned', note: cosigned, size: 33, root: b64u(root33), cosigned: [{ name: 'borovia.example', time: 1790000001 }] },
    { name: 'a stranger’s line beside', note: note33 + line('witness.example', Buffer.alloc(76, 7)), size: 33, root: b64u(root33), cosigned: [] },
    { name: 'a cosignature of other text counts for nothing', note: note33 + cosignature(body(origin, 34, root33), 'borovia.example', witness, 1790000001), size: 33, root: b64u(root33), cosigned: [] },
    { name: 'a cosignature whose time was changed counts for nothing', note: note33 + changedTime(), size: 33, root: b64u(root33), cosigned: [] },
  ],
  invalid: [
    { name: 'another origin', note: reHosted(body('evil.example/spaces/x', 33, root33), 'evil.example/spaces/x'), rule: 'checkpoint-origin' },
    { name: 'size changed', note: note33.replace('\n33\n', '\n34\n'), rule: 'checkpoint-signature' },
    { name: 'root changed', note: note33.replace(b64(root33), b64(sha())), rule: 'checkpoint-signature' },
    { name: 'another key', note: reHosted(text33, origin, witness), rule: 'checkpoint-signature' },
    { name: 'host line twice', note: note33 + hostLine(text33, origin, host), rule: 'checkpoint-signature' },
    { name: 'only a cosignature', note: `${text33}\n${cosignature(text33, 'borovia.example', witness, 1)}`, rule: 'checkpoint-signature' },
    { name: 'extension line', note: reHosted(`${text33}extra\n`), rule: 'checkpoint-shape' },
    { name: 'size with leading zero', note: reHosted(text33.replace('\n33\n', '\n033\n')), rule: 'checkpoint-shape' },
    { name: 'size with plus', note: reHosted(text33.replace('\n33\n', '\n+33\n')), rule: 'checkpoint-shape' },
    { name: 'root of 31 bytes', note: reHosted(body(origin, 33, root33.subarray(1))), rule: 'checkpoint-shape' },
    { name: 'no blank line', note: note33.replace('\n\n', '\n'), rule: 'note-shape' },
    { name: 'no newline at the end', note: note33.slice(0, -1), rule: 'note-shape' },
    { name: 'hyphen for dash', note: note33.replace('\u2014', '-'), rule: 'note-shape' },
    { name: 'signature too short', note: `${text33}\n\u2014 ${origin} AAAA\n`, rule: 'note-shape' },
    { name: 'carriage returns', note: note33.replaceAll('\n', '\r\n'), rule: 'note-shape' },
    { name: 'seventeen lines', note: note33 + Array.from({ length: 16 }, (_, i) => line(`w${i}.example`, Buffer.alloc(76))).join(''), rule: 'note-shape' },
  ],
})
function changedTime() {
  const [, bytes] = / ([A-Za-z0-9+/=]+)\n$/.exec(cosignature(text33, 'borovia.example', witness, 1790000001))
  return line('borovia.example', flip(Buffer.from(bytes, 'base64'), 11))
}

// ── policies.json ──────────────────────────────────────────────────────────
const watchers = Array.from({ length: 6 }, (_, n) => keyFrom(`vector watcher ${n}`))
const watcherKey = (n) => vkey(`w${n}.example`, 4, watchers[n].x)
const six = watchers.map((_, n) => `witness w${n} ${watcherKey(n)}`).join('\n')
const nested = `log ${vkey(origin, 1, host.x)}\n\n# three of one house, two of another\n${six}\n\tgroup  X 2 w0 w1 w2\ngroup Y any w3 w4\ngroup X-and-Y all X Y \nquorum X-and-Y\n`
save('policies', 'C2SP tlog-policy texts. `met` and `unmet` are sets of witness names that make the quorum and that do not; `line` is where a bad one breaks.', {
  valid: [
    { name: 'no witness asked for', text: 'quorum none\n', met: [[]], unmet: [] },
    { name: 'one witness, no newline at the end', text: `witness w0 ${watcherKey(0)}\nquorum w0`, met: [['w0']], unmet: [[]] },
    { name: 'two houses', text: nested, met: [['w0', 'w1', 'w3'], ['w0', 'w1', 'w2', 'w3', 'w4'], ['w1', 'w2', 'w4']], unmet: [[], ['w0', 'w1', 'w2'], ['w0', 'w3', 'w4'], ['w3', 'w4'], ['w5']] },
    { name: 'a group of one in a group', text: `${six}\ngroup a all w0\ngroup b 2 a w1 w2\nquorum b\n`, met: [['w0', 'w1'], ['w1', 'w2']], unmet: [['w0'], ['w1'], ['w3', 'w4']] },
    { name: 'a key name of 300 characters beyond the first 65,536', text: `witness w0 ${vkey('𝔴'.repeat(300), 4, watchers[0].x)}\nquorum w0\n`, met: [['w0']], unmet: [[]] },
  ],
  invalid: [
    { name: 'a key name of 301 characters', text: `witness a ${vkey('w'.repeat(301), 4, watchers[0].x)}\nquorum a\n`, problem: 'bad-key', line: 1 },
    { name: 'nothing', text: '', problem: 'no-quorum', line: 1 },
    { name: 'two quorums', text: 'quorum none\nquorum none\n', problem: 'quorum-twice', line: 2 },
    { name: 'none in a group', text: `${six}\ngroup a any none\nquorum a\n`, problem: 'unknown-name', line: 7 },
    { name: 'a name used before it is defined', text: `${six}\ngroup a any b\ngroup b any w0\nquorum a\n`, problem: 'unknown-name', line: 7 },
    { name: 'a witness in two groups', text: `${six}\ngroup a any w0\ngroup b any w0 w1\nquorum b\n`, problem: 'member-twice', line: 8 },
    { name: 'more than there are', text: `${six}\ngroup a 3 w0 w1\nquorum a\n`, problem: 'bad-threshold', line: 7 },
    { name: 'one key under two names', text: `witness a ${watcherKey(0)}\nwitness b ${watcherKey(0)}\nquorum a\n`, problem: 'key-twice', line: 2 },
    { name: 'a host key as witness', text: `witness a ${vkey(origin, 1, host.x)}\nquorum a\n`, problem: 'not-a-witness-key', line: 1 },
    { name: 'an id of another key', text: `witness a ${vkey('x.example', 4, watchers[0].x).replace('x.example', 'y.example')}\nquorum a\n`, problem: 'bad-key', line: 1 },
    { name: 'carriage return', text: 'quorum none\r\n', problem: 'bad-character', line: 1 },
  ],
})

// ── witness.json ───────────────────────────────────────────────────────────
const rootAt = (size) => mth(hashes.slice(0, size))
const noteAt = (size, root = rootAt(size), key = host) => signNote(body(origin, size, root), origin, key)
const proofOf = (from, to) => (from === 0 ? [] : subproof(from, hashes.slice(0, to), true))
const submission = (old, path, note) => `old ${old}\n${path.map((hash) => `${b64(hash)}\n`).join('')}\n${note}`
const forked = mth([...hashes.slice(0, 19), leafHash(bytesOf('another history'))])
// ML-DSA-44 signs with fresh randomness, so its line is kept here; key from SHA-256("vector ml-dsa key") as seed.
const pqSeed = sha(bytesOf('vector ml-dsa key'))
const pqLine = '\u2014 borovia.example TDFGGAAAAABqsTuCDQ4Z/37iVeamgBzCPnfwJc6/dGtPhDnM2TiPVTLt+hYulXz+M8UMWZzyoivqBGVCgcOGwNUTsPugi3ria2KIMOS5N5fAr5piLBOKfaXFvDasZHL4fo13v8abc5W39qD+OQU83vIb/7JgwUY9fgUKDTtlIaoL3CiuXv8/Fjf1H7fjxJu8gLJ6Wv8rqdM7KHjlNMVeEjGegXAQa3X1jJpuX6Mkj3BVMYVOtjliSFgDnyfKRw3hN0kX4sjL29R4aLQ5gPYE0rlp6o1ZClA9eiIPcRZaqLGU9EljrCq8JHvCwgFb97BivVXZAIaKljZmjTOp3yPRsZVSMuO+eI4F7a6B1FC/IfDMz3OUGqDYNNbxlJg1nFh/89RqxTdjeiGJebvGXOlT4BdFrBE8qOkZ9zeGXFY68kwNM+C/U/3Sml7/375ymcRM8WBw0uZD12MoXhSLqg2YExHaNK2p/lbbj1xHilEuK9nXgWiPT2Jxbf8TtutEBKrhQfXO8adYb8L9iXRgbhuY6o4TmS4IrA4oEMEA/EMCenA7BI4u/80PjtyzX/lK5v9tHuGyCEclvz1UJ/5AhaRAzImmBCIotHuw8NW2WmkSMMBZcqpVhuTZLpDUHDGF7fLlCzPjI+C9XExXWOyNfTufcUEXjxE3Vxv+rmis0j9VZsCiqexIC4iVM+p3jVwoJNKwufM/rLo0BGD05jL8Q3CIZuQSqUidE5E6jM506bVc25wcKZ9vuHWmHjpcPldXB42JjVv0gl2IhwpfudU4lY5RhFD9PoWcaGvgFfnAtiunl+5YFj+RHJgu82qZHzxI6utZas6Fq1p+cw8Lth52g3wIBPCdfWakRqoYjGp4QkZypQl5ODPCVzR/UjvhrsNAoCmXcKTCboROUhH+8hunDzRn/O2CyDqLzMnA1kYkh2JHfGO/AM7lc4tACbqd+GFiPGL3GlMIpSlSlVLC8llYDEieP46cU4Q/hSW5iPb/5fu0H7xe0sx4RIWFSaBdNObjln6yG/SkBGeGtMn0Se82FFMIX8RFrqUibJpqgP3h06jE6h4tCGAXrkGMnVDxiE59ZdQ9Z2oQL6XWq7gEZ1bEVLWifSrhXNf4Ovp7/7k3r0cr3Xn4P0Uc6/VMAJ/mWg4gH8qQ2An7hEZYVNDz41iBaogCULOdkHM/+CxRWsHWH8rkndh8cVMEcveLAe5f0NsFc/KeMRfEWghzv1TD1bnSgpaoZbEpEOv9P4GwvDolc78TkQT+wV1Mnl6RFvWaTUXEmYpGixp3m/FwfeqplE8CeBXBGyFOhh6iBKRprNrVzdw/zfnW0sIFSF8r4znn9E8DSDnXg3ayHJPHOWiosxV7wg+mRL9zMvDvh2rgZjRIbeZQw6JTQOjTZUrfJ2KFYSLJlBr9Swg0xUVemVthi4MG7s6uzHdbZe3V11Tg7x44CLVhs7eAqSczs4QOCZG0Z2HnNkXhdPo3thR2gPHYsrexc3QKdvKE7MQXERzHWdY0qbSxItRfUUjhtYpCwNOj7xmCQ0Kdqk8mC3Zfv5SQKpRvFQC/mr7a4lp7ucGcrSevOmWEzP5D1zFyghxX4vdUcWPVWmJ3kNdv6ZlUjp9inUy0LUTcCnxeqPMsBnqNYcVqVOSsbj2CfvnSp98xABsA6oGBqYpLBbMMd7hgj2lk+lHEVMhBHesEa1HvrBi/h7VuS3TBrgMJOuOigotnPMWaunKFqwM+FZ9T41u261CFA14u5EogQ7ZO2AQa75Uvty93BPQiX2+0fujC0H6By2Tj1Vy8n9pLdGoBjwIjyKstZgf1VJveTaASKVO0DzSjcRXEwFUp/UC8RvTzPXKJMlFkcy5uj5UO8XMVOYJxX/uxaP+pViTzspd9rMe3mIH5k0eYtsOpJkWp5CPnWYRKWscOWd1gC4ueg1o6UTWUYSmDQkELy7h8Yt8l4zThJHnDNlxkkCSup6AJixmcOg41bmIAVLKhinVfsJYC2mlQ5jid4a2dyk9ux6wHtZcos7c9MfftnJ5gtEGyyevh2fLKtYer+9Qcm+/LK1zwmuynEONRkgXxraZatZTRtn7+vPZv0I+oGp9o7AHJ7wq4UaKhIqIRJzXlNqLqp4mVzaKmtCL6qDfeUsyiRdoVV2tC3Yywo8231BzDr/cd5IoQpnezId+TQErdL923yxaIweEIg21RqqlO6++qZK1bDynws0+6PMDPcPrHxajYG/N3VQUrDY7liH8npe7tiFdKxsV+jBRkaFAf34r1eW9FkYjnDHmrpXY41wb9j+oEc0A/6zgTGqQW8DnewCbVsr0Gn5fCqf15X+ALMVL0C99zl8tt1JamPsRv2llUjXSPJvhs7yGdVvDzjbs+HmqazyNgT9s62jgG7/159KciH+p0Qtq1FzW7VfkNzJ0Z7N0DvGGgIyRI7qEvGa7LFHxyYB52mefu/VYuVWrdke3CMNpNcq7WhTmq1+AHgpge5ds3YVnAKuLBK+KXBryi+TSuil0Emu2M310QYKfEDDd8ARYKOhiGtEidprXhkudQf5TzgwU8Sdsx+m4mT/hLcG2aDasEsPqBkLSQKSD6hFNXcwAF2d3rMh2QLeDsuAzYmePfZtRIV990suMWCKjaUNpiebMJM+3Vs2pjHpmb+cq2WaCtaz426nFJJEbGaH2u9SmD/Xbli/f51KEmelT0xg0WafVg4dB6JyOR/Cph53MOFUNvensmejG06/c//YeCMbc1LJcN/Z4xKOKoIe0M6+AFX3Q/y01BfnyXa14CarblA5KzeEBVw/PqgjtJgFsNrCt5Az6p96EbVOyGvBZmAMOoqLAGCklNH8uyeEYxDmWTzw38EEseucxaskvQRZSRXCIYcPO9fmoDLmSFmjXiN8J6T6L4TpI8BXXV3HtTqDE3AWR5MVyfeftuwMqJFuLtNlPHXG0R0o8Fd2qyelYf3DDyw1BiztskQbDwnjZc0eO9RlPFtkE01t/GN0mRMZ20rm0fHjZgCSIVOvgtcBXMa9a+1kbVx40DSfmPhx8BmdD8MW7p3dzzoqbUaSnYJXQgDtHUx4DybJfQr+H/uVoX3CTdllwH+ptS5P8OTpyVBC3iIhko74QSmkQ2Q6JsTxHCSQgpacgd8BbtfQ42GIEECCo4QktNYG6MjbPS3+LoFjc/Qltfd3qcnqXK1/cFJikzPWenwcPV6vQMEBkmKDU3O0NJcXOLnLG6vv4AAAAAAAAAAAAAAAAAAAAAAAAAABAeKjw=\n'
save('witness', 'A witness of the log of trees.json under the host key of notes.json, asked in this order (C2SP tlog-witness). `answer` is the body of a 409; after a 200 the witness knows the new size.', {
  origin, key: host.x, vkey: vkey(origin, 1, host.x),
  steps: [
    { name: 'asked to tell its size', text: submission(3, proofOf(3, 5), noteAt(5)), status: 409, answer: '0\n' },
    { name: 'a path from nothing', text: submission(0, [sha()], noteAt(5)), status: 422 },
    { name: 'the empty tree', text: submission(0, [], noteAt(0)), status: 200 },
    { name: 'an empty tree with another root', text: submission(0, [], noteAt(0, rootAt(1))), status: 409, answer: '0\n' },
    { name: 'the first entries', text: submission(0, [], noteAt(5)), status: 200 },
    { name: 'the same again', text: submission(5, [], noteAt(5)), status: 200 },
    { name: 'a path between equal sizes', text: submission(5, [sha()], noteAt(5)), status: 422 },
    { name: 'another root at the same size', text: submission(5, [], noteAt(5, rootAt(4))), status: 409, answer: '5\n' },
    { name: 'from nothing again', text: submission(0, [], noteAt(20)), status: 409, answer: '5\n' },
    { name: 'a smaller tree', text: submission(3, proofOf(3, 4), noteAt(4)), status: 409, answer: '5\n' },
    { name: 'old size above the tree', text: submission(6, [], noteAt(5)), status: 400 },
    { name: 'a stranger’s key', text: submission(5, proofOf(5, 20), noteAt(20, rootAt(20), witness)), status: 403 },
    { name: 'another history', text: submission(5, proofOf(5, 20), noteAt(20, forked)), status: 422 },
    { name: 'a path with a hash too few', text: submission(5, proofOf(5, 20).slice(1), noteAt(20)), status: 422 },
    { name: 'a longer tree', text: submission(5, proofOf(5, 20), noteAt(20)), status: 200 },
    { name: 'cosigned already by others', text: submission(20, proofOf(20, 33), cosigned), status: 200 },
    { name: 'an extension line', text: submission(33, [], signNote(`${text33}extra\n`, origin, host)), status: 200 },
  ],
  malformed: [
    { name: 'no first line', text: noteAt(5) }, { name: 'leading zero', text: submission('01', [], noteAt(5)) },
    { name: 'negative', text: submission(-1, [], noteAt(5)) }, { name: 'two spaces', text: submission(' 1', [], noteAt(5)) },
    { name: 'not a hash', text: submission(1, [bytesOf('short')], noteAt(5)) },
    { name: 'sixty-four hashes', text: submission(1, Array.from({ length: 64 }, () => sha()), noteAt(5)) },
    { name: 'no note', text: 'old 1\n\n' }, { name: 'carriage return', text: `old 1\r\n\n${noteAt(5)}` },
  ],
  mldsa: { name: 'borovia.example', seed: b64u(pqSeed), keySha256: 'c10a2bda2b6a6486e1a3878a06661bf12f538f8a2e06af59612a919154d0c088', note: note33, line: pqLine, time: 1790000002, size: 33 },
})

// ── receipts.json ──────────────────────────────────────────────────────────
const receipt = (index, size, path, text) => `c2sp.org/tlog-proof@v1\nindex ${index}\n${path.map((hash) => `${b64(hash)}\n`).join('')}\n${text}`
const path5 = audit(5, hashes.slice(0, 33))
const single = signNote(body(origin, 1, hashes[0]), origin, host)
save('receipts', 'C2SP tlog-proof texts under the host key of notes.json. `entry` is hex.', {
  origin, key: host.x,
  valid: [
    { name: 'entry 5 of 33, cosigned', entry: hex(data[5]), index: 5, text: receipt(5, 33, path5, cosigned) },
    { name: 'the only entry', entry: hex(data[0]), index: 0, text: receipt(0, 1, [], single) },
  ],
  invalid: [
    { name: 'another entry', entry: hex(data[6]), text: receipt(5, 33, path5, note33), rule: 'receipt-proof' },
    { name: 'another index', entry: hex(data[5]), text: receipt(4, 33, path5, note33), rule: 'receipt-proof' },
    { name: 'index outside', entry: hex(data[5]), text: receipt(33, 33, path5, note33), rule: 'receipt-proof' },
    { name: 'a hash left out', entry: hex(data[5]), text: receipt(5, 33, path5.slice(1), note33), rule: 'receipt-proof' },
    { name: 'forged checkpoint', entry: hex(data[5]), text: receipt(5, 33, path5, signNote(text33, origin, witness)), rule: 'checkpoint-signature' },
    { name: 'another version', entry: hex(data[5]), text: receipt(5, 33, path5, note33).replace('@v1', '@v2'), rule: 'receipt-shape' },
    { name: 'index with zero', entry: hex(data[5]), text: receipt('05', 33, path5, note33), rule: 'receipt-shape' },
    { name: 'extra data', entry: hex(data[5]), text: receipt(5, 33, path5, note33).replace('index', 'extra AAAA\nindex'), rule: 'receipt-shape' },
    { name: 'short hash', entry: hex(data[5]), text: receipt(5, 33, [path5[0].subarray(1)], note33), rule: 'receipt-shape' },
  ],
})

// ── admission.json ─────────────────────────────────────────────────────────
const partyKeys = (party) => ({ party, ...Object.fromEntries(['act', 'next', 'recovery 1', 'recovery 2', 'node', 'host', 'cosigner'].map((use) => [use, keyFrom(`${party} ${use}`)])) })
const [aurelia, borovia, calenia] = ['aurelia.example', 'borovia.example', 'calenia.example'].map(partyKeys)
const commitment = (key) => b64u(sha(Buffer.from(key.x, 'base64url')))
const actKey = (key) => ({ kid: key.kid, key: key.x })

/** One log under construction: signs, appends and remembers what each entry needs to be judged. */
class Log {
  constructor(name) { Object.assign(this, { space: idFrom(name), entries: [], time: 1790000000000 }) }
  get hashes() { return this.entries.map(({ bytes }) => leafHash(bytes)) }
  root(size = this.entries.length) { return b64u(mth(this.hashes.slice(0, size))) }
  make(author, type, content, change = {}) {
    const bytes = canonical(content)
    const partSalt = sha(bytesOf(`${this.space} ${this.entries.length} ${type}`))
    const blob = Buffer.concat([partSalt, bytes])
    const { key = author.act, raw, text, time = this.time + 1000, ...rest } = change
    const statement = {
      v: 1, space: this.space, type, id: idFrom(`${this.space} ${this.entries.length} ${type}`), author: author.party,
      office: 'desk', seen: { size: this.entries.length, root: this.root() }, at: this.time, marking: { tlp: 'AMBER' },
      parts: [{ role: 'body', hash: b64u(sha(blob)), size: bytes.length, media: 'application/json' }], ...rest,
    }
    const blobs = new Map([[b64u(sha(blob)), blob]])
    if (text) {
      const textBlob = Buffer.concat([sha(partSalt), canonical(text)])
      blobs.set(b64u(sha(textBlob)), textBlob)
      statement.parts.push({ role: 'text', hash: b64u(sha(textBlob)), size: textBlob.length - 32, media: 'application/json' })
    }
    const payload = canonical(statement)
    const envelope = raw ?? seal(payload, key)
    return { bytes: leaf(time, envelope), time, body: content, blob, blobs, act: b64u(sha(payload)), id: `${statement.author} ${statement.id}`, statement, envelope }
  }
  add(author, type, content, change) {
    const entry = this.make(author, type, content, change)
    this.entries.push(entry)
    this.time = entry.time
    return entry
  }
  note(key, host = `${aurelia.party}`) { return signNote(body(`${host}/spaces/${this.space}`, this.entries.length, Buffer.from(this.root(), 'base64url')), `${host}/spaces/${this.space}`, key) }
}
const show = ({ bytes, body: content }) => ({ leaf: b64u(bytes), body: content })
const expect = (entry, verdict, rule) => ({ ...show(entry), verdict, ...(rule ? { rule } : {}) })

function register(owner) {
  const log = new Log(`register of ${owner.party}`)
  log.add(owner, 'register.founded', {
    party: owner.party, names: { en: owner.party }, act: actKey(owner.act), nodes: [owner.node.x], cosigner: owner.cosigner.x,
    sealing: '', host: owner.host.x, next: commitment(owner.next), recovery: [commitment(owner['recovery 1']), commitment(owner['recovery 2'])],
  }, { marking: { tlp: 'CLEAR' } })
  return log
}
const registers = new Map([aurelia, borovia, calenia].map((owner) => [owner.party, register(owner)]))
function snapshot(owner, role = 'member') {
  const log = registers.get(owner.party)
  return {
    party: owner.party, role, register: { first: b64u(log.hashes[0]), checkpoint: log.note(owner.host, owner.party), proof: [] },
    act: actKey(owner.act), node: owner.node.x, cosigner: owner.cosigner.x, sealing: '',
  }
}
const opening = (log, members, change = {}) => ({
  kind: 'case', rules: 1, title: { en: 'A case' }, purpose: 'For the vectors.',
  host: { party: 'aurelia.example', origin: `aurelia.example/spaces/${log.space}`, key: aurelia.host.x }, members, ...change,
})
function opened(name, members, change) {
  const log = new Log(name)
  log.add(aurelia, 'space.opened', opening(log, members, change))
  return log
}
const two = () => [snapshot(aurelia), snapshot(borovia)]
const sequences = []
/** Every try is judged at the end of the log as it stands; an admissible one is then appended. */
function sequence(name, log, tries) {
  const entries = log.entries.map((entry) => expect(entry, 'admissible'))
  for (const [why, author, type, content, change, rule, verdict, withoutEffect] of tries) {
    const entry = log.make(author, type, content, typeof change === 'function' ? change(log) : change)
    entries.push({ why, ...expect(entry, verdict ?? (rule ? 'inadmissible' : 'admissible'), rule), ...(withoutEffect && { withoutEffect }) })
    if (!rule) {
      log.entries.push(entry)
      log.time = entry.time
    }
  }
  sequences.push({ name, entries })
}
const say = 'channels.note-sent'
/** On record, and why nothing follows from it. */
const changesNothing = (reason) => [undefined, undefined, reason]
const sealedPart = (n) => ({ ...part('text', n), enc: { alg: 'A256GCM-1MiB', hash: b64u(sha(bytesOf(`e${n}`))), size: 300, keys: b64u(sha(bytesOf(`k${n}`))) } })

sequence('two members write', opened('vector case 1', two()), [
  ['the other member', borovia, say, { n: 1 }, {}],
  ['same time as before', aurelia, say, { n: 2 }, (log) => ({ time: log.time })],
  ['an older view is enough', borovia, say, { n: 3 }, (log) => ({ seen: { size: 1, root: log.root(1) } })],
  ['after an act in the log', aurelia, say, { n: 4 }, (log) => ({ after: [log.entries[1].act] })],
  ['the same id by another author', aurelia, say, { n: 5 }, (log) => ({ id: log.entries[1].statement.id })],
  ['an author clock of long ago', aurelia, say, { n: 6 }, { at: 0 }],
  ['a type nobody knows', aurelia, 'weather.storm-seen', { n: 7 }, {}],
])
sequence('what is refused', opened('vector case 2', two()), [
  ['first something admissible', borovia, say, { n: 1 }, {}],
  ['another space', borovia, say, { n: 2 }, { space: idFrom('elsewhere') }, 'wrong-space'],
  ['opened again', aurelia, 'space.opened', { n: 2 }, {}, 'opening-twice'],
  ['time goes back', borovia, say, { n: 2 }, (log) => ({ time: log.time - 1 }), 'time-decreased'],
  ['a stranger', calenia, say, { n: 2 }, {}, 'not-a-member'],
  ['a key that is not the author’s', borovia, say, { n: 2 }, { key: calenia.act }, 'unknown-key'],
  ['signed by the other member', borovia, say, { n: 2 }, { key: aurelia.act }, 'unknown-key'],
  ['signature broken', borovia, say, { n: 2 }, (log) => {
    const { envelope } = log.make(borovia, say, { n: 2 })
    return { raw: { ...envelope, signature: b64u(flip(Buffer.from(envelope.signature, 'base64url'))) } }
  }, 'signature'],
  ['id taken by the author', borovia, say, { n: 2 }, (log) => ({ id: log.entries[1].statement.id }), 'id-taken'],
  ['the same act again', borovia, say, { n: 2 }, (log) => ({ raw: log.entries[1].envelope }), 'act-twice'],
  ['saw nothing', borovia, say, { n: 2 }, { seen: { size: 0, root: emptyRoot } }, 'opening-seen'],
  ['saw the future', borovia, say, { n: 2 }, (log) => ({ seen: { size: 3, root: log.root() } }), 'seen-future'],
  ['saw another history', borovia, say, { n: 2 }, { seen: { size: 2, root: emptyRoot } }, 'seen-root'],
  ['saw another beginning', borovia, say, { n: 2 }, (log) => ({ seen: { size: 1, root: log.root() } }), 'seen-root'],
  ['after an act not here', borovia, say, { n: 2 }, { after: [emptyRoot] }, 'after-missing'],
  ['and something admissible', borovia, say, { n: 2 }, {}],
])
sequence('members come and go', opened('vector case 3', [snapshot(aurelia), snapshot(borovia, 'observer'), snapshot(calenia)]), [
  ['an observer writes', borovia, say, { n: 1 }, {}, 'observer-writes'],
  ['a member leaves', calenia, 'space.member-left', { party: 'calenia.example' }, {}],
  ['and writes', calenia, say, { n: 2 }, {}, 'not-a-member'],
  ['sealed for yesterday’s members', aurelia, say, { n: 2 }, (log) => ({ seen: { size: 1, root: log.root(1) }, parts: [sealedPart(1)] }), 'stale-membership'],
  ['sealed for today’s', aurelia, say, { n: 2 }, { parts: [sealedPart(2)] }],
])
const proposal = () => ({ member: snapshot(calenia) })
sequence('two members admit a third together', opened('vector case 4', two()), [
  ['one proposes', aurelia, 'space.member-admitted', proposal(), {}, ...changesNothing('awaits-agreement')],
  ['not yet in', calenia, say, { n: 1 }, {}, 'not-a-member'],
  ['the other posts the same', borovia, 'space.member-admitted', proposal(), {}],
  ['in', calenia, say, { n: 1 }, {}],
])
{
  const log = registers.get('borovia.example')
  const keep = log.entries.length
  log.add(borovia, 'register.rotated', { act: actKey(borovia.next), next: commitment(keyFrom('borovia third')) }, { key: borovia.next, marking: { tlp: 'CLEAR' } })
  const chain = {
    checkpoint: log.note(borovia.host, borovia.party),
    entries: log.entries.map(({ bytes, blob }, index) => ({ index, leaf: b64u(bytes), path: audit(index, log.hashes).map(b64u), body: b64u(blob) })),
  }
  log.entries.length = keep
  const broken = { ...chain, entries: [chain.entries[0], { ...chain.entries[1], path: [emptyRoot] }] }
  sequence('a rotation is brought in', opened('vector case 5', two()), [
    ['the new key before it is brought in', borovia, say, { n: 1 }, { key: borovia.next }, 'unknown-key'],
    ['without proof: admissible, without effect', aurelia, 'space.keys-changed', { party: 'borovia.example', register: broken }, {}, ...changesNothing('unproven')],
    ['still unknown', borovia, say, { n: 1 }, { key: borovia.next }, 'unknown-key'],
    ['brought by the other member', aurelia, 'space.keys-changed', { party: 'borovia.example', register: chain }, {}],
    ['the old key', borovia, say, { n: 1 }, {}, 'key-ended'],
    ['the new key', borovia, say, { n: 1 }, { key: borovia.next }],
    ['brought once more', aurelia, 'space.keys-changed', { party: 'borovia.example', register: chain }, {}, ...changesNothing('no-new-key')],
    ['of a party that is no member', aurelia, 'space.keys-changed', { party: 'calenia.example', register: chain }, {}, ...changesNothing('not-member')],
  ])
}
sequence('a register', register(calenia), [
  ['a stranger writes', borovia, 'register.anchored', { act: emptyRoot }, {}, 'not-a-member'],
  ['rotated by a key nobody committed to', calenia, 'register.rotated', { act: actKey(calenia.node), next: commitment(calenia.node) }, { key: calenia.node }, 'unknown-key'],
  ['rotated by the committed key', calenia, 'register.rotated', { act: actKey(calenia.next), next: commitment(keyFrom('calenia third')) }, { key: calenia.next }],
  ['the old key', calenia, 'register.anchored', { act: emptyRoot }, {}, 'key-ended'],
  ['recovered from paper', calenia, 'register.recovered', { by: actKey(calenia['recovery 1']), act: actKey(calenia.node), next: commitment(keyFrom('calenia fourth')) }, { key: calenia['recovery 1'] }],
  ['the same paper again', calenia, 'register.recovered', { by: actKey(calenia['recovery 1']), act: actKey(calenia.act), next: commitment(keyFrom('calenia fifth')) }, { key: calenia['recovery 1'] }, 'unknown-key'],
  ['the recovered key', calenia, 'register.anchored', { act: emptyRoot }, { key: calenia.node }],
])
sequence('acts that change nothing', opened('vector case 6', [...two(), snapshot(calenia)]), [
  ['a body of no form', aurelia, 'space.member-admitted', { party: 'calenia.example' }, {}, ...changesNothing('malformed')],
  ['somebody who is in', aurelia, 'space.member-admitted', proposal(), {}, ...changesNothing('already-member')],
  ['a party of nowhere leaves', aurelia, 'space.member-left', { party: 'delia.example' }, {}, ...changesNothing('not-member')],
  ['the host leaves', aurelia, 'space.member-left', { party: 'aurelia.example' }, {}, ...changesNothing('host-stays')],
  ['one member shows another out', borovia, 'space.member-left', { party: 'calenia.example' }, {}, ...changesNothing('not-entitled')],
  ['a handover to another origin', borovia, 'space.host-changed', { party: 'borovia.example', origin: 'borovia.example/elsewhere', key: borovia.host.x }, {}, ...changesNothing('malformed')],
  ['a member goes by itself', calenia, 'space.member-left', { party: 'calenia.example' }, {}],
  ['with a register entry that is not in its register', aurelia, 'space.member-admitted', { member: { ...snapshot(calenia), register: { ...snapshot(calenia).register, first: emptyRoot } } }, {}, ...changesNothing('unproven')],
])
const opens = []
const open = (name, rule, change = {}, content = {}, members = two(), author = aurelia) => {
  const log = new Log(`vector opening ${name}`)
  const entry = log.make(author, 'space.opened', opening(log, members, content), { ...change })
  opens.push({ name, ...show(entry), rule })
}
open('well', null)
open('by a stranger', 'opening-author', {}, {}, two(), calenia)
open('by an observer', 'opening-author', {}, {}, [snapshot(aurelia, 'observer'), snapshot(borovia)])
open('having seen something', 'opening-seen', { seen: { size: 1, root: emptyRoot } })
open('with another empty root', 'opening-seen', { seen: { size: 0, root: b64u(hashes[0]) } })
open('of another type', 'opening-type', { type: 'channels.note-sent' })
open('a register by space.opened', 'opening-type', {}, { kind: 'register' })
open('unknown kind', 'opening-body', {}, { kind: 'market' })
open('rules of the future', 'opening-body', {}, { rules: 2 })
open('a title under __proto__', 'opening-body', {}, { title: JSON.parse('{"__proto__":"x"}') })
open('terms under __proto__', 'opening-body', {}, { terms: JSON.parse('{"__proto__":"PT4H"}') })
open('a title of 300 characters beyond the basic plane', null, {}, { title: { en: '\u{1f600}'.repeat(300) } })
open('a title of 301', 'opening-body', {}, { title: { en: '\u{1f600}'.repeat(301) } })
open('an origin with an ideographic space', 'opening-body', {}, { host: { party: 'aurelia.example', origin: 'aurelia.example/\u3000', key: aurelia.host.x } })
open('extra member', 'opening-body', {}, { secret: true })
open('origin of another log', 'host-origin', {}, { host: { party: 'aurelia.example', origin: 'aurelia.example/spaces/x', key: aurelia.host.x } })
open('a party twice', 'member-twice', {}, {}, [...two(), snapshot(borovia)])
open('key id of another key', 'member-key', {}, {}, [snapshot(aurelia), { ...snapshot(borovia), act: { kid: calenia.act.kid, key: borovia.act.x } }])
open('register of another party', 'member-register', {}, {}, [snapshot(aurelia), { ...snapshot(borovia), register: snapshot(calenia).register }])
open('first entry not in the register', 'member-register', {}, {}, [snapshot(aurelia), { ...snapshot(borovia), register: { ...snapshot(borovia).register, first: emptyRoot } }])
open('low-order node key', 'opening-body', {}, {}, [snapshot(aurelia), { ...snapshot(borovia), node: b64u(Buffer.concat([Buffer.of(1), Buffer.alloc(31)])) }])
open('signed by another key', 'unknown-key', { key: borovia.act })
save('admission', 'Logs entry by entry: `leaf` is what stands at that index (base64url), `body` the content of its body part. Inadmissible entries are judged at that index and then left out; of an act that changes nothing though it is of a kind that could, `withoutEffect` is the reason.', { openings: opens, sequences })

// ── dossier.json ───────────────────────────────────────────────────────────
function crc32(bytes) {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1))
  }
  return ~crc >>> 0
}
function zip(files) {
  const le = (width, value) => { const bytes = Buffer.alloc(width); bytes.writeUIntLE(value, 0, width); return bytes }
  const sorted = Object.entries(files).map(([name, content]) => [bytesOf(name), Buffer.from(content)]).sort(([a], [b]) => Buffer.compare(a, b))
  let locals = Buffer.alloc(0)
  let central = Buffer.alloc(0)
  for (const [name, content] of sorted) {
    const common = Buffer.concat([le(2, 20), le(2, 0x800), le(2, 0), le(2, 0), le(2, 33), le(4, crc32(content)), le(4, content.length), le(4, content.length), le(2, name.length), le(2, 0)])
    central = Buffer.concat([central, le(4, 0x02014b50), le(2, 20), common, le(2, 0), le(2, 0), le(2, 0), le(4, 0), le(4, locals.length), name])
    locals = Buffer.concat([locals, le(4, 0x04034b50), common, name, content])
  }
  return Buffer.concat([locals, central, le(4, 0x06054b50), le(2, 0), le(2, 0), le(2, sorted.length), le(2, sorted.length), le(4, central.length), le(4, locals.length), le(2, 0)])
}
const caseLog = opened('vector dossier', two(), { drill: { name: 'Exercise Meridian' } })
const said = caseLog.add(borovia, say, { n: 1 }, { text: { paragraphs: ['This stays.'] } })
const hidden = caseLog.add(aurelia, say, { n: 2 })
const gone = caseLog.add(borovia, say, { n: 3 }, { text: { paragraphs: ['This goes.'] } })
caseLog.add(borovia, 'space.payload-erased', { act: gone.act, parts: [gone.statement.parts[1].hash] })
const hiddenHash = hidden.statement.parts[0].hash
const erasedHash = gone.statement.parts[1].hash
function dossierFiles() {
  const files = {}
  const spaces = []
  for (const [log, kind, owner] of [[caseLog, 'case', aurelia], [registers.get('aurelia.example'), 'register', aurelia]]) {
    const base = `spaces/${log.space}`
    const text = body(`${owner.party}/spaces/${log.space}`, log.entries.length, Buffer.from(log.root(), 'base64url'))
    const extra = kind === 'case' ? cosignature(text, borovia.party, borovia.cosigner, 1790000100) : ''
    files[`${base}/checkpoint`] = bytesOf(signNote(text, `${owner.party}/spaces/${log.space}`, owner.host) + extra)
    files[`${base}/cosignatures`] = ''
    files[`${base}/tile/entries/000.p/${log.entries.length}`] = bundle(log.entries.map(({ bytes }) => bytes))
    files[`${base}/tile/0/000.p/${log.entries.length}`] = Buffer.concat(log.hashes)
    const acts = log.entries.map(({ act, blobs, statement }, index) => {
      const parts = statement.parts.map(({ hash }) => {
        if (hash === erasedHash) return { hash, state: 'erased', by: 4 }
        if (hash === hiddenHash) return { hash, state: 'withheld', why: 'narrower-marking' }
        files[`parts/${hash}`] = blobs.get(hash).subarray(32)
        files[`parts/${hash}.salt`] = blobs.get(hash).subarray(0, 32)
        return { hash, state: 'present' }
      })
      const shown = parts.some(({ state }) => state !== 'withheld')
      return shown ? { index, act, state: 'selected', parts } : { index, act, state: 'withheld', why: 'narrower-marking', parts }
    })
    spaces.push({ space: log.space, kind, size: log.entries.length, acts })
  }
  spaces.sort((a, b) => byUnits(a.space, b.space))
  const manifest = { v: 1, format: 'chancery-dossier', purpose: 'Known answer', audience: 'Any verifier', made: 1790000200000, maker: 'aurelia.example', drill: true, spaces }
  return { files, manifest }
}
function dossier(change) {
  const made = dossierFiles()
  change?.(made)
  return b64(zip({ 'manifest.json': canonical(made.manifest), ...made.files }))
}
const base = `spaces/${caseLog.space}`
const caseOf = ({ manifest }) => manifest.spaces.find(({ space }) => space === caseLog.space)
const saidHash = said.statement.parts[0].hash
const rebundle = (change) => ({ files }) => {
  const entries = caseLog.entries.map(({ bytes }) => bytes)
  change(entries)
  files[`${base}/tile/entries/000.p/5`] = bundle(entries)
  files[`${base}/tile/0/000.p/5`] = Buffer.concat(entries.map(leafHash))
}
save('dossier', 'Whole dossiers, base64. The invalid ones are well-formed archives unless `rule` is zip-shape.', {
  fingerprint: { party: 'aurelia.example', digits: groups(registers.get('aurelia.example').hashes[0]) },
  valid: [{ name: 'a case in a drill and a register', base64: dossier(), space: caseLog.space, size: 5, states: [['present'], ['present', 'present'], ['withheld'], ['present', 'erased'], ['present']] }],
  invalid: [
    { name: 'content changed', rule: 'blob-commitment', index: 1, base64: dossier(({ files }) => { files[`parts/${saidHash}`] = flip(files[`parts/${saidHash}`], 3) }) },
    { name: 'salt changed', rule: 'blob-commitment', index: 1, base64: dossier(({ files }) => { files[`parts/${saidHash}.salt`] = flip(files[`parts/${saidHash}.salt`], 3) }) },
    { name: 'an entry changed, tiles made to fit', rule: 'signature', index: 1, base64: dossier(rebundle((entries) => {
      const { envelope } = said
      entries[1] = leaf(said.time, { ...envelope, signature: b64u(flip(Buffer.from(envelope.signature, 'base64url'))) })
    })) },
    { name: 'two entries swapped, tiles made to fit', rule: 'seen-future', index: 1, base64: dossier(rebundle((entries) => { [entries[1], entries[2]] = [entries[2], entries[1]] })) },
    { name: 'an entry changed, tile left', rule: 'dossier-tile', index: 2, base64: dossier(({ files }) => { files[`${base}/tile/entries/000.p/5`] = bundle(caseLog.entries.map(({ bytes }, i) => (i === 2 ? flip(bytes, 9) : bytes))) }) },
    { name: 'last entry’s time changed, tiles made to fit', rule: 'dossier-root', base64: dossier(rebundle((entries) => { const last = caseLog.entries[4]; entries[4] = leaf(last.time + 1, last.envelope) })) },
    { name: 'no checkpoint', rule: 'dossier-file', base64: dossier(({ files }) => { delete files[`${base}/checkpoint`] }) },
    { name: 'a part missing', rule: 'dossier-file', index: 1, base64: dossier(({ files }) => { delete files[`parts/${saidHash}`] }) },
    { name: 'a file too many', rule: 'dossier-file', base64: dossier(({ files }) => { files['parts/readme'] = 'hello' }) },
    { name: 'withheld, yet there', rule: 'dossier-part', index: 2, base64: dossier(({ files }) => { files[`parts/${hiddenHash}`] = 'x' }) },
    { name: 'erased by no act', rule: 'dossier-part', index: 2, base64: dossier((made) => { Object.assign(caseOf(made).acts[2], { state: 'selected', parts: [{ hash: hiddenHash, state: 'erased', by: 4 }] }); delete caseOf(made).acts[2].why }) },
    { name: 'erased, yet there', rule: 'dossier-part', index: 3, base64: dossier(({ files }) => { files[`parts/${erasedHash}`] = 'x' }) },
    { name: 'erased, yet shown', rule: 'dossier-part', index: 3, base64: dossier((made) => {
      caseOf(made).acts[3].parts[1] = { hash: erasedHash, state: 'present' }
      made.files[`parts/${erasedHash}`] = gone.blobs.get(erasedHash).subarray(32)
      made.files[`parts/${erasedHash}.salt`] = gone.blobs.get(erasedHash).subarray(0, 32)
    }) },
    { name: 'opening body withheld', rule: 'body-missing', index: 0, base64: dossier((made) => {
      const { parts } = caseLog.entries[0].statement
      Object.assign(caseOf(made).acts[0], { state: 'withheld', why: 'x', parts: [{ hash: parts[0].hash, state: 'withheld', why: 'x' }] })
      delete made.files[`parts/${parts[0].hash}`]
      delete made.files[`parts/${parts[0].hash}.salt`]
    }) },
    { name: 'the list names another act', rule: 'dossier-selection', index: 1, base64: dossier((made) => { caseOf(made).acts[1].act = emptyRoot }) },
    { name: 'not marked as drill', rule: 'dossier-manifest', base64: dossier(({ manifest }) => { manifest.drill = false }) },
    { name: 'cosignature of other text', rule: 'dossier-cosignature', base64: dossier(({ files }) => {
      const text = body(`aurelia.example/spaces/${caseLog.space}`, 5, Buffer.from(caseLog.root(), 'base64url'))
      files[`${base}/checkpoint`] = bytesOf(signNote(text, `aurelia.example/spaces/${caseLog.space}`, aurelia.host) + cosignature(`${text}x`, borovia.party, borovia.cosigner, 1790000100))
    }) },
    { name: 'a byte after the end', rule: 'zip-shape', base64: b64(Buffer.concat([Buffer.from(dossier(), 'base64'), Buffer.of(0)])) },
    { name: 'another date in one header', rule: 'zip-shape', base64: b64(flip(Buffer.from(dossier(), 'base64'), 12)) },
  ],
})

// ── evidence.json ──────────────────────────────────────────────────────────
const jws = (content, key, typ) => seal(canonical(content), key, canonical(header(key.kid, typ)))
/** A channel with so many notes, the ones from `otherFrom` on other than they would be. */
function noted(notes, otherFrom = notes + 1, members = two()) {
  const log = opened('vector evidence', members)
  for (let n = 1; n <= notes; n += 1) log.add(borovia, say, { n: n >= otherFrom ? 100 + n : n })
  return log
}
const textOf = (log) => body(`${aurelia.party}/spaces/${log.space}`, log.entries.length, Buffer.from(log.root(), 'base64url'))
const founding = (owner) => { const [{ bytes, blob }] = registers.get(owner.party).entries; return [{ leaf: b64u(bytes), body: b64u(blob) }] }
const accusing = (role, owner = aurelia) => ({
  v: 1, format: 'chancery-evidence', accused: { party: owner.party, role, key: owner[role === 'author' ? 'act' : role].x },
  found: { by: calenia.party, at: 1790000300000 }, register: founding(owner),
})
const growth = (smaller, larger) => subproof(smaller.entries.length, larger.hashes, true).map(b64u)
function twoHistories(smaller, larger, notes = [smaller, larger].map((log) => log.note(aurelia.host))) {
  const size = smaller.entries.length
  return { ...accusing('host'), kind: 'two-histories', space: larger.space, notes, ...(size < larger.entries.length && { proof: { root: larger.root(size), path: growth(smaller, larger) } }) }
}
const placed = (log, index) => ({ index, leaf: b64u(log.entries[index].bytes), path: audit(index, log.hashes).map(b64u) })
const replayed = (log) => ({ entries: log.entries.map(({ bytes }) => b64u(bytes)), bodies: [b64u(log.entries[0].blob)] })
/** The record as signed, its last entry changed. */
function endingIn(log, change) {
  const last = log.entries.at(-1)
  log.entries[log.entries.length - 1] = { ...last, bytes: change(last, log) }
  return { ...accusing('host'), kind: 'inadmissible-entry', space: log.space, notes: [log.note(aurelia.host)], ...replayed(log), path: [] }
}
function refusedEvidence(rule, by = aurelia.host) {
  const log = noted(3)
  const entry = placed(log, 2)
  const refusal = jws({ v: 1, space: log.space, act: log.entries[2].act, rule, detail: '', at: log.time }, by, 'chancery-refusal+json')
  return { ...accusing('host'), kind: 'refused-on-record', space: log.space, notes: [log.note(aurelia.host)], entry, refusal }
}
/** What Borovia signed as one thing and sealed as another, under a key it gave away. */
function sealedEvidence(meant, sealed) {
  const [contentKey, wrapped] = [sha(bytesOf('content key')), Buffer.alloc(60, 7)]
  const blobOf = (text) => Buffer.concat([sha(bytesOf('sealed salt')), bytesOf(text)])
  const cipher = createCipheriv('aes-256-gcm', contentKey, Buffer.concat([Buffer.alloc(11), Buffer.of(1)]))
  const bytes = Buffer.concat([bytesOf('CHS1'), wrapped, cipher.update(blobOf(sealed)), cipher.final(), cipher.getAuthTag()])
  const named = b64u(sha(blobOf(meant)))
  const enc = { alg: 'A256GCM-1MiB', hash: b64u(sha(bytes)), size: bytes.length, keys: emptyRoot }
  const log = noted(1)
  const act = log.make(borovia, say, { n: 2 }, { parts: [{ role: 'attachment', hash: named, size: meant.length, media: 'text/plain', enc }] })
  return { ...accusing('author', borovia), kind: 'sealed-otherwise', space: log.space, envelope: act.envelope, part: named, contentKey: b64u(contentKey), sealed: b64u(bytes) }
}
/** An act of Borovia that Calenia kept for the host, which goes on without it. */
function ignoredEvidence(laterMs, keepers = [calenia], answer) {
  const log = noted(1, 2, [...two(), snapshot(calenia)])
  const act = log.make(borovia, say, { n: 2 })
  const seen = { size: log.entries.length, root: log.root() }
  const receipts = keepers.map((owner) => jws({ v: 1, space: log.space, act: act.act, by: owner.party, at: log.time, seen }, owner.act, 'chancery-tender+json'))
  log.time += laterMs
  log.add(calenia, say, { n: 3 })
  const refusal = answer && jws({ v: 1, space: log.space, act: act.act, rule: 'id-taken', detail: '', at: log.time }, answer, 'chancery-refusal+json')
  return { ...accusing('host'), kind: 'ignored-tender', space: log.space, notes: [log.note(aurelia.host)], ...replayed(log), act: act.envelope, receipts, ...(refusal && { refusal }) }
}
const [three, fork, six2, fork6] = [noted(3), noted(3, 2), noted(6), noted(6, 3)]
const cosignedBy = (log, owner) => log.note(aurelia.host) + cosignature(textOf(log), owner.party, owner.cosigner, 1790000100)
const evidence = (name, content, rule) => ({ name, ...(rule && { rule }), json: jcs(content) })
const hour = 3600000
save('evidence', 'Evidence files, byte for byte (`json`). `proven` and `attested` accuse the party they name; the others are refused by `rule` and say nothing against anybody.', {
  proven: [
    evidence('two histories of one size', twoHistories(three, fork)),
    evidence('two histories of two sizes', twoHistories(three, fork6)),
    evidence('a receipt that was broken', { ...twoHistories(three, fork6), receipt: { note: 0, ...placed(three, 3) } }),
    evidence('two faces of a cosigner', { ...twoHistories(three, fork6, [cosignedBy(three, borovia), cosignedBy(fork6, borovia)]), ...accusing('cosigner', borovia) }),
    evidence('a time that went back', endingIn(noted(3), ({ envelope }) => leaf(1, envelope))),
    evidence('an act twice', endingIn(noted(3), (_, log) => log.entries[2].bytes)),
    evidence('refused for ever, and on record', refusedEvidence('id-taken')),
    evidence('sealed otherwise than signed', sealedEvidence('The pumps stand.', 'The pumps run on')),
  ],
  attested: [evidence('the host went on for two hours without what a member kept', ignoredEvidence(2 * hour)), evidence('answered under another key', ignoredEvidence(2 * hour, [calenia], borovia.host))],
  refused: [
    evidence('nothing but growth', twoHistories(three, six2), 'evidence-no-contradiction'),
    evidence('a path of another tree', { ...twoHistories(three, fork6), proof: { root: fork6.root(4), path: growth(three, six2) } }, 'evidence-proof'),
    evidence('a receipt of another entry', { ...twoHistories(three, fork6), receipt: { note: 0, ...placed(three, 3), index: 2 } }, 'evidence-proof'),
    evidence('a note by another key', twoHistories(three, fork, [three.note(aurelia.host), fork.note(borovia.host)]), 'checkpoint-signature'),
    evidence('a key that the register does not name', { ...twoHistories(three, fork), accused: { party: aurelia.party, role: 'host', key: borovia.host.x } }, 'evidence-key'),
    evidence('the register of another party', { ...twoHistories(three, fork), register: founding(borovia) }, 'register-chain'),
    evidence('entries that are as they should be', { ...accusing('host'), kind: 'inadmissible-entry', space: three.space, notes: [three.note(aurelia.host)], ...replayed(three), path: [] }, 'evidence-no-contradiction'),
    evidence('entries of another root', { ...endingIn(noted(3), ({ envelope }) => leaf(1, envelope)), notes: [three.note(aurelia.host)] }, 'evidence-proof'),
    evidence('refused by a rule that may pass', refusedEvidence('not-a-member'), 'evidence-no-contradiction'),
    evidence('a refusal under another key', refusedEvidence('id-taken', borovia.host), 'evidence-statement'),
    evidence('sealed as signed', sealedEvidence('The pumps stand.', 'The pumps stand.'), 'evidence-no-contradiction'),
    evidence('kept by its author alone', ignoredEvidence(2 * hour, [borovia]), 'tender-shape'),
    evidence('within the hour', ignoredEvidence(hour / 2), 'not-ignored'),
    evidence('the host answered', ignoredEvidence(2 * hour, [calenia], aurelia.host), 'not-ignored'),
    evidence('a member too many', { ...twoHistories(three, fork), note: '' }, 'evidence-shape'),
    { name: 'not canonical', rule: 'json-canonical', json: ` ${jcs(twoHistories(three, fork))}` },
  ],
})
