import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Module, Services, Viewer } from '../../src/core/module/types.ts'
import { attributions } from '../../src/modules/attributions/index.ts'
import { embargo } from '../../src/modules/embargo/index.ts'
import { incidents, linkSpace, openIncident } from '../../src/modules/incidents/index.ts'
import { originator } from '../../src/modules/originator/index.ts'
import { publishedIncidents } from '../../src/modules/published-incidents/index.ts'
import { response } from '../../src/modules/response/index.ts'
import { newId } from '../../src/protocol/index.ts'
import type { Tlp } from '../../src/protocol/types.ts'
import { reasons } from './incident-house.ts'
import { startNetwork } from './network.ts'
import { arrives, ask, modules, openCase, personOf, redirectOf, searchIndex, servicesOf } from './space-pages.ts'

const usual: Module[] = [
  ...modules.filter(({ name }) => name !== 'incidents'),
  searchIndex,
  incidents,
  publishedIncidents,
  response,
  originator,
  embargo,
  attributions,
]
export type Who = 'aurelia' | 'borovia'
export const writer = personOf('writer', 'RED')
const minister = personOf('minister', 'RED')
const releaser = personOf('releaser', 'RED')

const stated = { basis: 'government', kind: 'political', accused: 'Group Heron', tlp: 'AMBER' }
const minuted = { why: 'Cabinet decided so', decidedOn: '2026-11-22', decidedBy: 'Minister' }

/** Two houses with a case, each with an incident of its own linked to it. */
export async function attributionHouses(t: TestContext, more: readonly Module[] = []) {
  const rooms = [...usual, ...more]
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: rooms })
  const { aurelia, borovia } = network.nodes
  const house = { aurelia: servicesOf(aurelia, rooms), borovia: servicesOf(borovia, rooms) }
  const space = await openCase(network, house.aurelia)
  const incident = { aurelia: await open(house.aurelia, space), borovia: await open(house.borovia, space) }
  let size = 1
  const read = async (who: Who, address: string, viewer: Viewer = writer, language = 'en') =>
    textOf((await ask('GET', address, { services: house[who], viewer, language })).html)
  const register = (who: Who, viewer: Viewer = writer, language = 'en') =>
    read(who, `/incidents/${incident[who]}/attributions`, viewer, language)
  const post = (who: Who, address: string, input: Record<string, unknown>, viewer: Viewer = writer) =>
    ask('POST', address, { services: house[who], viewer, input: { id: newId(), ...input } })
  const atHome = (who: Who, path: string, input: Record<string, unknown>, viewer?: Viewer) =>
    post(who, `/incidents/${incident[who]}${path}`, input, viewer)
  const item = async (who: Who, words: string, tlp: Tlp = 'GREEN') => {
    const id = newId()
    await atHome(who, '/evidence', { id, words, source: 'register', reliability: 'B', credibility: '2', tlp })
    return id
  }
  const assessed = async (who: Who) => {
    const [hypothesis, id] = [newId(), newId()]
    await atHome(who, '/hypotheses', { id: hypothesis, statement: 'They act from there' })
    const judged = {
      hypothesis,
      probability: 'icd-203:likely',
      confidence: 'moderate',
      ...reasons,
      why: 'Two sources.',
    }
    await atHome(who, '/assessments', { id, ...judged })
    return id
  }
  const decide = async (who: Who, more: Record<string, unknown>) => {
    const id = newId()
    await kept(atHome(who, '/attributions/decide', { id, ...minuted, ...more }, minister))
    return id
  }
  const proposed = async (who: Who, decision: string, more: Record<string, unknown>) => {
    const id = newId()
    const said = { id, tlp: 'AMBER', language: 'en', subject: 'On the banks', text: 'We attribute it.' }
    await kept(atHome(who, `/attributions/decisions/${decision}/say`, { ...said, ...more }))
    return id
  }
  const releasedWords = async (who: Who, id: string) => {
    const { hash } = await house[who].db
      .selectFrom('home.attributions_statement')
      .select('hash')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    await kept(atHome(who, `/attributions/statements/${id}/release`, { seen: hash }, releaser))
  }
  /** Words for partners, released within the house first; `text` and `evidence` are those of the level. */
  const forPartners = async (who: Who, decision: string, more: Record<string, unknown>) => {
    let last = ''
    for (const level of ['internal', 'partners']) {
      last = await proposed(who, decision, { level, ...more })
      await releasedWords(who, last)
    }
    return last
  }
  /** Affirms, with one item that partners may have, and releases words for them. */
  const affirmed = async (who: Who, more: Record<string, unknown> = {}) => {
    const evidence = [await item(who, 'The key was theirs')]
    const decision = await decide(who, {
      ...{ choice: 'affirm', accused: 'Group Heron', assessment: await assessed(who), evidence },
    })
    return { evidence, decision, statement: await forPartners(who, decision, { evidence, ...more }) }
  }
  const draft = async (who: Who, type: string, input: Record<string, unknown>, viewer: Viewer = writer) => {
    const { answer, html } = await post(who, `/spaces/${space}/write/${type}`, { tlp: 'AMBER', ...input }, viewer)
    assert.ok('redirect' in answer, `the form came back: ${textOf(html)}`)
    return redirectOf(answer).split('/')[2] ?? ''
  }
  const submit = async (who: Who, id: string) => {
    const { approval = '' } = (await house[who].drafts.find(id)) ?? {}
    await house[who].drafts.submit(writer, id, approval)
    return approval
  }
  const sendDraft = async (who: Who, id: string) => {
    const approval = await submit(who, id)
    const { state: stands } = (await house[who].drafts.find(id)) ?? {}
    if (stands === 'awaiting-release') await house[who].drafts.release(releaser, id, approval)
    size += 1
    await arrives(space, size, aurelia, borovia)
    return (await house[who].drafts.find(id))?.actHash ?? assert.fail(`${id} is not on the record`)
  }
  const send = async (who: Who, type: string, input: Record<string, unknown>) =>
    sendDraft(who, await draft(who, type, input))
  const state = (who: Who, statement: string, more: Record<string, unknown> = {}) =>
    send(who, 'attributions.attribution-stated', { ...stated, statement, ...more })
  /** An act signed by the party whatever its forms would have allowed: what other software could send. */
  const sign = async (who: Who, type: string, body: object, text?: object) => {
    const sent = await network.nodes[who].outbox.send({
      ...{ space, type, id: newId(), office: 'cyber-desk', marking: { tlp: 'AMBER' as const } },
      body: body as never,
      ...(text && { text: text as never }),
    })
    size += 1
    await arrives(space, size, aurelia, borovia)
    return (await borovia.ledger.findAct(sent.hash))?.withoutEffect
  }
  return {
    ...{ network, house, space, incident, read, register, post, atHome, item, decide, forPartners, affirmed },
    ...{ draft, submit, sendDraft, send, state, sign, stated, minister, releaser, assessed, proposed, releasedWords },
    needs: async (who: Who, viewer: Viewer = writer) =>
      ((await attributions.needs?.(house[who], viewer)) ?? []).map(({ verb, waitsFor }) => `${waitsFor}: ${verb}`),
  }
}

async function open(services: Services, space: string): Promise<string> {
  const id = await openIncident(services, writer, {
    ...{ id: newId(), title: 'Disruption of banks', summary: '', category: 'availability', drill: false },
    ...{ ceiling: 'RED', marking: 'AMBER', source: { kind: 'form' } },
  })
  await linkSpace(services, writer, id, space)
  return id
}

async function kept(answered: ReturnType<typeof ask>): Promise<void> {
  const { answer, html } = await answered
  assert.ok('redirect' in answer, textOf(html))
}

export const textOf = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
