import assert from 'node:assert/strict'
import { test } from 'node:test'
import { render } from 'preact-render-to-string'
import { personOf } from '../../../../test/support/space-pages.ts'
import type { FaceProps, SpaceFacts } from '../../../core/module/types.ts'
import { alternat, createTranslator } from '../../../text/index.ts'
import { minutesFace } from '../../channels/faces/prose-faces.tsx'
import { listNames } from '../../spaces/space-words.ts'
import { hashOfText } from '../text-hash.ts'
import { textFace } from './text-faces.tsx'

const names: Record<string, Record<string, string>> = {
  'a.example': { en: 'Austria', fr: 'Autriche', ar: 'النمسا' },
  'g.example': { en: 'Germany', fr: 'Allemagne', ar: 'ألمانيا' },
  'z.example': { en: 'Åland', fr: 'Åland', ar: 'آلاند' },
}
const parties = Object.keys(names)
const nameOf = (party: string, language: string) => names[party]?.[language] ?? party
const text = {
  title: { en: 'Joint statement', fr: 'Déclaration commune' },
  paragraphs: {
    p1: { en: 'Germany and Austria name contacts.', fr: 'L’Allemagne et l’Autriche désignent des contacts.' },
  },
  disclaimer: { en: 'No rights.', fr: 'Aucun droit.' },
}
const space = {
  id: 's',
  members: parties.map((party) => ({ party, role: 'member', since: 0 })),
} as unknown as SpaceFacts

function copyOf(
  party: string,
  language: string,
  face: { Document: typeof textFace.Document },
  content: object,
): string {
  const services = { party, nameOf, signedNameOf: nameOf }
  const shown = { act: { hash: 'h', index: 3, statement: { author: 'a.example' } }, space, content }
  const viewer = personOf('legal')
  const props = { shown, services, viewer, t: createTranslator(language), language } as unknown as FaceProps
  return render(face.Document(props)!)
}
const order = (html: string) => [...html.matchAll(/<dt><bdi>([^<]+)<\/bdi><\/dt>/g)].map(([, name]) => name)
const wordsOf = (html: string) => html.slice(html.indexOf('<h3>'), html.indexOf('<dl'))
const between = (html: string) => /<p class="between">([^<]+)<\/p>/.exec(html)?.[1]?.replaceAll(/[\u2068\u2069]/g, '')

test('each side’s copy of a joint text and of minutes names itself first, under the same hash; elsewhere names are alphabetical in the reader’s language', () => {
  const paragraphs = [{ id: 'p1', norm: 'h', owner: 'g.example', due: '2027-01-31', zone: 'Etc/UTC' }]
  const body = { languages: ['en', 'fr'], hash: hashOfText(text), paragraphs, parties }
  const copies = parties.map((party) => copyOf(party, 'en', textFace, { body, text }))
  assert.deepEqual(
    copies.map((copy) => order(copy).slice(0, 3)),
    [
      ['Austria', 'Åland', 'Germany'],
      ['Germany', 'Åland', 'Austria'],
      ['Åland', 'Austria', 'Germany'],
    ],
  )
  assert.deepEqual(copies.map(between), [
    'Between Austria, Åland and Germany',
    'Between Germany, Åland and Austria',
    'Between Åland, Austria and Germany',
  ])
  // The words that were agreed to are the same bytes, whoever is named first around them.
  for (const copy of copies) {
    assert.match(copy, new RegExp(`${body.hash}`))
    assert.equal(wordsOf(copy), wordsOf(copies[0]!))
  }
  assert.match(wordsOf(copies[2]!), /Germany and Austria name contacts\./)
  assert.equal(hashOfText(text), body.hash)
  assert.deepEqual(order(copyOf('g.example', 'fr', textFace, { body, text })).slice(0, 3), [
    'Allemagne',
    'Åland',
    'Autriche',
  ])
  assert.match(
    copyOf('g.example', 'en', textFace, { body, text: { ...text, title: { en: 'Other' } } }),
    /are not the words of the hash/,
  )

  const minutes = { body: { on: '2026-11-22', zone: 'Etc/UTC' }, text: { subject: 'Talks', paragraphs: ['Said.'] } }
  const ours = copyOf('g.example', 'en', minutesFace as never, minutes)
  assert.deepEqual(order(ours), ['Germany', 'Åland', 'Austria'])
  assert.match(ours, /Talks between/)

  const naming = { party: 'g.example', nameOf } as never
  const listed = (language: string) => listNames(parties, naming, language).replaceAll(/[\u2068\u2069]/g, '')
  assert.deepEqual([listed('en'), listed('fr')], ['Åland, Austria and Germany', 'Åland, Allemagne et Autriche'])
  assert.deepEqual(alternat(['a.example'], { own: 'g.example', language: 'en', nameOf: (one) => one }), ['a.example'])
})
