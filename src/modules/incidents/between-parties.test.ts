import assert from 'node:assert/strict'
import { test } from 'node:test'
import { render } from 'preact-render-to-string'
import { analyst, ask, openCase, openDemo, redirectOf, send, twoParties } from '../../../test/support/incident-room.ts'
import { clocksAbout } from '../../core/clocks/index.ts'
import type { Json, Services, SpaceFacts } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { createTranslator } from '../../text/index.ts'
import { attachmentActions, incidents, linkSpace, listShareable } from './index.ts'
import { readAttached } from './open/open-from-act.ts'
import { listPreservations } from './queries.ts'
import { listObjects } from './read/load-incident.ts'

test('between two parties: annexed objects, contested facts, preserved data, and each sees its own side', async (t) => {
  const { network, aurelia, borovia } = await twoParties(t)
  const id = await openDemo(aurelia)
  const space = await openCase(aurelia)
  await linkSpace(aurelia, analyst, id, space.id)
  const { bundle } = await listShareable(aurelia, analyst, id, { tlp: 'AMBER' })
  const asked = await send(
    aurelia,
    space,
    'incidents.preservation-requested',
    {
      addressee: 'borovia.example',
      deletionDate: '2026-11-24',
      keepUntil: '2027-01-23',
      subject: 'Keep the logs',
      text: 'Please keep them.',
    },
    {
      attachments: [
        { name: 'objects.stix.json', media: 'application/stix+json', content: bundle, marking: { tlp: 'AMBER' } },
      ],
    },
  )
  await network.settled()

  const there = (await borovia.ledger.find(space.id)) as SpaceFacts
  const [clock] = (await clocksAbout(borovia.db, [asked])).get(asked) ?? []
  assert.equal(clock?.source, 'requested')
  assert.equal(clock?.duty, 'borovia.example')
  assert.ok(clock && clock.dueAt < Date.UTC(2026, 10, 24) && clock.dueAt >= Date.UTC(2026, 10, 24) - 1000)
  assert.deepEqual(
    (await incidents.needs?.(borovia, analyst))?.map((one) => one.verb),
    ['incidents.action.confirm-preservation'],
  )
  assert.deepEqual(
    (await incidents.needs?.(aurelia, analyst))?.map((one) => one.waitsFor),
    ['them'],
  )

  const act = await borovia.ledger.findAct(asked)
  const parts = act?.statement.parts ?? []
  const part = parts.find((one) => one.media.startsWith('application/stix+json'))?.hash ?? assert.fail('no annex')
  assert.ok(act)
  const annexed = {
    name: 'objects.stix.json',
    media: 'application/stix+json',
    hash: part,
    size: bundle.length,
    present: true,
  }
  const [action] = attachmentActions(
    { services: borovia, viewer: analyst },
    { act, space: there, content: { attachments: [annexed] } },
  )
  const form = await ask('GET', action?.href ?? '', { services: borovia, viewer: analyst })
  assert.match(form.html, /41 objects/)
  const opening = {
    id: newId(),
    title: 'Objects from Aurelia',
    category: 'malicious-code',
    drill: 'yes',
    act: asked,
    part,
  }
  const opened = redirectOf(
    (await ask('POST', '/incidents', { services: borovia, viewer: analyst, input: opening })).answer,
  )
  assert.match((await ask('GET', opened, { services: borovia, viewer: analyst })).html, /41 objects/)
  assert.equal(
    redirectOf((await ask('GET', action?.href ?? '', { services: borovia, viewer: analyst })).answer),
    opened,
  )
  const real = await ask('POST', '/incidents', {
    services: borovia,
    viewer: analyst,
    input: { ...opening, id: newId(), drill: 'no' },
  })
  assert.match(real.html, /a drill stays a drill/)
  assert.equal(
    (await readAttached(borovia, analyst, asked, part)).bundle.objects.some((one) => one.tlp === 'RED'),
    false,
  )

  await send(borovia, there, 'incidents.preservation-confirmed', {
    request: asked,
    keptUntil: '2027-01-23',
    subject: 'Kept',
    text: 'They are kept.',
  })
  const contest = await send(borovia, there, 'incidents.facts-contested', {
    about: asked,
    ground: 'own-hosts-victims',
    subject: 'Our hosts were victims',
    text: 'Two were broken into.',
  })
  await network.settled()
  assert.equal((await listPreservations(aurelia.db, [asked])).get(asked)?.kept_until, '2027-01-23')
  assert.ok((await clocksAbout(aurelia.db, [asked])).get(asked)?.[0]?.metAt)

  assert.deepEqual(
    (await incidents.needs?.(aurelia, analyst))?.map((one) => one.verb),
    ['incidents.action.take-up'],
  )
  const takeUp = `/incidents/contests/${contest}/take-up`
  assert.match((await ask('GET', takeUp, { services: aurelia, viewer: analyst })).html, /Two were broken into/)
  const input = { id: newId(), incident: id, words: 'Whether the hosts acted or were used' }
  assert.equal(
    redirectOf((await ask('POST', takeUp, { services: aurelia, viewer: analyst, input })).answer),
    `/incidents/${id}#contested`,
  )
  await ask('POST', takeUp, { services: aurelia, viewer: analyst, input })
  assert.deepEqual(await incidents.needs?.(aurelia, analyst), [])

  const home = (await ask('GET', `/incidents/${id}`, { services: aurelia, viewer: analyst })).html
  const shared = (await ask('GET', `/incidents/${id}/shared/${space.id}`, { services: aurelia, viewer: analyst })).html
  assert.match(home, /Show BOROVIA’s view/)
  assert.match(home, /Whether the hosts acted or were used/)
  assert.match(shared, /Shared with BOROVIA/)
  assert.match(shared, /41 of 44/)
  assert.match(shared, /Two were broken into/)
  assert.doesNotMatch(shared, /Whether the hosts acted|Night operator/)
  const [sent] = (await listObjects(aurelia, analyst, id, { from: 0 })).objects.filter(
    ({ type }) => type === 'course-of-action',
  )
  const off = { id: newId(), title: 'One file', splitWhy: 'Another matter', objects: sent?.id }
  await ask('POST', `/incidents/${id}/split`, { services: aurelia, viewer: analyst, input: off })
  assert.equal((await listObjects(aurelia, analyst, off.id, { from: 0 })).all, 1)
  const proven = (await ask('GET', `/incidents/${id}/shared/${space.id}`, { services: aurelia, viewer: analyst })).html
  assert.match(proven, /41 of 44/, 'what was sent from here stays what was sent from here')

  const face = incidents.faces?.find((one) => one.type === 'incidents.preservation-requested')
  const shown = {
    act,
    space: there,
    content: { body: { deletionDate: '2026-11-24', keepUntil: '2027-01-23', source: 'requested' }, attachments: [] },
  }
  const facts = (await face?.load?.(borovia, [shown], analyst))?.get(asked)
  for (const language of ['en', 'fr', 'ar']) {
    const margin = await face?.margin?.({
      shown,
      services: borovia,
      viewer: analyst,
      t: createTranslator(language),
      language,
      facts,
    })
    assert.doesNotMatch(render(margin as never), /incidents\./)
  }
})

test('acts that may change nothing say why', async (t) => {
  const { network, aurelia, borovia } = await twoParties(t)
  const space = await openCase(aurelia)
  await network.settled()
  const put = async (services: Services, type: string, body: Json) => {
    const done = await services.outbox.send({
      space: space.id,
      type,
      id: newId(),
      office: 'cyber-desk',
      body,
      text: { subject: 's', paragraphs: ['p'] },
      marking: { tlp: 'AMBER' },
    })
    await network.settled()
    return { hash: done.hash, why: (await aurelia.ledger.findAct(done.hash))?.withoutEffect }
  }
  const asked = { deletionDate: '2026-11-24', keepUntil: '2027-01-23', source: 'requested' }
  const request = await put(aurelia, 'incidents.preservation-requested', asked)
  assert.equal(request.why, undefined)
  assert.equal(
    (await put(aurelia, 'incidents.preservation-requested', { ...asked, source: 'agreed' })).why,
    'deadline-not-agreed',
  )
  assert.equal(
    (await put(aurelia, 'incidents.preservation-requested', { ...asked, keepUntil: '2026-11-23' })).why,
    'kept-too-short',
  )
  assert.equal(
    (await put(aurelia, 'incidents.preservation-requested', { ...asked, addressee: 'calenia.example' })).why,
    'addressee-not-here',
  )
  const confirm = { request: request.hash, keptUntil: '2027-01-23' }
  assert.equal((await put(aurelia, 'incidents.preservation-confirmed', confirm)).why, 'not-the-addressee')
  assert.equal((await put(borovia, 'incidents.preservation-confirmed', confirm)).why, undefined)
  assert.equal((await put(borovia, 'incidents.preservation-confirmed', confirm)).why, 'already-confirmed')
  assert.equal(
    (await put(aurelia, 'incidents.facts-contested', { about: request.hash, ground: 'other' })).why,
    'own-act',
  )
  assert.equal(
    (await put(borovia, 'incidents.facts-contested', { about: 'A'.repeat(43), ground: 'other' })).why,
    'no-such-act',
  )
  const reasons = [
    'deadline-not-agreed',
    'kept-too-short',
    'addressee-not-here',
    'not-the-addressee',
    'already-confirmed',
    'own-act',
    'no-such-act',
  ]
  for (const reason of reasons) assert.ok(createTranslator('ar')(`incidents.without-effect.${reason}`))
})
