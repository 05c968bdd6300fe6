import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diskFull, meansAway, meansDiskFull, meansReadOnly, meansUnreadable } from './trouble.ts'

test('a full disk is known by what the file system, PostgreSQL and its programs say', () => {
  assert.ok(meansDiskFull(Object.assign(new Error('write'), { code: 'ENOSPC' })))
  assert.ok(
    meansDiskFull(Object.assign(new Error('could not extend file "base/5/1": No space left'), { code: '53100' })),
  )
  assert.ok(meansDiskFull('initdb: error: could not write file: No space left on device'))
  assert.ok(!meansDiskFull(Object.assign(new Error('denied'), { code: 'EACCES' })))
  assert.ok(!meansDiskFull(undefined))
})

test('the sentence about a full disk names the place and what to do', () => {
  assert.match(diskFull('/var/lib/chancery').message, /\/var\/lib\/chancery is full: free some space/)
})

test('a database that is away or recovering is told from one that refuses', () => {
  assert.ok(meansAway(Object.assign(new Error('the database system is in recovery mode'), { code: '57P03' })))
  assert.ok(meansAway(Object.assign(new Error('connect ENOENT'), { code: 'ENOENT', syscall: 'connect' })))
  assert.ok(meansAway(new Error('Connection terminated unexpectedly')))
  assert.ok(!meansAway(Object.assign(new Error('duplicate key'), { code: '23505' })))
  assert.ok(!meansAway(Object.assign(new Error('open ENOENT'), { code: 'ENOENT', syscall: 'open' })))
})

test('a database behind a name with several addresses, or behind a name nobody knows, is away and not broken', () => {
  const refused = (address: string) =>
    Object.assign(new Error(`connect ECONNREFUSED ${address}:5432`), { code: 'ECONNREFUSED', syscall: 'connect' })
  const both = Object.assign(new AggregateError([refused('::1'), refused('127.0.0.1')]), { code: 'ECONNREFUSED' })
  assert.ok(meansAway(both))
  assert.ok(!meansAway(new AggregateError([refused('::1'), new TypeError('a bug')])))
  assert.ok(!meansAway(new AggregateError([])))
  assert.ok(
    meansAway(Object.assign(new Error('getaddrinfo ENOTFOUND db'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })),
  )
  assert.ok(meansAway(Object.assign(new Error('sorry, too many clients already'), { code: '53300' })))
})

test('a database that only reads is told from one that cannot read its own files', () => {
  const readOnly = Object.assign(new Error('cannot execute INSERT in a read-only transaction'), { code: '25006' })
  const broken = Object.assign(new Error('invalid page in block 3 of relation base/5/16403'), { code: 'XX001' })
  assert.deepEqual([meansReadOnly(readOnly), meansUnreadable(readOnly)], [true, false])
  assert.deepEqual([meansReadOnly(broken), meansUnreadable(broken)], [false, true])
  for (const reason of [readOnly, broken]) assert.ok(!meansAway(reason) && !meansDiskFull(reason))
  assert.ok(!meansUnreadable(Object.assign(new Error('duplicate key'), { code: '23505' })))
})
