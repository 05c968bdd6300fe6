import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../test/support/network.ts'
import { ask, modules, openCase, personOf, servicesOf } from '../../../test/support/space-pages.ts'
import { spaces } from './index.ts'

test('a frozen space says what happened and what to do, to readers in their language and on Today to who must act', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(borovia)
  const space = await openCase(network, servicesOf(aurelia))
  const dutyOfficer = { ...personOf('officer'), roles: ['duty-officer' as const] }
  const isNamed = async (viewer: typeof dutyOfficer) =>
    (await spaces.needs?.(services, viewer))?.some((need) => need.key === `frozen:${space}`)
  assert.ok(!(await isNamed(dutyOfficer)))
  await borovia.db
    .insertInto('log.conflict')
    .values({
      space,
      kind: 'two-histories',
      accused: aurelia.party,
      role: 'host',
      held: 'a',
      came: 'b',
      detail: '',
      common: 1,
      found_at: borovia.clock.now(),
      file: 'two-histories.json',
      evidence: Buffer.from('{}'),
    })
    .execute()
  await borovia.db.updateTable('log.space').set({ frozen: 'two-histories' }).where('space', '=', space).execute()

  const page = async (language: string) =>
    (await ask('GET', `/spaces/${space}`, { services, viewer: personOf('reader'), language })).html
  const english = await page('en')
  assert.match(english, /This space is frozen/)
  assert.match(english, /AURELIA, which orders this space, signed two things that cannot both be true/)
  assert.match(english, /chancery verify/)
  assert.match(english, /evidence\/two-histories\.json/)
  assert.match(await page('fr'), /Cet espace est gelé/)
  assert.match(await page('ar'), /هذه المساحة مجمَّدة/)
  assert.ok(await isNamed(dutyOfficer), 'Today leads the duty officer to it')
  assert.ok(!(await isNamed({ ...dutyOfficer, roles: [] })), 'and nobody who cannot act on it')
})
