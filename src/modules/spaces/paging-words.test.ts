import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNetwork } from '../../../test/support/network.ts'
import { modules, personOf, servicesOf } from '../../../test/support/space-pages.ts'
import type { Json, SpaceFacts, Visit } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { createTranslator } from '../../text/index.ts'
import { directory } from '../directory/index.ts'
import { pagingOfForm, pagingWords } from './paging-words.ts'

const borovia = 'borovia.example'

test('a message says before it is sent whom it pages there, by their own directory, and when that escalates', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia'], {
    modules: [...modules.filter(({ name }) => name !== directory.name), directory],
  })
  const { aurelia } = nodes
  const services = { ...servicesOf(aurelia), party: borovia }
  const own = await aurelia.ledger.open({
    id: newId(),
    kind: 'directory',
    title: { en: 'Points of contact' },
    purpose: 'reach',
    office: 'cyber-desk',
    members: [],
  })
  const visit = (language = 'en') =>
    ({ services, viewer: personOf('drafter'), language, t: createTranslator(language) }) as unknown as Visit
  const addressee = aurelia.party
  const members: SpaceFacts['members'] = [addressee, borovia].map((party) => ({ party, role: 'member', since: 0 }))
  const agreed: SpaceFacts = { ...own, members, terms: { acknowledgeWithin: 'PT4H', zone: 'Etc/UTC' } }
  const now = aurelia.clock.now()
  const said = async (space: SpaceFacts, over: { asked?: string; now?: number } = {}, language?: string) =>
    (await pagingWords(visit(language), { space, addressee, now, ...over })).join(' ')

  assert.match(await said({ ...agreed, terms: {} }), /No acknowledgement is agreed in this space: it pages nobody/)
  assert.match(await said(agreed), /AURELIA has published no contact that answers/)
  await aurelia.outbox.send({
    space: own.id,
    type: 'directory.contact-nominated',
    id: newId(),
    office: 'cyber-desk',
    body: {
      contact: newId(),
      kind: 'diplomatic',
      zone: 'Asia/Kathmandu',
      languages: ['en'],
      hours: 'stated',
      week: [{ days: [7], from: '10:00', until: '16:00' }],
    } as Json,
    text: { post: 'Duty desk' },
    marking: { tlp: 'AMBER' },
  })
  await aurelia.ledger.project(own.id)
  // A Sunday, nine o'clock in Greenwich, a quarter to three there.
  assert.match(
    await said(agreed),
    /^Duty desk of AURELIA, where it is 14:45 UTC\+5:45\. .* due 22 Nov 2026, 18:45 .*deputy 22 Nov 2026, 16:45 .*everybody who may acknowledge 22 Nov 2026, 17:45/,
  )
  const tomorrow = now + 24 * 3_600_000
  assert.match(
    await said(agreed, { now: tomorrow }),
    /Nobody at AURELIA promised .* Duty desk, from 29 Nov 2026, 10:00/,
  )
  assert.match(await said({ ...agreed, terms: {} }, { asked: 'PT2H' }), /asked for would be due 22 Nov 2026, 16:45/)
  for (const [language, word] of [
    ['fr', /officier de permanence est alerté aussitôt/],
    ['ar', /يستدعى المناوب فورا/],
  ] as const)
    assert.match(await said(agreed, {}, language), word)

  const terms = (over: Record<string, string>) => ({ ...agreed, terms: { ...agreed.terms, ...over } })
  assert.match(
    await said(terms({ escalatesTo: 'diplomatic' })),
    /If nobody has acknowledged by 22 Nov 2026, 18:45[^,]*, we turn to another contact .* Diplomatic point of contact: Duty desk\./,
  )
  assert.match(await said(terms({ escalatesTo: 'judicial' })), /the directory has none\./)
  const secretariat = 'mosc.example'
  const withHost = { ...terms({ escalatesTo: 'secretariat', reportsOpening: 'yes' }), host: secretariat }
  assert.doesNotMatch(await said(withHost), /secretariat/, 'who cannot read what is said follows nothing up')
  assert.match(
    await said({ ...withHost, members: [...members, { party: secretariat, role: 'member', since: 0 }] }),
    /MOSC is paged as the secretariat, as agreed here\. .*opening of a note is reported/,
  )

  const form = (type: string, to?: string) =>
    pagingOfForm(visit(), { space: agreed, type, ...(to && { addressee: to }) })
  assert.equal((await form('channels.note-sent')).length, 2, 'the only other member is the addressee')
  assert.deepEqual(await form('channels.note-sent', addressee), await form('channels.note-sent', 'stranger.example'))
  assert.deepEqual(await form('channels.minutes-proposed'), [], 'what pages nobody says nothing')
})
