import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { incidentHouse } from '../../../../test/support/incident-house.ts'
import { migrations as clockMigrations } from '../../../core/clocks/index.ts'
import type { ActDraft, Draft, Module, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { incidents, linkSpace, openIncident } from '../index.ts'

/** The form of a note, as far as lines of an incident use it. */
const notes: Module = {
  name: 'notes',
  migrations: clockMigrations,
  composers: [
    {
      type: 'channels.note-sent',
      wish: '',
      input: z.looseObject({ text: z.string(), subject: z.string(), addressee: z.string() }),
      mayStart: async () => true,
      Fields: () => null,
      compose: async (
        _: unknown,
        __: unknown,
        ___: unknown,
        input: Record<'addressee' | 'subject' | 'text', string>,
      ) => ({
        body: { addressee: input.addressee },
        text: { subject: input.subject, paragraphs: input.text.split('\n\n') },
      }),
    } as never,
  ],
}

const space = {
  id: 'case-with-borovia',
  kind: 'case',
  title: { en: 'Outage' },
  host: 'aurelia.example',
  members: [{ party: 'aurelia.example' }, { party: 'borovia.example' }],
  terms: {},
} as unknown as SpaceFacts

/** A house that talks with Borovia, whose drafts are kept in memory. */
async function talkingHouse(t: Parameters<typeof incidentHouse>[0]) {
  const house = await incidentHouse(t, [incidents, notes])
  const drafts = new Map<string, Draft>()
  Object.assign(house.services, {
    ledger: {
      find: async () => space,
      list: async () => [space],
      acts: async () => [],
      scenarioNow: async () => house.services.clock.now(),
      content: async () => new Map(),
    },
    drafts: {
      find: async (id: string) => drafts.get(id),
      save: async (_viewer: Viewer, draft: ActDraft) => {
        const saved = { ...draft, state: 'drafting' } as unknown as Draft
        drafts.set(saved.id, saved)
        return saved
      },
    },
  } as unknown as Services)
  return { ...house, drafts }
}

const stated = { knownBy: 'us', knownSince: '2026-11-09', consent: 'not-needed' }
const choice = (...items: string[]) =>
  `?${new URLSearchParams([...items.map((one) => ['items', one]), ['subject', 'On the outage'], ['tlp', 'AMBER']])}`

test('a line moves across in steps: chosen, seen as the other side will read it, in a draft, and marked at home', async (t) => {
  const { ask, services, incident, analyst, drafts } = await talkingHouse(t)
  await linkSpace(services, analyst, incident, space.id)
  const fact = newId()
  const victim = newId()
  await ask('POST', `/incidents/${incident}/facts`, {
    viewer: analyst,
    input: { id: fact, kind: 'known', words: 'Pumps stood still for two hours.' },
  })
  await ask('POST', `/incidents/${incident}/particulars`, {
    viewer: analyst,
    input: { id: victim, kind: 'victim', words: 'Water works of Port Sel', ...stated },
  })
  const path = `/incidents/${incident}/shared/${space.id}/move`
  const chosen = [`fact-${fact}`, `particular-${victim}`]
  const seen = await ask('GET', `${path}${choice(...chosen)}`, { viewer: analyst })
  assert.match(seen.html, /box leaves/, 'in the frame of what is shared')
  assert.ok(!seen.html.includes('box stays'))
  assert.match(seen.text, /On the outage .*Pumps stood still for two hours\. .*Water works of Port Sel/)
  assert.equal(drafts.size, 0, 'looking writes nothing')
  const draft = newId()
  const input = {
    id: draft,
    items: chosen,
    subject: 'On the outage',
    addressee: 'borovia.example',
    language: 'en',
    tlp: 'AMBER',
  }
  const { answer } = await ask('POST', path, { viewer: analyst, input })
  await ask('POST', path, { viewer: analyst, input })
  assert.equal('redirect' in answer && answer.redirect, `/drafts/${draft}/review`)
  const written = drafts.get(draft)?.text as { paragraphs: string[] }
  assert.equal(written.paragraphs[0], 'Pumps stood still for two hours.')
  const home = await ask('GET', `/incidents/${incident}`, { viewer: analyst })
  assert.match(home.text, /In a draft to borovia\.example/)
  assert.equal(home.text.match(/2 lines written into a draft/g)?.length, 1, 'minuted once')
  const facts = await ask('GET', `/incidents/${incident}/particulars`, { viewer: analyst })
  assert.match(facts.text, /Water works of Port Sel.*In a draft to borovia\.example/)
  await services.db.transaction().execute(async (tx) => incidents.draftDiscarded?.(tx, draft))
  const after = await ask('GET', `/incidents/${incident}`, { viewer: analyst })
  assert.ok(!after.text.includes('In a draft to'), 'a draft that was discarded told nobody')
})

test('what a firm did not agree to, and what is marked narrower than the letter, stays and says why', async (t) => {
  const { ask, services, incident, analyst, drafts } = await talkingHouse(t)
  await linkSpace(services, analyst, incident, space.id)
  const victim = newId()
  await ask('POST', `/incidents/${incident}/particulars`, {
    viewer: analyst,
    input: { id: victim, kind: 'victim', words: 'Bank of Sel', ...stated, consent: 'refused' },
  })
  const path = `/incidents/${incident}/shared/${space.id}/move`
  const page = await ask('GET', path, { viewer: analyst })
  assert.match(page.text, /Bank of Sel Whom it concerns has not agreed\./)
  assert.ok(!page.html.includes(`value="particular-${victim}"`))
  const forced = await ask('GET', `${path}${choice(`particular-${victim}`)}`, { viewer: analyst })
  assert.match(forced.text, /may not go as it is marked/)
  const secret = await openIncident(services, analyst, {
    ...{ id: newId(), title: 'Quiet', summary: '', category: 'fraud', drill: false },
    ...{ ceiling: 'RED', marking: 'RED', source: { kind: 'form' } },
  })
  await linkSpace(services, analyst, secret, space.id)
  const fact = newId()
  await ask('POST', `/incidents/${secret}/facts`, {
    viewer: analyst,
    input: { id: fact, kind: 'known', words: 'Told in confidence.' },
  })
  const posted = await ask('POST', `/incidents/${secret}/shared/${space.id}/move`, {
    viewer: analyst,
    input: {
      id: newId(),
      items: `fact-${fact}`,
      subject: 'x',
      addressee: 'borovia.example',
      language: 'en',
      tlp: 'AMBER',
    },
  })
  assert.equal('status' in posted.answer && posted.answer.status, 422)
  assert.match(posted.text, /The record is marked narrower than this letter\./)
  assert.equal(drafts.size, 0)
})
