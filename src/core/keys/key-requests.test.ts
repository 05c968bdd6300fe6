import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { migrations as auth } from '../auth/index.ts'
import { testDatabase } from '../../../test/support/postgres.ts'
import { agreeKeyRequest, askKeyRequest, findKeyRequest, type Keys, migrations, recoverAsAgreed } from './index.ts'

async function house(t: TestContext) {
  const { db } = await testDatabase(t, [...auth, ...migrations])
  const done: string[] = []
  const keys = {
    revoke: async ({ reason }) => void done.push(`revoked: ${reason}`),
    recover: async ({ sheet }) => void done.push(`recovered: ${sheet}`),
  } as Pick<Keys, 'revoke' | 'recover'> as Keys
  return { context: { db, keys, clock: { now: () => 1 } }, done }
}
const id = 'a'.repeat(32)
const theft = { id, reason: 'theft', others: [], by: 'anna' }
const refusal = (code: string) => (error: { code?: string }) => error.code === code

test('a key is revoked when a second administrator agrees, and not before', async (t) => {
  const { context, done } = await house(t)
  await askKeyRequest(context, { ...theft, kind: 'revoke' })
  await askKeyRequest(context, { ...theft, kind: 'revoke' })
  await assert.rejects(
    askKeyRequest(context, { ...theft, id: 'b'.repeat(32), kind: 'recover' }),
    refusal('keys.asked-already'),
  )
  await assert.rejects(agreeKeyRequest(context, { id, by: 'anna' }), refusal('keys.same-person'))
  assert.deepEqual(done, [])
  await agreeKeyRequest(context, { id, by: 'boris' })
  assert.deepEqual(done, ['revoked: theft'])
  assert.equal(await findKeyRequest(context.db), undefined)
  await assert.rejects(agreeKeyRequest(context, { id, by: 'boris' }), refusal('keys.not-waiting'))
})

test('a sheet is taken only after two agreed, from one of the two, and is written down nowhere', async (t) => {
  const { context, done } = await house(t)
  await askKeyRequest(context, { ...theft, kind: 'recover' })
  const carryOut = (by: string) => recoverAsAgreed(context, { id, by, sheet: 'SHEET-0042' })
  await assert.rejects(carryOut('anna'), refusal('keys.not-agreed'))
  await agreeKeyRequest(context, { id, by: 'boris' })
  await assert.rejects(carryOut('clara'), refusal('keys.not-yours'))
  assert.deepEqual(done, [])
  await carryOut('anna')
  assert.deepEqual(done, ['recovered: SHEET-0042'])
  const rows = [
    await context.db.selectFrom('home.key_request').selectAll().execute(),
    await context.db.selectFrom('home.audit').selectAll().execute(),
  ]
  assert.doesNotMatch(JSON.stringify(rows), /SHEET/)
})
