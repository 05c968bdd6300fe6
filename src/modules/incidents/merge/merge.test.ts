import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { incidentHouse, personOf } from '../../../../test/support/incident-house.ts'
import type { Viewer } from '../../../core/auth/types.ts'
import type { Refusal } from '../../../core/http/index.ts'
import type { Services } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { incidents, openIncident } from '../index.ts'
import { openCompartment, nameReader } from '../need-to-know/readers.ts'
import { loadIncident } from '../read/load-incident.ts'
import { writeFact, writeLogEntry } from '../record/keep-record.ts'
import { listStandingMerges } from './list-merges.ts'
import { loadJoined } from './load-joined.ts'
import { mergeIncident, undoMerge } from './merge-incidents.ts'
import { splitIncident } from './split-incident.ts'

const refused = (code: string) => (error: Refusal) => error.code === `incidents.${code}`

async function another(services: Services, viewer: Viewer, more: object = {}): Promise<string> {
  return openIncident(services, viewer, {
    id: newId(),
    title: 'Pumps stopped',
    summary: '',
    category: 'availability',
    drill: false,
    ceiling: 'RED',
    marking: 'AMBER',
    source: { kind: 'form' },
    ...more,
  })
}

const merge = (services: Services, viewer: Viewer, one: string, into: string, id = newId()) =>
  mergeIncident(services, viewer, one, { id, into, why: 'The same pumps' })

/** Words of facts and entries that a person finds at an incident, or nothing where it is not theirs. */
async function wordsSeen(services: Services, viewer: Viewer, id: string): Promise<string[]> {
  try {
    const loaded = await loadIncident(services, viewer, id)
    const { merged } = await loadJoined(services, viewer, loaded)
    return [loaded, ...merged].flatMap(({ facts, log }) => [...facts, ...log].map((one) => one.words ?? '')).toSorted()
  } catch {
    return []
  }
}

test('an incident merged into another stays readable, is shown there with where it comes from, and the merge is taken back', async (t) => {
  const { services, incident: a, analyst, ask } = await incidentHouse(t, [incidents])
  const b = await another(services, analyst, { marking: 'RED' })
  await writeFact(services, analyst, b, { id: newId(), state: 'known', words: 'Two pumps stood still' })
  const form = newId()
  for (const _ of [1, 2]) {
    const { answer } = await ask('POST', `/incidents/${b}/merge`, {
      viewer: analyst,
      input: { id: form, into: a, why: 'The same pumps' },
    })
    assert.ok('redirect' in answer)
  }
  for (const language of ['en', 'fr', 'ar']) {
    const { text } = await ask('GET', `/incidents/${a}`, { viewer: analyst, language })
    assert.match(text, /Two pumps stood still.*INC 2026\/2.*The same pumps/s)
    assert.match(text, /TLP:RED/, 'the page bears the narrowest marking of what stands on it')
  }
  const { text } = await ask('GET', `/incidents/${b}`, { viewer: analyst })
  assert.match(text, /Merged into INC 2026\/1/)
  const list = await ask('GET', '/incidents', { viewer: analyst })
  assert.match(list.text, /Merged into INC 2026\/1/)
  const late = await ask('POST', `/incidents/${b}/log`, { viewer: analyst, input: { id: newId(), entry: 'Late' } })
  assert.match(late.text, /stands merged into INC 2026\/1/)
  Object.assign(services, { attachments: { kept: async () => [] } })
  const found = JSON.stringify(await incidents.homeRecords?.(services, analyst))
  for (const reference of ['INC 2026/1', 'INC 2026/2']) assert.ok(found.includes(`"${reference}"`))

  await ask('POST', `/incidents/${b}/merge/undo`, { viewer: analyst, input: { undoWhy: 'Two places' } })
  const after = await ask('GET', `/incidents/${a}`, { viewer: analyst })
  assert.doesNotMatch(after.text, /Two pumps stood still/)
  assert.match(after.text, /The same pumps.*The merge with INC 2026\/2 was taken back.*Two places/s)
  await assert.rejects(undoMerge(services, analyst, b, 'Again'), refused('not-merged'))
})

test('circular merges are refused with a clear word, and of two merged crosswise at once one stands', async (t) => {
  const { services, incident: a, analyst } = await incidentHouse(t, [incidents])
  const [b, c, d] = [
    await another(services, analyst),
    await another(services, analyst),
    await another(services, analyst),
  ]
  await assert.rejects(merge(services, analyst, a, a), refused('merge-itself'))
  const crosswise = await Promise.allSettled([merge(services, analyst, a, b), merge(services, analyst, b, a)])
  const lost = crosswise.filter((one) => one.status === 'rejected')
  assert.deepEqual(
    lost.map(({ reason }) => reason.code),
    ['incidents.merge-circular'],
  )
  const [merged, root] = crosswise[0].status === 'fulfilled' ? [a, b] : [b, a]
  await assert.rejects(merge(services, analyst, merged, c), refused('merged-already'))
  await assert.rejects(merge(services, analyst, c, merged), refused('merge-target-merged'))
  await merge(services, analyst, root, c)
  await assert.rejects(merge(services, analyst, c, root), refused('merge-circular'))
  const { merged: chain } = await loadJoined(services, analyst, await loadIncident(services, analyst, c))
  assert.deepEqual(new Set(chain.map(({ incident }) => incident.id)), new Set([merged, root]))
  const drill = await another(services, analyst, { drill: true })
  await assert.rejects(merge(services, analyst, drill, c), refused('merge-drill'))
  await services.db.updateTable('home.incidents_incident').set({ state: 'closed' }).where('id', '=', d).execute()
  await assert.rejects(merge(services, analyst, c, d), refused('closed'))
  await merge(services, analyst, d, c)
})

test('of three merges that close a circle when asked at once, in any order, one at least is refused and nothing is lost', async (t) => {
  const { services, analyst } = await incidentHouse(t, [incidents])
  const orders = [
    [0, 1, 2],
    [1, 2, 0],
    [2, 1, 0],
  ] as const
  for (const order of orders) {
    const three = [await another(services, analyst), await another(services, analyst), await another(services, analyst)]
    const at = (n: number) => three[n % 3] as string
    // Each asked twice, as by two people at once.
    const asked = [...order, ...order].map((n) => merge(services, analyst, at(n), at(n + 1)))
    const refusals = (await Promise.allSettled(asked)).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    for (const { code } of refusals) assert.match(code, /^incidents\.(merge-(circular|target-merged)|merged-already)$/)
    const standing = await listStandingMerges(services, analyst)
    const roots = three.filter((id) => !standing.has(id))
    assert.ok(roots.length >= 1 && roots.length < 3)
    const shown = await Promise.all(
      roots.map(async (id) => [
        id,
        ...(await loadJoined(services, analyst, await loadIncident(services, analyst, id))).merged.map(
          (one) => one.incident.id,
        ),
      ]),
    )
    assert.deepEqual(shown.flat().toSorted(), three.toSorted(), 'each stands in exactly one place')
  }
})

test('a circle through incidents that cannot be seen is refused and names none of them', async (t) => {
  const { services, incident: a, analyst } = await incidentHouse(t, [incidents])
  const other = personOf('other', /^incidents/)
  const b = await another(services, analyst)
  const hidden = await another(services, analyst, { isRestricted: true })
  await merge(services, analyst, b, hidden)
  await merge(services, analyst, hidden, a)
  await assert.rejects(merge(services, other, a, b), (error: Refusal) => {
    assert.deepEqual([error.code, error.facts], ['incidents.merge-impossible', { field: 'into' }])
    return true
  })
})

const labels: Tlp[] = ['GREEN', 'AMBER', 'RED']

test('a merge shows nobody more than both incidents showed them before, whatever markings, readers and compartments', async (t) => {
  const { services, analyst } = await incidentHouse(t, [incidents])
  const watchers = labels.flatMap((ceiling) => ['colleague', 'outsider'].map((id) => personOf(id, /./, ceiling)))
  const side = fc.record({
    marking: fc.constantFrom(...labels),
    isRestricted: fc.boolean(),
    reader: fc.boolean(),
    set: fc.constantFrom('none', 'closed', 'colleague'),
  })
  await fc.assert(
    fc.asyncProperty(side, side, async (one, other) => {
      const [a, b] = [await filled(services, analyst, one), await filled(services, analyst, other)]
      const before = await Promise.all(
        watchers.map(async (who) => ({
          a: await wordsSeen(services, who, a),
          b: await wordsSeen(services, who, b),
        })),
      )
      await merge(services, analyst, b, a)
      for (const [at, who] of watchers.entries()) {
        const seen = before[at] as (typeof before)[number]
        const together = seen.a.length === 0 ? [] : [...seen.a, ...seen.b].toSorted()
        assert.deepEqual(await wordsSeen(services, who, a), together)
        assert.deepEqual(await wordsSeen(services, who, b), seen.b)
        const loaded = seen.a.length > 0 && (await loadJoined(services, who, await loadIncident(services, who, a)))
        if (loaded && seen.b.length === 0) assert.deepEqual([loaded.history, loaded.merged], [[], []])
      }
    }),
    { numRuns: 20 },
  )
})

async function filled(
  services: Services,
  lead: Viewer,
  { set, reader, ...more }: { marking: Tlp; isRestricted: boolean; reader: boolean; set: string },
): Promise<string> {
  const id = await another(services, lead, more)
  if (reader) await nameReader(services, lead, id, { id: newId(), kind: 'person', who: 'colleague' })
  await writeLogEntry(services, lead, id, { id: newId(), words: `Open words of ${id}` })
  if (set === 'none') return id
  const compartment = newId()
  await openCompartment(services, lead, id, { id: compartment, name: 'Set' })
  if (set === 'colleague' && (reader || !more.isRestricted)) {
    await nameReader(services, lead, id, { id: newId(), kind: 'person', who: 'colleague', compartment })
  }
  await writeFact(services, lead, id, { id: newId(), state: 'known', words: `Closed words of ${id}`, compartment })
  return id
}

test('a split moves chosen lines to a new incident that no more people read, and both say so', async (t) => {
  const { services, analyst, ask } = await incidentHouse(t, [incidents])
  const a = await another(services, analyst, { isRestricted: true, marking: 'RED' })
  await nameReader(services, analyst, a, { id: newId(), kind: 'person', who: 'colleague' })
  const [moves, stays] = [newId(), newId()]
  await writeFact(services, analyst, a, { id: moves, state: 'known', words: 'Another town' })
  await writeFact(services, analyst, a, { id: stays, state: 'known', words: 'This town' })
  const form = newId()
  const input = { id: form, title: 'The other town', splitWhy: 'Two towns', facts: [moves] }
  await ask('POST', `/incidents/${a}/split`, { viewer: analyst, input })
  await ask('POST', `/incidents/${a}/split`, { viewer: analyst, input })
  const colleague = personOf('colleague', /./)
  const news = await ask('GET', `/incidents/${form}`, { viewer: colleague })
  assert.match(news.text, /Another town.*Split from INC 2026.*Two towns/s)
  assert.deepEqual(await wordsSeen(services, personOf('outsider', /./), form), [])
  const old = await ask('GET', `/incidents/${a}`, { viewer: colleague })
  assert.match(old.text, /This town.*was opened for a part.*Two towns/s)
  const facts = async (id: string) => (await loadIncident(services, colleague, id)).facts.map(({ words }) => words)
  assert.deepEqual([await facts(a), await facts(form)], [['This town'], ['Another town']])
  const rows = { facts: [moves], entries: [], particulars: [], evidence: [], objects: [] }
  await assert.rejects(
    splitIncident(services, analyst, a, { id: newId(), title: 'Again', why: 'Again', rows }),
    refused('split-rows'),
  )
  await merge(services, analyst, form, a)
  assert.ok((await wordsSeen(services, colleague, a)).includes('Another town'))
})
