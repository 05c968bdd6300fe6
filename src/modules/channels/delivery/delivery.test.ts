import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startNetwork } from '../../../../test/support/network.ts'
import { modules, personOf, servicesOf } from '../../../../test/support/space-pages.ts'
import type { ActDraft, Services, ShownAct, SpaceFacts } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { openInput } from '../../spaces/pages/open-page.tsx'
import { channelActs } from '../projection.ts'
import { listNotes } from '../queries.ts'
import { escalationNeeds, pageSecretariat } from './escalation.ts'
import { reportOpening } from './report-opening.ts'

const [aurelia, borovia, mosc] = ['aurelia.example', 'borovia.example', 'mosc.example']
const hourMs = 3_600_000

test('the opening of a note is reported only where the space agreed on it when it was opened, once, and accepts nothing', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia'], { modules })
  const { db } = nodes.aurelia
  const members: SpaceFacts['members'] = [aurelia, borovia, mosc].map((party) => ({ party, role: 'member', since: 0 }))
  const spaceWith = (terms: Record<string, string>) =>
    ({ id: newId(), kind: 'channel', host: mosc, members, terms, title: {}, purpose: '' }) as unknown as SpaceFacts
  const hashOf = (name: string) => name.padEnd(43, '_')
  const project = async (space: SpaceFacts, type: string, author: string, hash: string, body: object) => {
    const definition = channelActs.find((one) => one.type === type)!
    const statement = { id: newId(), author, type, office: 'desk', marking: { tlp: 'AMBER' } }
    const act = { space, index: 1, hash, statement, time: 0, scenarioTime: 0, body: definition.body.parse(body) }
    return db.transaction().execute((tx) => definition.project!(tx, act as never))
  }
  const body = {
    form: 'letter',
    number: '1/2026',
    purpose: 'inform',
    language: 'en',
    addressee: borovia,
    impliesNoAttribution: true,
  }
  const shownOf = (space: SpaceFacts, hash: string, over: object = {}) =>
    ({
      space,
      act: { hash, statement: { type: 'channels.note-sent', marking: { tlp: 'AMBER' } } },
      content: { body, text: { subject: 'S', paragraphs: ['P'] }, ...over },
    }) as unknown as ShownAct
  const signed: ActDraft[] = []
  const outbox = { enqueue: async (_tx: unknown, draft: ActDraft) => void signed.push(draft) }
  const read = (party: string, shown: ShownAct) =>
    reportOpening({ db, party, outbox } as unknown as Services, personOf('reader'), [shown])

  const silent = spaceWith({ acknowledgeWithin: 'PT4H' })
  const telling = spaceWith({ acknowledgeWithin: 'PT4H', reportsOpening: 'yes' })
  for (const space of [silent, telling])
    assert.equal(await project(space, 'channels.note-sent', aurelia, hashOf(space.id), body), undefined)

  await read(borovia, shownOf(silent, hashOf(silent.id)))
  await read(aurelia, shownOf(telling, hashOf(telling.id)))
  await read(borovia, shownOf(telling, hashOf(telling.id), { text: undefined }))
  assert.deepEqual(signed, [], 'nothing without the term, of our own note, or where the words were withheld')
  await read(borovia, shownOf(telling, hashOf(telling.id)))
  await read(borovia, shownOf(telling, hashOf(telling.id)))
  assert.deepEqual(
    [...new Set(signed.map(({ id, type, body: said }) => JSON.stringify([id, type, said])))].length,
    1,
    'every reader and process names the same act',
  )
  const opened = { note: hashOf(telling.id) }
  const tell = (space: SpaceFacts, by: string, said = opened) =>
    project(space, 'channels.note-opened', by, hashOf('opened'), said)
  assert.deepEqual(await tell(silent, borovia, { note: hashOf(silent.id) }), { withoutEffect: 'opening-not-agreed' })
  assert.deepEqual(await tell(telling, aurelia), { withoutEffect: 'opened-by-others' })
  assert.equal(await tell(telling, borovia), undefined)
  assert.deepEqual(await tell(telling, borovia), { withoutEffect: 'already-opened' })
  const row = (await listNotes(db, [opened.note])).get(opened.note)
  assert.deepEqual([row?.opened_by, row?.acknowledged_by, row?.answered_by], [hashOf('opened'), null, null])
  await read(borovia, shownOf(telling, hashOf(telling.id)))
  assert.equal(signed.length, 2, 'what is on the record is not said again')

  // No other source signs such an act: whoever adds one meets this line.
  const root = join(import.meta.dirname, '../../../..')
  const naming = globSync('src/**/*.{ts,tsx}', { cwd: root, exclude: (name) => name.includes('.test.') }).filter(
    (file) => readFileSync(join(root, file), 'utf8').includes("'channels.note-opened'"),
  )
  const ofTheRoom = ['note-opened.ts', 'opened-face.tsx', 'report-opening.ts']
  assert.deepEqual(
    naming.toSorted(),
    ofTheRoom.map((name) => `src/modules/channels/delivery/${name}`),
  )

  // Escalation as agreed: to another kind of contact by the sender, or to the secretariat, when the time is over.
  const byContact = spaceWith({ acknowledgeWithin: 'PT4H', escalatesTo: 'diplomatic' })
  const bySecretariat = spaceWith({ acknowledgeWithin: 'PT4H', escalatesTo: 'secretariat' })
  for (const space of [byContact, bySecretariat])
    await project(space, 'channels.note-sent', aurelia, hashOf(space.id), body)
  const paged: string[] = []
  const at = (party: string, now: number) =>
    ({
      ...servicesOf(nodes.aurelia),
      party,
      ledger: {
        list: async () => [silent, telling, byContact, bySecretariat],
        scenarioNow: async () => now,
      },
      notices: {
        send: async (_tx: unknown, { key, person }: { key: string; person: string }) => paged.push(`${key} ${person}`),
      },
    }) as unknown as Services
  const needs = async (party: string, now: number) =>
    (await escalationNeeds(at(party, now), personOf('duty'))).map(({ verb, form, space }) => [verb, form, space])
  assert.deepEqual(await needs(aurelia, 4 * hourMs - 1), [], 'not before the time agreed')
  assert.deepEqual(await needs(aurelia, 4 * hourMs), [
    ['delivery.action.turn-to', 'directory.kind.diplomatic', byContact.id],
  ])
  assert.deepEqual(await needs(mosc, 4 * hourMs), [
    ['delivery.action.follow-up', 'delivery.needs.secretariat', bySecretariat.id],
  ])
  assert.deepEqual(await needs(borovia, 4 * hourMs), [], 'the addressee has its own duty, and nothing else')
  await pageSecretariat(at(aurelia, 4 * hourMs))
  assert.deepEqual(paged, [])
  await pageSecretariat(at(mosc, 4 * hourMs))
  assert.deepEqual(paged, [`escalation:${hashOf(bySecretariat.id)}:releaser releaser`])
  assert.equal(openInput.safeParse({ escalatesTo: 'anybody' }).success, false)
})
