import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drafter, estovia, ministry } from '../../../test/support/letter-house.ts'
import { linesOf, readPdf } from '../../../test/support/read-pdf.ts'
import { ask, personOf } from '../../../test/support/space-pages.ts'
import { listAudit } from '../../core/auth/index.ts'
import { Refusal } from '../../core/http/index.ts'
import type { Marking } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'

const refused = (code: string, field?: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code && (field === undefined || error.facts.field === field)

test('a letter goes on paper in the own letterhead, with both references, its courtesies, its marking and its proof', async (t) => {
  const { services, space, send, pdf, page } = await ministry(t)
  const head = {
    id: newId(),
    'place-en': 'Aurelia City',
    'place-ar': 'مدينة أوريليا',
    lines: '1 Harbour Street\nTel. 555 0100',
  }
  await ask('POST', '/letters/letterhead', { services, viewer: drafter, input: head })
  const act = await send({})
  const { bytes, headers } = await pdf(act)
  assert.equal(headers.get('content-type'), 'application/pdf')
  const drawn = readPdf(bytes)
  const said = linesOf(drawn, 1).join('\n').replaceAll(/ +/g, ' ')
  for (const words of [
    'TLP:AMBER',
    'Aurélie',
    '1 Harbour Street',
    'Our reference: 1/2026',
    'Your reference: E-77',
    'Hosts used since Monday',
    'presents its compliments',
    'avails itself of this opportunity',
    'Aurelia City, ',
    'Estovia',
    'Page 1 of 1',
    act,
  ])
    assert.ok(said.includes(words), `${words} in\n${said}`)
  const file = Buffer.from(bytes).toString('latin1')
  for (const person of ['drafter', 'releaser']) assert.ok(!file.includes(person), 'nobody is named')
  const html = await page(`/spaces/${space}/notes/${act}/letter`)
  assert.match(html, /1 Harbour Street[\s\S]*Our reference: 1\/2026[\s\S]*presents its compliments/)
  assert.match(await page(`/spaces/${space}`), new RegExp(`/spaces/${space}/notes/${act}/letter`))
  const lines = await listAudit(services.db)
  assert.equal(lines.filter((one) => one.what === 'letter-exported' && one.about === act).length, 1)
})

test('translations go with a letter as courtesies, and one language stays authentic, on the page and on paper', async (t) => {
  const { space, send, write, pdf, page } = await ministry(t)
  await assert.rejects(async () => {
    const { html } = await write({ 'translation-en-subject': 'x', 'translation-en-text': 'y' })
    assert.match(html, /authentic language itself/)
    throw new Refusal('channels-translation-is-authentic')
  }, refused('channels-translation-is-authentic'))
  assert.match((await write({ 'translation-fr-text': 'Sans objet.' })).html, /A translation has a subject and a text/)
  assert.match(
    (await write({ 'translation-fr-subject': 'Hôtes', 'translation-fr-text': 'Nous demandons.' })).html,
    /“Nous” in paragraph 1/,
  )
  const act = await send({
    'translation-ar-subject': 'مضيفات مستعملة',
    'translation-ar-text': 'يبدو أن مضيفات قد استُعملت منذ يوم الاثنين.',
    'translation-fr-subject': 'Hôtes employés',
    'translation-fr-text': 'Des hôtes paraissent avoir été employés.',
  })
  const html = await page(`/spaces/${space}/notes/${act}/letter`)
  assert.match(
    html,
    /lang="fr" dir="ltr"[\s\S]*Traduction de courtoisie, ne faisant pas foi[\s\S]*English[\s\S]*Hôtes employés/,
  )
  assert.match(html, /lang="ar" dir="rtl"[\s\S]*ترجمة للمجاملة ليست ذات حجية/)
  assert.match(await page(`/spaces/${space}`), /Traduction de courtoisie/)
  const drawn = readPdf((await pdf(act)).bytes)
  assert.equal(Math.max(...drawn.map((one) => one.page)), 3, 'each on a page of its own')
  assert.match(linesOf(drawn, 3).join(' '), /Traduction de courtoisie.*Le Ministère.*Estovie/)
})

test('what a marking keeps in the house does not go on paper, and the author alone consents to its own caveat', async (t) => {
  const { services, space, send, pdf } = await ministry(t)
  const red = await send({ tlp: 'RED', orcon: 'yes' })
  await assert.rejects(pdf(red, personOf('clerk', 'AMBER')), refused('letters-kept-back'))
  assert.ok((await pdf(red)).bytes.length > 5_000, 'our own originator control binds others')
  const classed: Marking = { tlp: 'AMBER', class: 'AUR SECRET' }
  const sent = await services.outbox.send({
    ...{ space, type: 'channels.note-sent', id: newId(), office: 'cyber-desk', marking: classed },
    body: {
      form: 'letter',
      number: '9',
      purpose: 'inform',
      language: 'en',
      addressee: estovia,
      impliesNoAttribution: false,
    },
    text: { subject: 'S', opening: 'To you,', paragraphs: ['P'], closing: 'Regards.' },
  })
  await assert.rejects(pdf(sent.hash), refused('letters-kept-back'))
  await assert.rejects(pdf('A'.repeat(43)), refused('not-found'))
})
