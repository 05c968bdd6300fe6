import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diskFull, meansAway, meansDiskFull } from './trouble.ts'

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
