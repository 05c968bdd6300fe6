import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { ProtocolError } from '../protocol-error.ts'
import { readArchive, writeArchive } from './zip.ts'

const names = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((name) => name.isWellFormed())

test('an archive gives its files back, and only one archive exists for them', () => {
  fc.assert(
    fc.property(fc.dictionary(names, fc.uint8Array({ maxLength: 50 })), (record) => {
      const files = new Map(Object.entries(record))
      const bytes = writeArchive(files)
      assert.deepEqual(
        new Map(readArchive(bytes)),
        new Map([...files].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))),
      )
      assert.deepEqual(writeArchive(new Map([...files].reverse())), bytes)
    }),
  )
})

test('other programs read it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'archive-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'a.zip')
  writeFileSync(
    file,
    writeArchive(
      new Map([
        ['b/ع', Buffer.from('two')],
        ['a', Buffer.from('one')],
      ]),
    ),
  )
  const script =
    'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; ' +
    'print([(i.filename, z.read(i).decode(), i.date_time[0]) for i in z.infolist()])'
  const python = findPython()
  if (!python) return t.skip('no python3')
  assert.equal(
    execFileSync(python, ['-c', script, file], { encoding: 'utf8', env: { PYTHONIOENCODING: 'utf8' } }).trim(),
    "[('a', 'one', 1980), ('b/ع', 'two', 1980)]",
  )
})

test('more than 65,534 files need 64-bit end records, and are read back', () => {
  const files = new Map(Array.from({ length: 65_536 }, (_, n) => [`f${n}`, new Uint8Array()]))
  const bytes = writeArchive(files)
  assert.ok(Buffer.from(bytes).includes(Buffer.from('504b0606', 'hex')))
  assert.equal(readArchive(bytes).size, 65_536)
})

test('what is no archive is refused by rule', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.throws(
        () => readArchive(bytes),
        (error) => error instanceof ProtocolError,
      )
    }),
  )
})

function findPython(): string | undefined {
  try {
    return execFileSync('/bin/sh', ['-c', 'command -v python3'], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
