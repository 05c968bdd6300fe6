import assert from 'node:assert/strict'
import { test } from 'node:test'
import { render } from 'preact-render-to-string'
import { startNetwork } from '../../../../test/support/network.ts'
import { modules, personOf, servicesOf } from '../../../../test/support/space-pages.ts'
import { fieldErrors, InvalidInput, parseInput } from '../../../core/http/index.ts'
import type { Json, Viewer, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { createTranslator } from '../../../text/index.ts'
import { directory } from '../index.ts'
import { ToldSection } from '../pages/told-section.tsx'
import { listRoutes } from './routes.tsx'
import { listTold } from './told.ts'

const withDirectory = [...modules.filter(({ name }) => name !== directory.name), directory]
const borovia = 'borovia.example'

test('a list is taken in only after a look: of others as we were told, our own as drafts; what leaves is what its reader may see', async (t) => {
  const { nodes } = await startNetwork(t, ['aurelia'], {
    modules: withDirectory,
  })
  const { aurelia } = nodes
  const services = servicesOf(aurelia, withDirectory)
  const { id: space } = await aurelia.ledger.open({
    id: newId(),
    kind: 'directory',
    title: { en: 'Points of contact' },
    purpose: 'reach',
    office: 'cyber-desk',
    members: [],
  })
  const nominate = (tlp: 'AMBER' | 'RED', text: Record<string, string>) =>
    aurelia.outbox.send({
      space,
      type: 'directory.contact-nominated',
      id: newId(),
      office: 'cyber-desk',
      body: { contact: newId(), kind: 'technical', zone: 'Europe/Paris', languages: ['fr'], hours: 'office' } as Json,
      text,
      marking: { tlp },
    })
  await nominate('AMBER', { post: 'CERT', telephone: '+999 1 555' })
  await nominate('RED', { post: 'Night desk', telephone: '+999 1 666' })
  await aurelia.ledger.project(space)

  const routes = listRoutes(services)
  const call = async (
    method: string,
    path: string,
    viewer: Viewer,
    given: Record<string, unknown> = {},
    language = 'en',
  ) => {
    const route = routes.find((one) => one.method === method && one.path === path)
    assert.ok(route, path)
    const visit = {
      services,
      viewer,
      language,
      t: createTranslator(language),
      params: {},
      input: route.input ? parseInput(route.input, given) : {},
      request: new Request('http://node.test/'),
    } as unknown as Visit
    const answer = await route.handle(visit)
    if (answer instanceof Response) return answer.text()
    return 'page' in answer ? render(answer.page) : JSON.stringify(answer)
  }
  const desk = personOf('drafter')
  const reader = personOf('reader', 'AMBER', /:read$/)
  const minister = personOf('minister', 'RED')

  // Everybody takes out what they may see; the public gets counts.
  const full = await call('GET', '/directory/export', minister, { format: 'vcard' })
  assert.match(full, /TITLE:CERT[\s\S]*TITLE:Night desk|TITLE:Night desk[\s\S]*TITLE:CERT/)
  const csv = await call('GET', '/directory/export', reader)
  assert.match(csv, /technical,CERT,[^\n]*'\+999 1 555/, 'a spreadsheet does not compute a telephone number')
  assert.ok(!csv.includes('Night desk'), 'above the ceiling of who asks')
  assert.deepEqual(JSON.parse(await call('GET', '/directory/export', reader, { format: 'json' })).contacts.length, 1)
  const counts = await call('GET', '/directory/export/aggregate', minister)
  assert.match(counts, /technical,1,2,0,0/)
  assert.doesNotMatch(counts, /aurelia|CERT|999/)

  const list = [
    'party,kind,team,phone,e-mail,timezone',
    `${services.party},technical,cert,+999 1 777,,`,
    `${services.party},judicial,Central authority,,,`,
    `${borovia},technical,CERT Borovia,+998 1,cert@borovia.example,`,
    `${borovia},,,,,`,
  ].join('\r\n')
  const given = { text: list, toldBy: 'the secretariat' }
  const records = () => aurelia.db.selectFrom('home.directory_told').selectAll().execute()
  const drafts = async () => (await services.drafts.listFor(desk)).filter(({ state }) => state === 'drafting')
  const size = async () => (await aurelia.ledger.find(space))?.size
  for (const [language, words] of [
    [
      'en',
      [/\+999 1 555[\s\S]*\+999 1 777[\s\S]*Line 2/, /Line 5 It names no post/, /as we were told by the secretariat/],
    ],
    ['fr', [/Ligne 5/, /tels que nous les tenons de/]],
    ['ar', [/السطر/, /كما أخبرنا/]],
  ] as const) {
    const page = await call('POST', '/directory/import', desk, given, language)
    for (const word of words) assert.match(page, word)
  }
  assert.deepEqual([await records(), await drafts()], [[], []], 'a look writes nothing')

  const keep = { id: newId(), ...given, take: ['2', '3', '4'] }
  const path = '/directory/import/keep'
  const noPlace = await call('POST', path, desk, keep).catch((error: unknown) => error)
  assert.ok(noPlace instanceof InvalidInput && fieldErrors(noPlace, createTranslator('en')).space)
  assert.deepEqual(await records(), [], 'and a wrong form neither')
  for (const _ of ['first', 'second click']) await call('POST', path, desk, { ...keep, space })
  const [kept, ...others] = await records()
  assert.deepEqual([kept?.party, kept?.told_by, others.length], [borovia, 'the secretariat', 0])
  assert.equal(await size(), 3, 'nothing was said for anybody')
  const saved = await drafts()
  const said = saved.map(({ body, text }) => [(body as { zone: string }).zone, text])
  assert.deepEqual(
    said.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    [
      ['Etc/UTC', { post: 'Central authority' }],
      ['Europe/Paris', { post: 'cert', telephone: '+999 1 777' }],
    ],
    'a change keeps what the list does not say',
  )
  const again = await call('POST', '/directory/import', desk, given)
  assert.match(again, /One is the same/, 'what we were told stands')
  const shown = render(
    <ToldSection
      visit={{ services, viewer: desk, language: 'en', t: createTranslator('en') } as unknown as Visit}
      told={await listTold(services, borovia)}
    />,
  )
  assert.match(
    shown,
    /not this party’s nomination[\s\S]*As we were told by the secretariat[\s\S]*CERT Borovia[\s\S]*\+998 1/,
  )
  assert.ok(!(await call('GET', '/directory/export', minister)).includes('CERT Borovia'), 'it is not given on')

  const compared = await call('POST', '/directory/compare', minister, { text: list })
  assert.match(compared, /One entry differs[\s\S]*\+999 1 555[\s\S]*\+999 1 777/)
  assert.match(compared, /One stands only in the first[\s\S]*Night desk[\s\S]*2 stand only in the second/)
})
