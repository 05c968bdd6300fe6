import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import {
  arrives,
  ask,
  modules,
  note,
  openCase,
  personOf,
  redirectOf,
  searchIndex,
  sendNote,
  servicesOf,
} from '../../../test/support/space-pages.ts'
import { startNetwork } from '../../../test/support/network.ts'
import { InvalidInput, Refusal } from '../../core/http/index.ts'
import type { Module, Services } from '../../core/module/types.ts'
import { feedIndex, findActs } from '../../core/search/index.ts'
import { newId } from '../../protocol/index.ts'
import { listViews, search } from './index.ts'

const everything = [...modules, searchIndex, search]

async function house(t: Parameters<typeof startNetwork>[0]) {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: everything })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(aurelia, everything)
  const space = await openCase(network, services)
  const viewer = personOf('releaser')
  const found = async (query: Record<string, string>, by = viewer, language = 'en') => {
    const { html } = await ask('GET', `/search?${new URLSearchParams(query)}`, { services, viewer: by, language })
    return html
  }
  const subjects = async (query: Record<string, string>, by = viewer) =>
    [...(await found(query, by)).matchAll(/<h3 dir="auto"><a [^>]*>(.*?)<\/a>/g)].map(([, text = '']) =>
      text.replaceAll(/<[^>]*>/g, ''),
    )
  return { aurelia, borovia, services, space, viewer, found, subjects }
}

test('what was said is found by words, accents and Arabic forms aside, by reference, party, form, state and day', async (t) => {
  const { aurelia, borovia, services, space, viewer, found, subjects } = await house(t)
  const march = Date.UTC(2027, 2, 10)
  await sendNote(aurelia, space, { subject: 'Démarche sur les banques', to: borovia.party })
  aurelia.clock.set(march)
  borovia.clock.set(march)
  await aurelia.outbox.send({
    space,
    type: 'channels.note-sent',
    id: newId(),
    office: 'cyber-desk',
    body: {
      form: 'letter',
      number: 'AUR 17/2027',
      purpose: 'inform',
      language: 'ar',
      addressee: borovia.party,
      impliesNoAttribution: false,
    },
    text: {
      subject: 'الهجمات على السفارة',
      opening: 'تحية',
      paragraphs: ['مضيفون <b>لديكم</b>'],
      closing: 'مع التحية',
    },
    marking: { tlp: 'AMBER' },
  })
  await sendNote(borovia, space, { subject: 'Banks again', to: aurelia.party })
  await arrives(space, 4, aurelia)
  await feedIndex(services)

  assert.deepEqual(await subjects({ q: 'demarches BANQUE' }), ['Démarche sur les banques'])
  assert.deepEqual(await subjects({ q: 'سفاره هجمات' }), ['الهجمات على السفارة'])
  assert.deepEqual(await subjects({ q: '"bank again"' }), ['Banks again'])
  assert.deepEqual(await subjects({ q: 'bank -again' }), [])
  assert.deepEqual(await subjects({ ref: 'aur17/20' }), ['الهجمات على السفارة'])
  assert.deepEqual(await subjects({ party: borovia.party, direction: 'by' }), ['Banks again'])
  const told = { party: borovia.party, direction: 'to', from: '2027-03-01', until: '2027-03-31' }
  assert.deepEqual(await subjects(told), ['الهجمات على السفارة'])
  assert.deepEqual(await subjects({ state: 'ours' }), ['Banks again'])
  assert.equal((await subjects({ form: 'channels.note-sent' })).length, 3)
  assert.equal((await subjects({ form: 'channels.note-sent/letter' })).length, 3)
  assert.deepEqual(await subjects({ form: 'channels.note-sent/note-verbale' }), [])
  assert.equal((await subjects({ state: 'unread' })).length, 1)
  assert.deepEqual(await subjects({ form: 'space.opened', q: 'ransomware' }), ['AURELIA opened the space'])

  const page = await found({ q: 'لديكم' })
  assert.match(page, /&lt;b><mark>لديكم<\/mark>&lt;\/b>/, 'what others wrote is shown as text')
  assert.match(page, new RegExp(`/spaces/${space}\\?act=`), 'each leads to its place')
  const arabic = await found({ q: 'banks' }, viewer, 'ar')
  assert.match(arabic, /dir="rtl"[\s\S]*وثيقة واحدة/)
  const print = await ask('GET', `/search/print?${new URLSearchParams(told)}`, { services, viewer })
  assert.match(print.html, /One document, printed on[\s\S]*تحية[\s\S]*مضيفون/)
  assert.match(await found({ q: 'nowhere' }), /Nothing was found/)

  // The same house: opening another is the dear part.
  await t.test('a document is assigned to one at a time, seen on their Today alone, until it is done', async () => {
    const [act] = (await aurelia.ledger.acts(space, { types: ['channels.note-sent'] })).slice(-1)
    const address = `/spaces/${space}/acts/${act?.hash}/assign`
    const give = (input: Record<string, unknown>) =>
      ask('POST', address, { services, viewer, input: { id: newId(), ...input } })
    const needed = async (who: string) => {
      const elsewhere = { ...personOf(who), office: { id: 'legal', name: {} }, offices: [{ id: 'legal', name: {} }] }
      return (await search.needs?.(services, elsewhere))?.map(({ headline }) => headline)
    }
    await assert.rejects(give({}), InvalidInput)
    await assert.rejects(give({ to: 'office:none' }), InvalidInput)
    const once = { id: newId(), to: 'analyst', note: 'Please look at the hosts' }
    for (const click of ['first', 'second']) assert.match(redirectOf((await give(once)).answer), /\?act=/, click)
    assert.deepEqual(await needed('analyst'), ['Banks again'])
    assert.deepEqual(await needed('drafter'), [])
    aurelia.clock.advance(1_000)
    await give({ to: 'drafter' })
    assert.deepEqual([await needed('analyst'), await needed('drafter')], [[], ['Banks again']])
    const page = await ask('GET', address, { services, viewer })
    assert.match(
      page.html,
      /It is done[\s\S]*gave it to drafter[\s\S]*gave it to analyst[\s\S]*Please look at the hosts/,
    )
    await give({ done: 'yes' })
    assert.deepEqual(await needed('drafter'), [])
    const { html } = await ask('GET', `/spaces/${space}`, { services, viewer })
    assert.ok(html.includes(address), 'offered under the document')
    const low = { services, viewer: personOf('reader', 'CLEAR') }
    await assert.rejects(ask('GET', address, low), (error) => error instanceof Refusal && error.code === 'not-found')
    assert.equal((await aurelia.outbox.pending()).length, 0, 'nothing of it leaves the house')
  })

  await t.test('a view is kept for oneself or for one’s office, and shown to nobody else', async () => {
    const keep = (input: Record<string, unknown>) =>
      ask('POST', '/search/views', { services, viewer, input: { id: newId(), ...input } })
    await keep({ name: 'Told in March', query: `${new URLSearchParams(told)}&after=1.${space}.1&other=1` })
    await keep({ name: 'Desk: unread', query: 'state=unread', office: 'cyber-desk' })
    await assert.rejects(keep({ name: 'Nothing', query: 'order=best' }), InvalidInput)
    await assert.rejects(keep({ name: 'Theirs', query: 'q=x', office: 'legal' }), Refusal)
    const seen = async (by: typeof viewer) => (await listViews(services, by)).map(({ name }) => name)
    assert.deepEqual(await seen(viewer), ['Desk: unread', 'Told in March'])
    assert.deepEqual(await seen(personOf('analyst')), ['Desk: unread'])
    assert.deepEqual(await seen({ ...personOf('legal'), offices: [] }), [])
    const { html } = await ask('GET', '/search', { services, viewer })
    const [, query = ''] = /href="\/search\?([^"]*)"><bdi>Told in March/.exec(html) ?? []
    assert.deepEqual(Object.fromEntries(new URLSearchParams(query.replaceAll('&amp;', '&'))), told)
    const [own] = (await listViews(services, viewer)).filter(({ office }) => office === undefined)
    await ask('POST', `/search/views/${own?.id}/remove`, { services, viewer: personOf('analyst') })
    assert.equal((await seen(viewer)).length, 2, 'nobody removes another’s')
    await ask('POST', `/search/views/${own?.id}/remove`, { services, viewer })
    assert.deepEqual(await seen(viewer), ['Desk: unread'])
  })
})

test('a search tells nobody of what they may not read, in list, count or older pages', async (t) => {
  const { aurelia, borovia, services, space, subjects, found } = await house(t)
  for (const subject of ['One', 'Two', 'Three']) await sendNote(aurelia, space, { subject, to: borovia.party })
  await sendNote(aurelia, space, { subject: 'Secret', to: borovia.party, tlp: 'RED' })
  await feedIndex(services)
  const cleared = personOf('releaser', 'RED')
  assert.deepEqual(await subjects({ q: 'full' }, cleared), ['Secret', 'Three', 'Two', 'One'])
  assert.deepEqual(await subjects({ q: 'full' }), ['Three', 'Two', 'One'])
  assert.match(await found({ q: 'full' }), />3 documents</)
  for (const query of ['q=secret', 'q=secret&order=best', 'ref=1&q=secret'])
    assert.match(await found(Object.fromEntries(new URLSearchParams(query))), /Nothing was found/)
  assert.match(await found({ q: 'full' }, personOf('reader', 'CLEAR')), /Nothing was found/)
  const { answer } = await ask('GET', '/api/v1/search?q=full', { services, viewer: personOf('releaser'), json: true })
  assert.equal(('data' in answer ? (answer.data as { acts: unknown[] }) : { acts: [] }).acts.length, 3)

  const draft = { ...note, id: newId(), subject: 'Unsent', text: 'Kept in full.', tlp: 'RED' }
  const input = { ...draft, deadline: 'none', attachments: [] }
  redirectOf(
    (await ask('POST', `/spaces/${space}/write/channels.note-sent`, { services, viewer: cleared, input })).answer,
  )
  const atHome = await found({ q: 'full' }, cleared)
  assert.match(atHome, /One record at home[\s\S]*Draft · at home[\s\S]*>Unsent</i)
  for (const by of [personOf('releaser'), personOf('stranger', 'RED', /^nothing$/)])
    assert.doesNotMatch(await found({ q: 'full' }, by), /id="at-home"|Unsent/)
  assert.doesNotMatch(
    await found({ q: 'full', party: borovia.party }, cleared),
    /id="at-home"/,
    'records have no party',
  )
  assert.doesNotMatch(await found({ q: 'full -kept' }, cleared), /Unsent/, 'asked by the rules of the index')
})

test('words that are erased are found by nobody from that moment, and everything is found again after a replay', async (t) => {
  const { aurelia, borovia, services, space, subjects } = await house(t)
  const sent = await sendNote(aurelia, space, { subject: 'Unrepeatable', to: borovia.party })
  await sendNote(aurelia, space, { subject: 'Staying', to: borovia.party })
  await feedIndex(services)
  assert.deepEqual(await subjects({ q: 'unrepeatable' }), ['Unrepeatable'])
  const act = await aurelia.ledger.findAct(sent.hash)
  const parts = act?.statement.parts.filter(({ role }) => role === 'text').map(({ hash }) => hash)
  await aurelia.outbox.send({
    space,
    type: 'space.payload-erased',
    id: newId(),
    office: 'records',
    body: { act: sent.hash, parts: parts ?? [] },
    marking: { tlp: 'AMBER' },
    refs: [{ act: sent.hash }],
  })
  await aurelia.ledger.project(space)
  const holding = async () => {
    const { rows } = await sql<{ held: boolean }>`
      select bool_or(words::text like '%unrepeatable%') as held from view.search_act`.execute(aurelia.db)
    return rows[0]?.held
  }
  assert.equal(await holding(), false, 'gone before anything is fed again')
  const due = await aurelia.db.selectFrom('log.rewrite_due').select('name').execute()
  assert.ok(
    due.some(({ name }) => name === 'view.search_act'),
    'its bytes go with the next rewriting',
  )
  assert.deepEqual(await subjects({ q: 'unrepeatable' }), [])

  for (const how of ['fed', 'replayed']) {
    if (how === 'replayed') await aurelia.ledger.rebuildViews()
    await feedIndex(services)
    assert.equal(await holding(), false, how)
    assert.deepEqual(await subjects({ q: 'staying' }), ['Staying'], how)
    assert.equal((await subjects({ ref: '1' })).length, 2, `${how}: what was not erased of it is found`)
  }
  assert.equal(await feedIndex(services), 0, 'nothing is left to read')
})

test('a question that cannot be asked is refused at its field, with what was typed kept', async () => {
  const services = { party: 'aurelia.example', modules: [search] as readonly Module[] } as Services
  const viewer = personOf('reader')
  const wrong = {
    q: ['!?', '-only', 'x*'],
    ref: ['…'],
    from: ['2027-02-30'],
    state: ['elsewhere'],
    until: ['2020-01-01'],
  }
  for (const [field, values] of Object.entries(wrong))
    for (const value of values) {
      const query = new URLSearchParams({ from: '2027-01-01', [field]: value })
      await assert.rejects(ask('GET', `/search?${query}`, { services, viewer }), (error) => {
        assert.ok(error instanceof InvalidInput)
        assert.equal(error.issues[0]?.path[0], field)
        return true
      })
    }
  const stopped = Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' })
  const db = { transaction: () => ({ execute: () => Promise.reject(stopped) }) } as unknown as Services['db']
  await assert.rejects(
    findActs(db, { limit: 1 }, { party: 'aurelia.example', ceiling: 'RED' }),
    (error) => error instanceof Refusal && error.code === 'search-too-long' && error.facts.seconds === 5,
  )
})
