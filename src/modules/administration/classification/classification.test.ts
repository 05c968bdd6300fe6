import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startNetwork } from '../../../../test/support/network.ts'
import {
  arrives,
  ask,
  modules,
  note,
  openCase,
  personOf,
  redirectOf,
  servicesOf,
} from '../../../../test/support/space-pages.ts'
import { readClassification } from '../../../core/auth/index.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { openClasses } from '../../../core/markings/index.ts'
import type { Module, Services, Viewer } from '../../../core/module/types.ts'
import { migrations as scrubMigrations } from '../../../core/scrub/index.ts'
import { feedIndex, migrations, views } from '../../../core/search/index.ts'
import { newId } from '../../../protocol/index.ts'
import { administration } from '../index.ts'
import { recordSpills } from './spills.ts'

const index: Module = { name: 'index', migrations: [...scrubMigrations, ...migrations], views }
const everything = [...modules, index, { ...administration, tick: undefined, routes: undefined }]
const officer = personOf('officer')

const ladder = 'RESTRICTED; Restricted; Diffusion restreinte; محدود\nSECRET; Secret; Secret; سري'
const ourSecret = 'aurelia.example; SECRET; SECRET; Agreement of 2024'

async function houses(t: TestContext) {
  const network = await startNetwork(t, ['aurelia', 'borovia'], { modules: everything })
  const house = {
    aurelia: servicesOf(network.nodes.aurelia, everything),
    borovia: servicesOf(network.nodes.borovia, everything),
  }
  const told: string[] = []
  house.borovia.notices.send = async (_, { key }) => void told.push(key)
  const space = await openCase(network, house.aurelia)
  const post = (services: Services, path: string, input: Record<string, unknown>, viewer = officer) =>
    ask('POST', path, { services, viewer, input })
  /** A person of a house with that clearance, as their next request would find them. */
  const cleared = async (services: Services, id: string, clearance?: string): Promise<Viewer> => ({
    ...personOf(id),
    classes: openClasses(await readClassification(services.db), services.party, clearance),
    today: '2026-11-23',
  })
  const page = async (services: Services, path: string, viewer: Viewer, language = 'en') =>
    (await ask('GET', path, { services, viewer, language })).html
  return { network, house, told, space, post, cleared, page }
}

const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code
const invalid = (message: string) => (error: unknown) =>
  error instanceof InvalidInput && error.issues.some((issue) => issue.message.endsWith(message))

test('what is classified passes form, space and inbox only below the ceiling; what arrives above it is hidden, told and purged', async (t) => {
  const { network, house, told, space, post, cleared, page } = await houses(t)
  const { aurelia, borovia } = house
  await assert.rejects(post(aurelia, '/classification/ladder', { ladder: `${ladder}\nsecret` }), invalid('level'))
  await assert.rejects(
    post(aurelia, '/classification/ladder', { ladder, accredited: 'TOP' }),
    invalid('not-ours-ceiling'),
  )
  await post(aurelia, '/classification/ladder', { ladder, accredited: 'SECRET' })
  await assert.rejects(
    post(aurelia, '/classification/equivalences', { equivalences: 'borovia.example; TWO; SECRET' }),
    invalid('no-source'),
  )
  assert.match(await page(aurelia, '/classification', officer, 'ar'), /<bdi>سري<\/bdi>/)

  const form = { ...note, class: 'SECRET' }
  const writeAs = async (viewer: Viewer, input: Record<string, unknown>) =>
    ask('POST', `/spaces/${space}/write/channels.note-sent`, { services: aurelia, viewer, input })
  const lower = await cleared(aurelia, 'drafter', 'RESTRICTED')
  const drafter = await cleared(aurelia, 'drafter', 'SECRET')
  assert.match((await writeAs(lower, { ...form, id: newId() })).html, /above what you are cleared for/)
  assert.match((await writeAs(drafter, { ...form, id: newId() })).html, /borovia\.example is not named/)
  const id = newId()
  redirectOf((await writeAs(drafter, { ...form, id, audience: ['borovia.example'] })).answer)
  const { approval = '' } = (await aurelia.drafts.find(id)) ?? {}
  await assert.rejects(page(aurelia, `/drafts/${id}/review`, lower), refused('not-cleared'))
  await aurelia.drafts.submit(drafter, id, approval)
  const sent = await aurelia.drafts.release(await cleared(aurelia, 'releaser', 'SECRET'), id, approval)
  const act = sent.actHash ?? ''
  await arrives(space, 2, network.nodes.aurelia, network.nodes.borovia)

  // Borovia has no ladder: not even its own officer reads it, and the officer is told once.
  const timeline = () => page(borovia, `/spaces/${space}`, officer)
  assert.doesNotMatch(await timeline(), /Hosts of yours/)
  await feedIndex(borovia)
  await recordSpills(borovia)
  await recordSpills(borovia)
  assert.deepEqual(told, [`spill:${act}:releaser`])
  assert.match(await page(borovia, '/spills', officer), /SECRET \(aurelia\.example\)[\s\S]*Purge here/)

  // An equivalence by our own rule opens it to whoever is cleared, and to nobody else.
  await post(borovia, '/classification/ladder', { ladder, accredited: 'SECRET' })
  await post(borovia, '/classification/equivalences', { equivalences: ourSecret })
  assert.match(await page(borovia, `/spaces/${space}`, await cleared(borovia, 'reader', 'SECRET')), /Hosts of yours/)
  assert.doesNotMatch(
    await page(borovia, `/spaces/${space}`, await cleared(borovia, 'reader', 'RESTRICTED')),
    /Hosts of yours/,
  )

  await post(borovia, `/spills/${act}/purge`, {})
  await post(borovia, `/spills/${act}/purge`, {})
  assert.match(await page(borovia, '/spills', officer), /Purged on/)
  const gone = await page(borovia, `/spaces/${space}`, await cleared(borovia, 'reader', 'SECRET'))
  assert.doesNotMatch(gone, /Hosts of yours/)
  assert.deepEqual(await network.nodes.borovia.ledger.missingParts?.(space), [], 'nothing is fetched again')
  assert.equal(
    (await borovia.db.selectFrom('view.search_act').select('words').where('act', '=', act).executeTakeFirstOrThrow())
      .words,
    '',
  )
  assert.match(await page(aurelia, `/spaces/${space}`, drafter), /Hosts of yours/, 'its originator keeps it')
})

test('a file marked above the ceiling is recorded with what to do, and purged without the words beside it', async (t) => {
  const { network, house, told, space, post, page } = await houses(t)
  const { aurelia, borovia } = house
  const node = network.nodes.aurelia
  const { id: _, addressee, text: paragraph, subject, opening, closing, ...form } = { ...note, id: newId() }
  const sent = await node.outbox.send({
    space,
    type: 'channels.note-sent',
    id: newId(),
    office: 'cyber-desk',
    body: { ...form, addressee, number: '1', impliesNoAttribution: false },
    text: { subject, opening, paragraphs: [paragraph], closing },
    attachments: [
      {
        name: 'sources.txt',
        media: 'text/plain',
        content: Buffer.from('who told us'),
        marking: { tlp: 'AMBER', class: 'aurelia.example/SECRET', audience: ['borovia.example'] },
      },
    ],
    marking: { tlp: 'AMBER' },
  })
  await arrives(space, 2, node, network.nodes.borovia)
  await feedIndex(borovia)
  await recordSpills(borovia)
  await recordSpills(borovia)
  assert.deepEqual(told, [`spill:${sent.hash}:releaser`])
  assert.match(
    await page(borovia, '/spills', officer),
    /SECRET[\s\S]*One file of it is above the ceiling[\s\S]*Purge here/,
  )
  const indexed = borovia.db.selectFrom('view.search_act').select('words').where('act', '=', sent.hash)
  assert.doesNotMatch((await indexed.executeTakeFirstOrThrow()).words, /source/, 'nobody finds it by its name')
  await post(borovia, `/spills/${sent.hash}/purge`, {})
  const part = (await node.ledger.findAct(sent.hash))!.statement.parts.find(({ role }) => role === 'attachment')!
  assert.equal(await borovia.blobs.sizeOf(borovia.db, part.hash), undefined)
  assert.notEqual(await aurelia.blobs.sizeOf(aurelia.db, part.hash), undefined)
  assert.match(await page(borovia, `/spaces/${space}`, officer), /Hosts of yours/)
  await recordSpills(borovia)
  assert.match(await page(borovia, '/spills', officer), /Purged on/, 'purged stays purged')
})
