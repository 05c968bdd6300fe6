import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { startNetwork } from '../../../../test/support/network.ts'
import {
  arrives,
  ask,
  modules,
  openCase,
  personOf,
  redirectOf,
  searchIndex,
  servicesOf,
} from '../../../../test/support/space-pages.ts'
import { fieldErrors, type InvalidInput, type Refusal } from '../../../core/http/index.ts'
import { newId } from '../../../protocol/index.ts'
import { createTranslator } from '../../../text/index.ts'
import { clearance } from '../../clearance/index.ts'
import { originator } from '../../originator/index.ts'
import { talks } from '../../talks/index.ts'
import { lines } from '../index.ts'
import { pairParagraphs, wordsApart } from './compare-texts.ts'
import { readOutNeeds } from './needs.ts'

const house = [...modules, searchIndex, originator, talks, clearance, lines]
const drafter = personOf('drafter')
const colleague = personOf('colleague')
const text = (html: string) => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')

test('our read-out stands beside what the other side gave and published, and a person minutes what differs', async (t) => {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: house })
  const { aurelia, borovia } = network.nodes
  const at = { aurelia: servicesOf(aurelia, house), borovia: servicesOf(borovia, house) }
  const space = await openCase(network, at.aurelia)
  let size = 1
  const landed = () => arrives(space, ++size, aurelia, borovia)
  const write = async (who: keyof typeof at, type: string, input: Record<string, unknown>): Promise<string> => {
    const services = at[who]
    const { answer } = await ask('POST', `/spaces/${space}/write/${type}`, {
      services,
      viewer: drafter,
      input: { id: newId(), tlp: 'AMBER', ...input },
    })
    const id = redirectOf(answer).split('/')[2] ?? ''
    await services.drafts.submit(drafter, id, (await services.drafts.find(id))?.approval ?? '')
    await services.drafts.signDue()
    await landed()
    return (await services.drafts.find(id))?.actHash ?? ''
  }
  const meeting = await write('aurelia', 'talks.meeting-proposed', {
    with: [borovia.party],
    zone: 'Europe/Paris',
    date1: '2026-12-01',
    time1: '10:00',
    minutes: '60',
    subject: 'Hosts in both countries',
  })
  await write('borovia', 'talks.read-out-given', {
    proposal: meeting,
    subject: 'Talks',
    text: 'Both sides spoke of four hosts in Borovia.\n\nBorovia named nobody.',
  })
  const path = `/spaces/${space}/acts/${meeting}/read-outs`
  const page = async (viewer = drafter, language = 'en') =>
    (await ask('GET', path, { services: at.aurelia, viewer, language })).html
  const post = (name: string, input: Record<string, unknown>, viewer = drafter) =>
    ask('POST', `${path}/${name}`, { services: at.aurelia, viewer, input: { id: newId(), ...input } })

  assert.match(text(await page()), /We have written none.*Given by BOROVIA.*We do not say this/)
  const ours = 'We asked for the logs.\n\nBoth sides spoke of three hosts in Borovia.'
  await post('own', { account: ours })
  const seen = await page()
  assert.match(seen, /spoke of <mark>three<\/mark> hosts.*spoke of <mark>four<\/mark> hosts/s)
  assert.match(
    text(seen),
    /We asked for the logs\. BOROVIA does not say this\..*We do not say this\. Borovia named nobody/,
  )
  const pairs = [...seen.matchAll(/name="pair" value="([\w-]{43})"/g)].map(([, key]) => key)
  assert.equal(pairs.length, 3)
  const party = borovia.party
  const asked = { party, pair: pairs[1], finding: 'contradicts', note: 'They count one host more.' }
  for (const _ of ['first', 'sent again']) await post('findings', asked)
  assert.match(text(await page()), /Contradicts.*They count one host more/)
  assert.match((await post('findings', { ...asked, pair: pairs[0], finding: 'same' })).html, /only one paragraph/)
  assert.match((await post('findings', { ...asked, pair: 'x'.repeat(43) })).html, /meanwhile/)

  const published = { party, source: 'https://press.borovia.example/1', account: 'Both sides agreed on all points.' }
  const invalid = (code: string) => (error: InvalidInput) =>
    fieldErrors(error, createTranslator('en'))[code] !== undefined
  await assert.rejects(post('published', { ...published, on: '2026-11-23' }), invalid('on'))
  await assert.rejects(post('published', { ...published, on: '2026-11-20', party: aurelia.party }), invalid('party'))
  await post('published', { ...published, on: '2026-11-20' })
  assert.match(
    text(await page()),
    /Published by BOROVIA.*press\.borovia\.example.*20 November 2026.*agreed on all points/,
  )

  const [own] = (await at.aurelia.db.selectFrom('home.talks_read_out').selectAll().execute()).map(({ id }) => id)
  assert.match((await post('clear', { seen: own })).html, /You wrote these words/)
  assert.match(text(await page(colleague)), /Clear ours for publication/)
  const refused = (code: string) => (error: Refusal) => error.code === code
  const goesOut = async () => {
    const { answer } = await ask('GET', `${path}/text`, { services: at.aurelia, viewer: drafter })
    return answer instanceof Response ? answer.text() : assert.fail('no text')
  }
  await assert.rejects(goesOut(), refused('lines.read-out-not-cleared'))
  await post('clear', { seen: own }, colleague)
  assert.equal(await goesOut(), `${ours}\n`)
  await assert.rejects(post('legal', { legalWhy: '' }), invalid('legalWhy'))
  await post('legal', { legalWhy: 'It names a court.' })
  assert.match(
    text(await page()),
    /A legal clearance was asked for: It names a court\..*Not cleared by a legal adviser yet/,
  )
  await assert.rejects(goesOut(), refused('lines.read-out-not-cleared'))
  assert.match((await post('legal-clear', { seen: own })).html, /You wrote these words/)
  assert.match((await post('legal-clear', { seen: own }, colleague)).html, /You cleared it already/)
  const waits = async (id: string) => (await readOutNeeds(at.aurelia, personOf(id))).map(({ verb }) => verb)
  assert.deepEqual([await waits('adviser'), await waits('colleague')], [['lines.need.read-out-legal'], []])
  await post('legal-clear', { seen: own }, personOf('adviser'))
  assert.deepEqual(await waits('adviser'), [])
  assert.match(text(await page()), /Cleared by a legal adviser: adviser/)
  assert.equal(await goesOut(), `${ours}\n`)
  const held = { about: meeting, space, by_person: 'drafter', at: 0 }
  const hold = (release: string | null) =>
    at.aurelia.db
      .insertInto('home.lines_embargo')
      .values({ ...held, id: newId(), release })
      .execute()
  await hold('a release that is not on the record')
  await assert.rejects(goesOut(), refused('lines.embargoed'))
  assert.match(text(await page()), /Held: the release it waits for is not on the record here/)
  await hold(null)
  assert.match(text(await page()), /Cleared for publication by colleague/)
  await post('own', { account: ours.replace('three', 'four') })
  const changed = text(await page())
  assert.match(
    changed,
    /Not cleared for publication.*Not cleared by a legal adviser yet.*The same words.*Minuted of words that are others by now.*Contradicts/,
  )
  assert.match((await post('clear', { seen: own }, colleague)).html, /meanwhile/)

  const guest = { ...personOf('guest'), ceiling: 'CLEAR' as const }
  await assert.rejects(page(guest), refused('not-found'))
  for (const language of ['fr', 'ar']) assert.doesNotMatch(await page(drafter, language), /\bread-outs\.[a-z]/)
  const theirs = await ask('GET', path, { services: at.borovia, viewer: drafter })
  assert.doesNotMatch(theirs.html, /We asked for the logs/, 'what is kept at home stays there')
})

test('two accounts compared lose and repeat no paragraph and no word, whatever they say', () => {
  const word = fc.constantFrom('we', 'they', 'spoke', 'of', 'three', 'four', 'hosts', 'المضيفين', '主机', '—', '.')
  const paragraph = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '))
  const account = fc.array(paragraph, { maxLength: 6 })
  fc.assert(
    fc.property(account, account, (ours, theirs) => {
      const pairs = pairParagraphs(ours, theirs)
      assert.deepEqual(
        pairs.flatMap((pair) => (pair.ours === undefined ? [] : [pair.ours])),
        ours,
      )
      assert.deepEqual(
        pairs.flatMap((pair) => (pair.theirs === undefined ? [] : [pair.theirs])).toSorted(),
        theirs.toSorted(),
      )
      for (const { ours: one = '', theirs: other = '' } of pairs) {
        const apart = wordsApart(one, other)
        assert.equal(apart.one.map(({ text: of }) => of).join(''), one)
        assert.equal(apart.other.map(({ text: of }) => of).join(''), other)
        const shared = (pieces: typeof apart.one) =>
          pieces.flatMap((piece) => (piece.alone ? [] : [piece.text])).join('')
        assert.equal(shared(apart.one), shared(apart.other), 'what is not marked both have')
      }
    }),
  )
})
