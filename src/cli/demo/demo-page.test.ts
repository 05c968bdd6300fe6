import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'node-html-parser'
import { findFreePort } from '../../core/config/index.ts'
import { serveDemoPage } from './demo-page.tsx'
import { parties, type PartyKey, type RoleKey, roles } from './parties.ts'

const space = { id: 'a1', kind: 'case', title: { en: 'Ransomware', ar: 'برمجيات الفدية' }, size: 3 }
const act = {
  index: 2,
  author: parties.borovia.party,
  type: 'channels.note-sent',
  scenarioTime: '2026-11-18T03:10:00Z',
}
const told: Record<string, unknown> = {
  '/api/v1/spaces': { spaces: [space] },
  '/api/v1/spaces/a1/acts': { acts: [act] },
  '/api/v1/incidents': [],
  '/api/v1/commitments': [],
}

test('the page of the demonstration speaks the reader’s language, and says that the story itself is told in English', async (t) => {
  const person = { read: async <T>(path: string) => told[path] as T }
  const of = <K extends string, V>(keys: K[], value: V) =>
    Object.fromEntries(keys.map((key) => [key, value])) as Record<K, V>
  const page = await serveDemoPage({
    port: await findFreePort(39_700, '127.0.0.1'),
    beats: [{ step: 'communication', line: 'The deputy acknowledged.' }],
    nodes: of(Object.keys(parties) as PartyKey[], { publicUrl: 'http://aurelia.localhost:7101' }),
    people: of(Object.keys(roles) as RoleKey[], person),
  })
  t.after(() => page.close())
  const open = async (headers: Record<string, string>) => {
    const url = page.url.replace('localhost', '127.0.0.1')
    return parse(await (await fetch(url, { headers })).text())
  }
  assert.match((await open({ 'accept-language': 'fr' })).querySelector('.lead')?.text ?? '', /^En cours/)
  page.finish({} as never)
  const arabic = await open({ 'accept-language': 'ar' })
  assert.equal(arabic.querySelector('html')?.getAttribute('dir'), 'rtl')
  const story = arabic.querySelector('ol[lang=en][dir=ltr]')
  assert.match(story?.text ?? '', /The deputy acknowledged/)
  story?.remove()
  const words = arabic.querySelector('main')?.structuredText ?? ''
  assert.match(words, /قضية أوريليا وبوروفيا[\s\S]*ما يراه كل طرف[\s\S]*برمجيات الفدية[\s\S]*بوروفيا/)
  assert.doesNotMatch(words.replaceAll(/http\S+|Nadia Brandt|Lena Sorin|Samira Holt|Clara Weiss|UTC/g, ''), /[a-z]{3}/i)

  const choose = (language: string) =>
    fetch(`${new URL(page.url).origin.replace('localhost', '127.0.0.1')}/language`, {
      method: 'POST',
      body: new URLSearchParams({ language, to: 'https://elsewhere.example' }),
      redirect: 'manual',
    })
  const chosen = await choose('fr')
  assert.deepEqual([chosen.status, chosen.headers.get('location')], [303, '/demo'])
  const cookie = chosen.headers.get('set-cookie')?.split(';')[0] ?? assert.fail('the choice is not kept')
  assert.equal((await open({ cookie, 'accept-language': 'ar' })).querySelector('html')?.getAttribute('lang'), 'fr')
  assert.equal((await choose('tlh')).headers.get('set-cookie'), null)
})
