import assert from 'node:assert/strict'
import { test } from 'node:test'
import { render } from 'preact-render-to-string'
import { personOf } from '../../../test/support/space-pages.ts'
import type { Services, Visit } from '../../core/module/types.ts'
import { createTranslator } from '../../text/index.ts'
import type { Contact } from './contacts.ts'
import { PrintPage } from './pages/print-page.tsx'

const now = Date.UTC(2026, 10, 22, 3)

const contact = (over: Partial<Contact>): Contact => ({
  space: 's',
  party: 'borovia.example',
  contact: 'c',
  hash: 'h',
  idx: 1,
  kind: 'technical',
  zone: 'Europe/Paris',
  languages: ['fr'],
  hours: 'always',
  week: null,
  entry: 'role',
  valid_from: null,
  valid_until: '2026-12-31',
  removed_by: null,
  since: now,
  confirmed: now,
  calendar: new Map(),
  text: { post: 'CERT', emergency: '+999 1 555' },
  ...over,
})

test('a sheet for the wall says of every party who answers, when, where, until when, as of when, under its marking', () => {
  const services = {
    party: 'aurelia.example',
    modules: [],
    clock: { now: () => now },
    nameOf: (party: string) => party.split('.')[0] ?? party,
  } as unknown as Services
  const long = contact({
    party: 'calenia.example',
    confirmed: now - 400 * 24 * 3_600_000,
    unknownZone: 'Mars/Base',
    text: { post: 'مكتب الاتصال', name: 'Ada <b>', telephone: '+998 2' },
  })
  const printed = (language: string) =>
    render(
      <PrintPage
        visit={
          {
            services,
            viewer: personOf('drafter'),
            language,
            t: createTranslator(language),
            request: new Request('http://node.test/'),
          } as unknown as Visit
        }
        sheet={{ contacts: [contact({}), long], keptBack: 1, marking: { tlp: 'AMBER' } }}
      />,
    )
  const page = printed('en')
  assert.match(page, /As of 22 November 2026, 03:00 UTC/)
  assert.match(page, /TLP:AMBER/)
  assert.match(
    page,
    /borovia[\s\S]*CERT[\s\S]*\+999\u00A01\u00A0555[\s\S]*round the clock[\s\S]*Last day: 31 December 2026/,
  )
  assert.match(
    page,
    /calenia[\s\S]*\+998\u00A02[\s\S]*“Mars\/Base” is in no list[\s\S]*Unconfirmed for more than a year/,
  )
  assert.match(page, /One contact is left out because of its marking/)
  assert.ok(page.includes('Ada &lt;b>') && !page.includes('<b>'), 'what others wrote is text')
  assert.match(printed('fr'), /Points de contact, à garder sous la main[\s\S]*Joignable au/)
  assert.match(printed('ar'), /dir="rtl"[\s\S]*للاحتفاظ بها في المتناول[\s\S]*<bdi dir="ltr">\+999\u00A01\u00A0555/)
})
