import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drafter, estovia, ministry, releaser } from '../../../test/support/letter-house.ts'
import { linesOf, readPdf } from '../../../test/support/read-pdf.ts'
import { ask, personOf, redirectOf } from '../../../test/support/space-pages.ts'
import { addPerson, appoint, listAudit, openOffice } from '../../core/auth/index.ts'
import { InvalidInput, Refusal } from '../../core/http/index.ts'
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

test('a letter signed for another says so in its language, on the page, on paper and in the act; not outside its dates, and not by somebody else’s hand', async (t) => {
  const { aurelia, services, space, write, post, page, pdf, send } = await ministry(t)
  const by = 'set-up'
  await services.db.transaction().execute(async (tx) => {
    await openOffice(services, tx, { id: 'cyber-desk', name: { en: 'Cyber desk' }, by })
    for (const [id, name] of Object.entries({ releaser: 'Ana Petrov', head: 'Sara Lind' }))
      await addPerson(services, tx, { id, name, language: 'en', zone: 'Etc/UTC', by })
    await appoint(services, tx, { person: 'head', office: 'cyber-desk', role: 'head-of-office', by })
  })
  const office = { id: 'cyber-desk', name: { en: 'Cyber desk' } }
  services.people.list = async () => ['releaser', 'head'].map((id) => ({ id, name: id, roles: [], offices: [office] }))
  services.people.offices = async () => [office]
  const grant = {
    id: newId(),
    delegate: 'releaser',
    office: 'cyber-desk',
    principal: 'head',
    capacity: 'for',
    'principal-en': 'the Permanent Representative',
    'own-en': 'Deputy',
    'principal-fr': 'le Représentant permanent',
    'own-fr': 'Adjointe',
    'principal-ar': 'الممثل الدائم',
    'own-ar': 'نائبة الممثل',
    instrument: 'Order 12/2026',
    from: '2026-11-22',
    until: '2026-11-24',
  }
  await assert.rejects(post('/acting', { ...grant, 'own-fr': '' }), InvalidInput)
  await post('/acting', grant)
  assert.match(
    await page('/acting'),
    /Ana Petrov for Sara Lind, Cyber desk[\s\S]*In force now[\s\S]*Permanent Representative · Deputy/,
  )
  const letter = {
    form: 'letter',
    subject: 'Talks',
    opening: 'Excellency,',
    text: 'We propose Monday.',
    closing: 'Yours sincerely,',
  }
  const signed = { ...letter, signedUnder: grant.id }
  assert.match(await page(`/spaces/${space}/write/channels.note-sent?form=letter`), /Ana Petrov, under Order 12\/2026/)
  assert.match((await write({ signedUnder: grant.id })).html, /third person is signed by nobody/)

  const lines = {
    en: 'For the Permanent Representative: Ana Petrov, Deputy',
    fr: 'Pour le Représentant permanent et par délégation : Ana Petrov, Adjointe',
    ar: 'عن الممثل الدائم بالتفويض: Ana Petrov، نائبة الممثل',
  }
  // Names keep their own direction inside a line of Arabic.
  const plain = (html: string) => html.replaceAll(/[\u2066-\u2069]/g, '')
  for (const [language, line] of Object.entries(lines)) {
    const other = language === 'en' ? 'fr' : 'en'
    const courtesy = { [`translation-${other}-subject`]: 'Talks', [`translation-${other}-text`]: 'Monday.' }
    const act = await send({ ...signed, ...courtesy, language })
    for (const path of [`/spaces/${space}`, `/spaces/${space}/notes/${act}/letter`])
      assert.ok(plain(await page(path)).includes(lines[other]), 'the translation bears the line in its own language')
    assert.ok(plain(await page(`/spaces/${space}`)).includes(line), language)
    assert.ok(plain(await page(`/spaces/${space}/notes/${act}/letter`)).includes(line), language)
    if (language !== 'en') continue
    const said = linesOf(readPdf((await pdf(act)).bytes), 1).join('\n')
    assert.ok(said.replaceAll(/ +/g, ' ').includes(line), said)
    const translated = linesOf(readPdf((await pdf(act)).bytes), 2).join('\n')
    assert.ok(translated.replaceAll(/ +/g, ' ').includes('par délégation : Ana Petrov, Adjointe'), translated)
    const audit = (await listAudit(services.db)).find(({ what, about }) => what === 'act-signed' && about === act)
    assert.equal(audit?.facts?.signedUnder, 'Order 12/2026')
  }

  const draftOf = async () => {
    const id = redirectOf((await write(signed)).answer).split('/')[2] ?? ''
    const { approval = '' } = (await services.drafts.find(id)) ?? {}
    await services.drafts.submit(drafter, id, approval)
    return { id, approval }
  }
  const [other, held] = [await draftOf(), await draftOf()]
  assert.match(await page(`/drafts/${other.id}/review`), /Signed by delegation[\s\S]*Order 12\/2026/)
  await assert.rejects(
    services.drafts.release(personOf('third', 'RED'), other.id, other.approval),
    refused('delegation-not-their-hand'),
  )
  services.settings.holdMs = 60_000
  await services.drafts.release(releaser, held.id, held.approval)
  await post(`/acting/${grant.id}/revoke`, {})
  aurelia.clock.advance(60_001)
  await services.drafts.signDue()
  assert.equal((await services.drafts.find(held.id))?.state, 'drafting', 'revoked during the hold')
  assert.match(await page(`/drafts/${held.id}/review`), /ended or was revoked during the hold/)
  assert.match((await write(signed)).html, /not in force today/)
  const acting = await page('/acting', 'ar')
  assert.match(acting, /ألغاه/)
})
