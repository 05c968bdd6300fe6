import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { render } from 'preact-render-to-string'
import { testDatabase } from '../../../test/support/postgres.ts'
import { personOf } from '../../../test/support/space-pages.ts'
import { InvalidInput, parseInput, Refusal } from '../../core/http/index.ts'
import type { Module, Services, Visit } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { createTranslator } from '../../text/index.ts'
import { demarches } from './index.ts'

const root = join(import.meta.dirname, '../../..')
const chief = personOf('chief')
const envoy = personOf('envoy', 'AMBER', /^demarches\.read-out:draft$/)

test('a démarche goes from instruction over its delivery in each capital to the read-out, and its matrix says where it stands', async (t) => {
  const { db } = await testDatabase(t, demarches.migrations ?? [])
  const space = {
    id: 'a'.repeat(32),
    kind: 'channel',
    title: { en: 'Hotline' },
    members: [{ party: 'borovia.example' }],
  }
  const services = {
    db,
    party: 'aurelia.example',
    partyName: { en: 'Aurelia' },
    clock: { now: () => Date.UTC(2026, 10, 22, 9) },
    modules: [demarches],
    nameOf: (party: string) => party.split('.')[0]?.toUpperCase() ?? party,
    peers: { list: async () => ['calenia.example', 'borovia.example'].map((party) => ({ party })) },
    ledger: { list: async () => [space] },
  } as unknown as Services
  const routes = demarches.routes?.(services) ?? []
  const ask = async (
    method: string,
    path: string,
    over: { viewer?: typeof chief; input?: Record<string, unknown>; language?: string } = {},
  ) => {
    const route = routes.find((one) => one.method === method && one.path === path.replace(/[0-9a-f]{32}/, ':demarche'))
    assert.ok(route, path)
    const { viewer = chief, input = {}, language = 'en' } = over
    const visit = {
      services,
      viewer,
      language,
      t: createTranslator(language),
      params: { demarche: /[0-9a-f]{32}/.exec(path)?.[0] },
      query: new URLSearchParams(),
      values: input,
      request: new Request('http://node.test/'),
    } as unknown as Visit
    try {
      const answer = await route.handle({ ...visit, input: route.input ? parseInput(route.input, input) : input })
      return 'page' in answer ? render(answer.page) : JSON.stringify(answer)
    } catch (error) {
      if (!(error instanceof InvalidInput) || !route.onInvalid) throw error
      const names = Object.fromEntries(error.issues.map(({ path: [name], message }) => [String(name), message]))
      const answer = await route.onInvalid(visit, names)
      return 'page' in answer ? render(answer.page) : ''
    }
  }
  const id = newId()
  const instruction = {
    id,
    subject: 'Hosts used from Borovia',
    objective: 'They take the hosts off the net.',
    points: 'First point.\n\nSecond point.',
    level: 'director',
    deliverBy: '2026-11-24',
    leaveBehind: 'aide-memoire',
    capitals: ['borovia.example', 'calenia.example'],
    others: 'Delvania\n\n',
  }
  assert.match(
    await ask('POST', '/demarches', { input: { ...instruction, capitals: [], others: ' ' } }),
    /no-capital[\s\S]*First point/,
  )
  assert.match(await ask('POST', '/demarches', { input: { ...instruction, tlp: 'RED' } }), /above-ceiling/)
  for (const _ of ['first', 'second click']) await ask('POST', '/demarches', { input: instruction })
  assert.match(await ask('GET', '/demarches'), /3 capitals: delivered in 0, answer home from 0/)
  const needs = () => demarches.needs?.(services, envoy).then((found) => found.map((one) => one.verb))
  assert.deepEqual(await needs(), ['demarches.action.deliver'])

  const at = `/demarches/${id}`
  const said = {
    capital: 'borovia.example',
    on: '2026-11-22',
    at: '10:30',
    byWhom: 'A. Vale, Minister-Counsellor',
    toWhom: 'Director, cyber',
  }
  const note = (kind: string, over: Record<string, unknown> = {}) =>
    ask('POST', `${at}/${kind}`, { viewer: envoy, input: { id: newId(), ...said, ...over } })
  assert.match(await note('delivered', { on: '2026-11-25' }), /in-the-future/)
  await assert.rejects(
    note('delivered', { capital: 'nowhere.example' }),
    (error) => error instanceof Refusal && error.code === 'demarches-no-such-capital',
  )
  for (const capital of [...instruction.capitals, 'Delvania']) await note('delivered', { capital })
  assert.deepEqual(await needs(), ['demarches.action.read-out'])
  await note('read-out', { answer: 'will-consider', words: 'They were courteous.' })
  await note('read-out', { answer: 'agrees-in-part', words: 'Six of ten hosts are off.' })
  const page = await ask('GET', at, { viewer: personOf('reader') })
  const row = /<tr><th scope="row">(?:<bdi>)?BOROVIA[\s\S]*?<\/tr>/.exec(page)?.[0] ?? ''
  for (const cell of ['22 November 2026, 10:30', 'A. Vale, Minister-Counsellor', 'Director, cyber', 'agrees in part'])
    assert.ok(row.includes(cell), `${cell} in ${row}`)
  assert.match(page, /Delvania[\s\S]*nothing has come home/)
  assert.match(page, /They were courteous\.[\s\S]*Six of ten hosts are off\./, 'no read-out is changed by a later one')
  assert.ok(page.includes(`/spaces/${space.id}/write/channels.note-sent?form=aide-memoire&amp;to=borovia.example"`))
  assert.doesNotMatch(
    /href="[^"]*note-sent[^"]*"/.exec(page)?.[0] ?? '',
    /point|Hosts/,
    'the link carries no word of it',
  )
  const found = async (ceiling: 'RED' | 'GREEN') =>
    (await demarches.homeRecords?.(services, personOf('reader', ceiling)))?.map(({ href, text }) => [
      href,
      JSON.stringify(text).includes('Six of ten hosts'),
    ])
  assert.deepEqual([await found('RED'), await found('GREEN')], [[[at, true]], []], 'a search finds what may be read')
  assert.match(await ask('GET', at, { language: 'ar' }), /العواصم التي خوطبت/)
  await assert.rejects(
    ask('GET', at, { viewer: personOf('reader', 'GREEN') }),
    (error) => error instanceof Refusal && error.code === 'not-found',
  )
})

test('no path leads from a démarche to an act: its rows are named in its own folder, which signs, drafts and sends nothing', () => {
  const module: Module = demarches
  assert.deepEqual([module.acts, module.composers, module.faces, module.views, module.tick], Array(5).fill(undefined))
  const own: string[] = []
  for (const file of globSync('src/**/*.{ts,tsx}', { cwd: root })) {
    if (file.includes('.test.')) continue
    const source = readFileSync(join(root, file), 'utf8')
    const isOwn = file.startsWith('src/modules/demarches/')
    if (isOwn) own.push(file)
    const names = /home\.demarche/.test(source)
    const imports = /from '[^']*\/demarches\/[^']*'/.test(source)
    assert.ok(isOwn || (!names && (!imports || file === 'src/app/modules.ts')), `${file} gets at démarches`)
    if (isOwn)
      assert.doesNotMatch(source, /\b(outbox|drafts|takeStep|signAct|saveComposed|attachments|enqueue|blobs)\b/, file)
  }
  assert.ok(own.length >= 10)
  const door = readFileSync(join(root, 'src/modules/demarches/index.ts'), 'utf8')
  assert.deepEqual(door.match(/^export .*$/gm), ['export const demarches: Module = {'], 'no other module gets at it')
})
