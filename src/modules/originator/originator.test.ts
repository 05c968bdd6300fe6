import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { startNetwork } from '../../../test/support/network.ts'
import { arrives, ask, modules, note, personOf, redirectOf, servicesOf } from '../../../test/support/space-pages.ts'
import { openClocks } from '../../core/clocks/index.ts'
import { Refusal } from '../../core/http/index.ts'
import { reveal } from '../../core/markings/index.ts'
import type { Module, Services } from '../../core/module/types.ts'
import { migrations as scrubMigrations } from '../../core/scrub/index.ts'
import { feedIndex, migrations, views } from '../../core/search/index.ts'
import { newId, sha256, toBase64url } from '../../protocol/index.ts'
import { uses } from './acts.ts'
import { consentFor, type Request } from './consents.ts'
import { quotes, requireNoQuoteAtHome } from './find-quoted.ts'
import { originator } from './index.ts'

const index: Module = { name: 'index', migrations: [...scrubMigrations, ...migrations], views }
const everything = [...modules, index, originator]
const drafter = personOf('drafter')
const releaser = personOf('releaser')
const parties = ['borovia.example', 'calenia.example', 'mosc.example']

const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

const anyRequest = fc.record({
  use: fc.constantFrom(...uses),
  to_parties: fc.subarray(parties, { minLength: 1 }),
  answer: fc.constantFrom('consented', 'refused', null),
  withdrawn_at: fc.option(fc.constant(2), { nil: null }),
  until: fc.option(fc.constantFrom('2026-01-01', '2027-01-01'), { nil: null }),
})

test('a consent is for one use and the parties named, until its day or until it is withdrawn', () => {
  fc.assert(
    fc.property(fc.array(anyRequest), fc.constantFrom(...uses), fc.constantFrom(...parties), (requests, use, to) => {
      const today = '2026-11-23'
      const { state } = consentFor(requests as unknown as Request[], { use, to, today })
      const stands = requests.some(
        (one) =>
          one.answer === 'consented' &&
          one.withdrawn_at === null &&
          (one.until === null || one.until >= today) &&
          one.to_parties.includes(to) &&
          (one.use === use || (one.use === 'proof' && use === 'copy')),
      )
      assert.equal(state === 'consented', stands)
    }),
  )
})

test('twelve words in a row are a quotation, whatever case and punctuation; eleven, or the same in other words, are none', () => {
  const source = ['The hosts named in annex A were used on Monday between two and four in the morning, local time.']
  assert.ok(quotes(['We know: “the HOSTS named, in annex A, were used on Monday between two” and no more.'], source))
  assert.ok(!quotes(['The hosts named in annex A were used on Monday between dusk and dawn.'], source))
  assert.ok(!quotes(['Machines listed by others had been misused early in the week.'], source))
})

async function three(t: TestContext) {
  const network = await startNetwork(t, ['aurelia', 'borovia', 'calenia'], { modules: everything })
  const { aurelia, borovia, calenia } = network.nodes
  const house = { aurelia: servicesOf(aurelia, everything), borovia: servicesOf(borovia, everything) }
  const sizes = new Map<string, number>()
  const open = async (services: Services, member: string): Promise<string> => {
    const { answer } = await ask('POST', '/spaces/open', {
      services,
      viewer: personOf('secretary'),
      input: {
        id: newId(),
        kind: 'case',
        'title-en': `With ${member}`,
        purpose: 'One matter',
        members: [member],
        acknowledgeWithin: 'PT4H',
        zone: 'Etc/UTC',
      },
    })
    const space = redirectOf(answer).split('/').at(-1) as string
    sizes.set(space, 1)
    return space
  }
  const spaces = {
    first: await open(house.aurelia, 'borovia.example'),
    second: await open(house.borovia, 'calenia.example'),
  }
  await arrives(spaces.first, 1, borovia)
  await arrives(spaces.second, 1, calenia)
  const form = (services: Services, space: string, type: string, input: Record<string, unknown>) =>
    ask('POST', `/spaces/${space}/write/${type}`, { services, viewer: drafter, input: { id: newId(), ...input } })
  const step = (services: Services, id: string, name: string, approval: string, viewer = drafter) =>
    ask('POST', `/drafts/${id}/${name}`, { services, viewer, input: { approval } })
  const draft = async (services: Services, space: string, type: string, input: Record<string, unknown>) => {
    const id = redirectOf((await form(services, space, type, input)).answer).split('/')[2] ?? ''
    return { id, approval: (await services.drafts.find(id))?.approval ?? '' }
  }
  const send = async (services: Services, space: string, type: string, input: Record<string, unknown>) => {
    const { id, approval } = await draft(services, space, type, input)
    await step(services, id, 'submit', approval)
    await step(services, id, 'release', approval, releaser)
    const size = (sizes.get(space) ?? 0) + 1
    sizes.set(space, size)
    await arrives(space, size, borovia, space === spaces.first ? aurelia : calenia)
    const act = (await services.drafts.find(id))?.actHash ?? ''
    assert.equal((await borovia.ledger.findAct(act))?.withoutEffect, undefined)
    return act
  }
  const page = async (services: Services, path: string, language = 'en') =>
    (await ask('GET', path, { services, viewer: drafter, language })).html
  return { house, spaces, form, draft, step, send, page, borovia, calenia }
}

test('forwarding is refused for lack of the originator’s consent, which is asked for on the spot, given, used and withdrawn', async (t) => {
  const { house, spaces, form, draft, step, send, page, borovia, calenia } = await three(t)
  const words = 'The hosts named in annex A were used on Monday between two and four in the morning, local time.'
  const act = await send(house.aurelia, spaces.first, 'channels.note-sent', { ...note, text: words, orcon: 'yes' })
  const at = `/spaces/${spaces.first}/acts/${act}/forward`
  assert.match(await page(house.borovia, `/spaces/${spaces.first}`), new RegExp(`href="${at}"`))

  const shut = await page(house.borovia, `${at}?to=${spaces.second}`)
  assert.match(shut, /Not without the consent of AURELIA/)
  assert.match(await page(house.borovia, `${at}?to=${spaces.second}`, 'ar'), /ليس من دون موافقة [^<]*AURELIA/)
  const forward = { act, subject: 'For you', mode: 'copy' }
  const type = 'originator.material-forwarded'
  assert.match((await form(house.borovia, spaces.second, type, forward)).html, /consent of aurelia\.example towards/)
  await feedIndex(house.borovia)
  const quoting = { ...note, addressee: 'calenia.example', text: `They say: ${words}` }
  assert.match((await form(house.borovia, spaces.second, 'channels.note-sent', quoting)).html, /It quotes entry No\. 1/)

  const inBrief = { field: 'lines', words: [`They say: ${words}`] }
  await assert.rejects(requireNoQuoteAtHome(house.borovia, drafter, inBrief), refused('originator-quoted-at-home'))
  await requireNoQuoteAtHome(house.borovia, drafter, { field: 'lines', words: ['Hosts were misused on Monday.'] })

  // On the spot: the link carries act, use and recipient.
  const [, link = ''] = /href="([^"]*consent-requested[^"]*)"/.exec(shut) ?? []
  const asking = await page(house.borovia, link.replaceAll('&amp;', '&'))
  assert.match(asking, /value="calenia\.example"[^>]*checked|checked[^>]*value="calenia\.example"/)
  const wish = { act, use: 'copy', to: ['calenia.example'], within: 'PT12H', reason: 'They were hit too.' }
  const request = await send(house.borovia, spaces.first, 'originator.consent-requested', wish)
  const [clock] = await openClocks(house.aurelia.db, { regime: 'consent' })
  assert.equal(clock?.duty, 'aurelia.example')
  assert.equal(clock?.source, 'requested')
  assert.match(await page(house.borovia, `${at}?to=${spaces.second}`), /was asked about CALENIA/)
  await assert.rejects(
    form(house.borovia, spaces.first, 'originator.consent-given', { request }),
    refused('originator-not-ours-to-answer'),
  )

  await send(house.aurelia, spaces.first, 'originator.consent-given', { request, conditions: 'Not to be published.' })
  assert.deepEqual(await openClocks(house.borovia.db, { regime: 'consent' }), [])
  assert.match(
    (await form(house.borovia, spaces.second, type, { ...forward, mode: 'proof' })).html,
    /consent of aurelia/,
  )
  await send(house.borovia, spaces.second, type, forward)
  const received = servicesOf(calenia, everything)
  const there = await page(received, `/spaces/${spaces.second}`)
  assert.match(there, /hosts named in annex A[\s\S]*recorded consent of AURELIA[\s\S]*Not to be published\./)
  assert.match(there, /ORCON/, 'the copy stays under its originator’s control')
  assert.match(
    await page(house.borovia, `/spaces/${spaces.first}`),
    /AURELIA consented to BOROVIA[\s\S]*We handed it on on/,
  )

  // Withdrawn while another copy waits for its second person: what was done stands, nothing more is done.
  const waiting = await draft(house.borovia, spaces.second, type, { ...forward, subject: 'Once more' })
  await step(house.borovia, waiting.id, 'submit', waiting.approval)
  await send(house.aurelia, spaces.first, 'originator.consent-withdrawn', { request, reason: 'Published elsewhere.' })
  await assert.rejects(
    step(house.borovia, waiting.id, 'release', waiting.approval, releaser),
    refused('originator-consent-needed'),
  )
  assert.equal((await house.borovia.drafts.find(waiting.id))?.state, 'awaiting-release')
  assert.match(await page(house.borovia, `${at}?to=${spaces.second}`), /AURELIA withdrew its consent/)
  assert.equal((await borovia.ledger.find(spaces.second))?.size, 2)

  // Withdrawn during the hold: asked again when it is signed, and not signed.
  const again = await send(house.borovia, spaces.first, 'originator.consent-requested', wish)
  await send(house.aurelia, spaces.first, 'originator.consent-given', { request: again })
  house.borovia.settings.holdMs = 60_000
  await step(house.borovia, waiting.id, 'release', waiting.approval, releaser)
  house.borovia.settings.holdMs = 0
  assert.equal((await house.borovia.drafts.find(waiting.id))?.state, 'held')
  await send(house.aurelia, spaces.first, 'originator.consent-withdrawn', { request: again, reason: 'Once more no.' })
  borovia.clock.advance(60_001)
  await house.borovia.drafts.signDue()
  assert.equal((await house.borovia.drafts.find(waiting.id))?.state, 'drafting', 'consent is asked again at signing')
  assert.equal((await borovia.ledger.find(spaces.second))?.size, 2)
  assert.match(await page(house.borovia, `/drafts/${waiting.id}/review`), /withdrawn or ran out during the hold/)
  assert.match(await page(house.borovia, `/drafts/${waiting.id}/review`, 'ar'), /الموافقة/)

  // What no caveat binds is handed on with its proof: entry, receipt, and the salted text that the entry commits to.
  const free = await send(house.aurelia, spaces.first, 'channels.note-sent', note)
  const sent = await send(house.borovia, spaces.second, type, { act: free, subject: 'With proof', mode: 'proof' })
  const reader = { party: calenia.party, ceiling: 'RED' } as const
  const marked = (await calenia.ledger.content([sent])).get(sent)
  const content = marked && reveal(marked, reader, 'page')
  assert.ok(content?.shown)
  assert.deepEqual(
    content.value.attachments.map(({ name }) => name.replace(/\d+/, 'n')),
    ['entry-n.json', 'entry-n.tlog-proof', 'entry-n-text.salted'],
  )
  const file = await calenia.ledger.attachment(sent, content.value.attachments[2]?.hash ?? '')
  const salted = file && reveal(file, reader, 'page')
  assert.ok(salted?.shown)
  const origin = await borovia.ledger.findAct(free)
  const committed = origin?.statement.parts.find(({ role }) => role === 'text')?.hash
  assert.equal(toBase64url(sha256(salted.value)), committed)
})
