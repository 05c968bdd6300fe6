import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { startNetwork } from '../../../../test/support/network.ts'
import { readPdf } from '../../../../test/support/read-pdf.ts'
import {
  arrives,
  ask,
  outwardModules,
  personOf,
  searchIndex,
  servicesOf,
} from '../../../../test/support/space-pages.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { newId } from '../../../protocol/index.ts'
import type { Marking } from '../../../protocol/types.ts'
import { channels } from '../index.ts'
import { groundsFile } from './grounds.ts'
import { type CopyFrame, copyLines, copySheet, copyText, type Passage } from './redacted-copy.ts'

const modules = [...outwardModules, searchIndex]
const registrar = personOf('registrar', 'RED')
/** Who decides need not be able to prepare. */
const second = personOf('second', 'RED', /:(release|send|read)$/)
const rules = groundsFile.schema.parse(groundsFile.shipped)
const grounds = rules.grounds.map(({ id }) => id)

const frame = (language: string): CopyFrame => ({
  ...{ language, reference: 'FOI 7', office: 'Cyber desk', issuer: 'Aurelia', marking: 'TLP:CLEAR', isDrill: false },
  ...{ day: Date.UTC(2026, 10, 23), dayWords: '23 November 2026' },
})

/** One stretch of a document: goes as it is, or is withheld in however many passages. */
interface Stretch {
  name?: string
  words: string[]
  ground?: string
}

async function copyOf(stretches: readonly Stretch[], language: string) {
  const passages: Passage[] = []
  const choice: Record<string, string> = {}
  for (const { name, words, ground } of stretches)
    for (const text of words) {
      const id = String(passages.length)
      passages.push({ id, ...(name !== undefined && { name }), text })
      if (ground !== undefined) choice[id] = ground
    }
  const lines = copyLines(passages, choice, { language, rules, otherWords: 'a treaty' })
  const text = copyText(lines, frame(language), rules)
  return { text, sheet: Buffer.from(await copySheet(lines, frame(language), rules)) }
}

test('a copy does not differ by a byte when withheld words differ, however long, many or foreign they are', async () => {
  const open = fc.stringMatching(/^[a-z]{1,12}( [a-z]{1,12}){0,30}$/)
  const secret = fc.oneof(
    fc.stringMatching(/^[A-Z0-9]{9,40}$/),
    fc.string({ unit: 'grapheme', minLength: 9, maxLength: 900 }),
    fc.constant('كلمات محجوبة طويلة '.repeat(300)),
  )
  const pair = fc.record({
    words: fc.array(secret, { minLength: 1, maxLength: 6 }),
    other: fc.array(secret, { minLength: 1, maxLength: 6 }),
    ground: fc.constantFrom(...grounds),
  })
  const field = fc.record({ name: fc.constantFrom('From', 'To'), value: secret, other: secret })
  const stretch = fc.oneof(
    open.map((words) => ({ kind: 'goes' as const, words })),
    pair.map((one) => ({ kind: 'withheld' as const, ...one })),
    field.map((one) => ({ kind: 'field' as const, ...one })),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(stretch, { minLength: 1, maxLength: 12 }),
      fc.constantFrom('en', 'fr', 'ar'),
      async (parts, language) => {
        const drawn = (which: 'words' | 'other') =>
          parts.map((part): Stretch => {
            if (part.kind === 'goes') return { words: [part.words] }
            if (part.kind === 'withheld') return { words: part[which], ground: part.ground }
            return { name: part.name, words: [which === 'words' ? part.value : part.other], ground: 'personal-data' }
          })
        const [one, other] = await Promise.all([copyOf(drawn('words'), language), copyOf(drawn('other'), language)])
        assert.equal(one.text, other.text)
        assert.ok(one.sheet.equals(other.sheet), 'the same bytes')
        for (const part of parts) if (part.kind === 'goes') assert.ok(one.text.includes(part.words))
      },
    ),
    { numRuns: 25 },
  )
})

/** Spaces are not drawn, only left free. */
const paintedIn = (sheet: Uint8Array) =>
  readPdf(sheet)
    .map(({ text }) => text.replaceAll(/\s/g, ''))
    .join('')

test('neighbours that are withheld are one mark with their grounds, in the language of the copy', async () => {
  const stretches: Stretch[] = [
    { words: ['It opens.'] },
    { words: ['planted one', 'planted two'], ground: 'security' },
    { words: ['planted three'], ground: 'personal-data' },
    { words: ['It closes.'] },
    { words: ['planted four'], ground: 'other' },
  ]
  const { text, sheet } = await copyOf(stretches, 'en')
  assert.match(
    text,
    /It opens\.\s+\[withheld: personal data and security\]\s+It closes\.\s+\[withheld: other \(a treaty\)\]/,
  )
  const painted = paintedIn(sheet)
  assert.ok(painted.includes('Itopens.') && painted.includes('[withheld:personaldataandsecurity]'))
  assert.doesNotMatch(`${text}${painted}${sheet.toString('latin1')}`, /planted/)
  assert.match((await copyOf(stretches, 'fr')).text, /\[occulté : données à caractère personnel et sécurité\]/)
  assert.match((await copyOf(stretches, 'ar')).text, /\[محجوب: .?بيانات شخصية والأمن.?\]/)
})

async function registry(t: TestContext) {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules })
  const { aurelia, borovia } = network.nodes
  const services = servicesOf(aurelia, modules)
  const { id: space } = await aurelia.ledger.open({
    id: newId(),
    kind: 'case',
    title: { en: 'One matter' },
    purpose: 'One matter',
    office: 'cyber-desk',
    members: [{ party: borovia.party, role: 'member' }],
  })
  await arrives(space, 1, aurelia, borovia)
  const send = async (by: typeof aurelia, act: object): Promise<string> => {
    const { hash } = await by.outbox.send({ space, id: newId(), office: 'cyber-desk', ...act } as never)
    return hash
  }
  const write = (by: typeof aurelia, paragraphs: string[], marking: Marking, attachments?: object[]) =>
    send(by, {
      type: 'channels.note-sent',
      body: {
        ...{ form: 'letter', number: 'AUR 1/2026', purpose: 'inform', language: 'en', impliesNoAttribution: false },
        addressee: by === aurelia ? borovia.party : aurelia.party,
      },
      text: { subject: 'Port of Kestrel', opening: 'To you,', paragraphs, closing: 'Regards.' },
      ...{ marking, ...(attachments && { attachments }) },
    })
  const settle = async () => {
    await arrives(space, (await aurelia.ledger.head(space))?.size ?? 0, aurelia, borovia)
    await channels.tick?.(services)
  }
  const as = (viewer: typeof registrar) => ({
    get: (path: string, language = 'en') => ask('GET', path, { services, viewer, language }),
    post: (path: string, input: Record<string, unknown> = {}) => ask('POST', path, { services, viewer, input }),
  })
  return { network, services, send, write, settle, as, desk: as(registrar) }
}

const seenIn = (html: string) => /name="seen"\s+value="([\w-]{43})"/.exec(html)?.[1] ?? ''
const refusedWith = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code
const bytesOf = async ({ answer }: Awaited<ReturnType<typeof ask>>) => {
  assert.ok(answer instanceof Response)
  return Buffer.from(await answer.arrayBuffer())
}

test('a copy for an access request is prepared by one person and decided by another, and stands on the card of its document', async (t) => {
  const { network, services, write, settle, as, desk } = await registry(t)
  const { aurelia } = network.nodes
  const file = {
    ...{ name: 'planted-file.txt', media: 'text/plain', content: Buffer.from('planted content') },
    marking: { tlp: 'CLEAR' },
  }
  const act = await write(aurelia, ['It may be read.', 'planted name', 'planted source'], { tlp: 'CLEAR' }, [file])
  await settle()
  const page = `/register/${act}/copy`
  const { html } = await desk.get(`${page}?ceiling=CLEAR&language=fr`)
  assert.match(html, /One file of this document is withheld[\s\S]*It may be read\.[\s\S]*planted name/)
  assert.match(html, /Nobody has compared|not confirmed|unconfirmed/i, 'the grounds say that nobody confirmed them')
  const numberOf = (words: string) => new RegExp(`${words}</p>[\\s\\S]*?name="(withhold\\.\\d+)"`).exec(html)?.[1] ?? ''
  const id = newId()
  const asked = {
    ...{ id, seen: seenIn(html), ceiling: 'CLEAR', language: 'fr', requester: 'Ada Requester', reference: 'FOI 7' },
    ...{ [numberOf('planted name')]: 'personal-data', 'withhold.to': 'international-relations' },
  }
  const withOther = { ...asked, [numberOf('planted source')]: 'other' }
  await assert.rejects(desk.post(page, withOther), InvalidInput, 'another ground has words')
  await assert.rejects(
    desk.post(page, { ...asked, seen: seenIn(html).replace(/^./, (one) => (one === 'A' ? 'B' : 'A')) }),
    refusedWith('channels-access-changed'),
  )
  await assert.rejects(
    desk.post(page, { ...asked, 'withhold.999': 'security' }),
    refusedWith('channels-access-changed'),
    'no passage is invented',
  )
  const proposal = { ...withOther, otherWords: 'accord de siège' }
  for (const _ of ['first', 'second click']) await desk.post(page, proposal)

  const here = `/register/copies/${id}`
  await assert.rejects(desk.get(`${here}/pdf`), refusedWith('channels-access-not-now'))
  const own = await desk.get(here)
  assert.doesNotMatch(own.html, /name="seen"/, 'nobody is offered to confirm their own')
  const shown = await as(second).get(here)
  assert.match(
    shown.html,
    /planted name[\s\S]*What the requester reads[\s\S]*\[occulté : données à caractère personnel/,
  )
  await assert.rejects(desk.post(`${here}/confirm`, { seen: seenIn(shown.html) }), refusedWith('channels-access-own'))
  await assert.rejects(
    as(second).post(`${here}/confirm`, { seen: seenIn(html) }),
    refusedWith('channels-access-changed'),
    'what is confirmed is what was read',
  )
  const waiting = async (viewer: typeof registrar) =>
    (await channels.needs?.(services, viewer))?.filter(({ href }) => href === here).length
  assert.deepEqual([await waiting(second), await waiting(registrar)], [1, 0], 'Today of the second person says so')
  await as(second).post(`${here}/confirm`, { seen: seenIn(shown.html) })
  assert.equal(await waiting(second), 0)

  const [pdf, text] = [await bytesOf(await desk.get(`${here}/pdf`)), await bytesOf(await desk.get(`${here}/text`))]
  assert.ok(pdf.equals(await bytesOf(await as(second).get(`${here}/pdf`))), 'the same bytes again')
  const painted = paintedIn(pdf)
  for (const part of ['It may be read.', 'FOI 7', 'Cyber desk', 'TLP:CLEAR', 'accord de siège'])
    assert.ok(painted.includes(part.replaceAll(' ', '')) && text.includes(part), part)
  assert.match(text.toString(), /\[occulté : données à caractère personnel et autre motif \(accord de siège\)\]/)
  assert.doesNotMatch(`${painted}${pdf.toString('latin1')}${text}`, /planted|Ada Requester|registrar|borovia/i)

  const sha256 = createHash('sha256').update(pdf).digest('hex')
  const card = (await desk.get(`/register/${act}`)).html
  assert.match(card, new RegExp(`Ada Requester[\\s\\S]*FOI 7[\\s\\S]*personal data[\\s\\S]*${sha256}`))
  const minuted = await services.db.selectFrom('home.audit').select(['what', 'facts']).where('about', '=', id).execute()
  assert.deepEqual(
    minuted.filter(({ what }) => what === 'access-made').map(({ facts }) => [facts.requester, facts.sha256]),
    [['Ada Requester', sha256]],
  )
  assert.ok(String(minuted[0]?.facts.grounds).includes('international-relations'))

  const reader = personOf('reader', 'RED', /:read$/)
  assert.doesNotMatch((await as(reader).get(`/register/${act}`)).html, /Ada Requester/)
  for (const path of [here, `${here}/pdf`, `${here}/text`])
    await assert.rejects(as(reader).get(path), refusedWith('not-permitted'))
  await desk.post(`${here}/withdraw`)
  await assert.rejects(desk.get(`${here}/pdf`), refusedWith('channels-access-not-now'))
  const kept = await services.db.selectFrom('home.access_copy').select(['sheet', 'words', 'sha256']).execute()
  assert.deepEqual(kept, [{ sheet: null, words: null, sha256 }], 'the bytes go, the decision stays')
})

test('what the gate shuts is one mark in a copy, and no choice and no requester opens it', async (t) => {
  const { network, write, send, settle, as, desk } = await registry(t)
  const { aurelia, borovia } = network.nodes
  const shut: [act: string, ground: string][] = [
    [await write(aurelia, ['planted narrow'], { tlp: 'AMBER' }), 'security'],
    [
      await write(aurelia, ['planted audience'], { tlp: 'CLEAR', audience: [borovia.party] }),
      'confidence of a third party',
    ],
  ]
  const theirs = await write(borovia, ['planted theirs'], { tlp: 'CLEAR' })
  shut.push([theirs, 'confidence of a third party'])
  await settle()
  for (const [act, ground] of shut) {
    const page = `/register/${act}/copy`
    const { html } = await desk.get(`${page}?ceiling=CLEAR&language=en`)
    assert.match(html, /The whole document is withheld/)
    assert.doesNotMatch(html, /planted|name="withhold/)
    const id = newId()
    const asked = { id, seen: seenIn(html), ceiling: 'CLEAR', language: 'en', requester: 'Ada', reference: 'FOI 8' }
    await assert.rejects(desk.post(page, { ...asked, ceiling: 'AMBER' }), refusedWith('channels-access-changed'))
    await desk.post(page, asked)
    const here = `/register/copies/${id}`
    await as(second).post(`${here}/confirm`, { seen: seenIn((await as(second).get(here)).html) })
    const text = (await bytesOf(await desk.get(`${here}/text`))).toString()
    assert.equal(text.match(/\[withheld: /g)?.length, 1)
    assert.ok(text.includes(`[withheld: ${ground}]`))
    assert.doesNotMatch(text, /planted|Kestrel|AUR 1|AMBER/)
  }
  const request = await send(aurelia, {
    type: 'spaces.disclosure-requested',
    body: { acts: [theirs], purpose: 'publication', audience: 'public' },
    text: { reason: 'Somebody asked for access.' },
    marking: { tlp: 'CLEAR' },
  })
  await settle()
  await send(borovia, { type: 'spaces.disclosure-consented', body: { request }, marking: { tlp: 'CLEAR' } })
  await settle()
  const opened = (await desk.get(`/register/${theirs}/copy?ceiling=CLEAR&language=ar`, 'ar')).html
  assert.match(opened, /planted theirs/, 'with its author’s consent its words can go')
  await assert.rejects(
    as(personOf('junior', 'CLEAR')).get(`/register/${shut[0]?.[0]}/copy?ceiling=AMBER&language=en`),
    refusedWith('not-found'),
    'nobody prepares a copy of what they may not read',
  )
})
