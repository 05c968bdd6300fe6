import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'node-html-parser'
import { render } from 'preact-render-to-string'
import type { Viewer } from '../../core/auth/types.ts'
import { createHttp, nobody } from '../../core/http/index.ts'
import type { Services, Visit } from '../../core/module/types.ts'
import { createTranslator } from '../../text/index.ts'
import { CheckboxGroup, ErrorSummary, Field, Form, Hidden, PageHead } from '../../web/index.ts'
import { Framed, frame, nameWrongFields, TroublePage } from './index.ts'

const publicUrl = 'http://aurelia.localhost:7101'
const services = {
  party: 'aurelia.example',
  settings: { publicUrl, port: 0, host: '127.0.0.1', maxUploadBytes: 1000 },
  nameOf: () => 'Aurelia',
  log: { info() {}, warn() {}, error() {} },
  modules: [
    { name: 'b', navigation: [{ href: '/people', label: 'common.office', permission: 'people:manage', order: 9 }] },
    {
      name: 'a',
      navigation: [
        { href: '/', label: 'common.now', permission: 'signed-in', order: 1 },
        { href: '/bulletins', label: 'common.read', permission: 'public', order: 2 },
      ],
    },
  ],
} as unknown as Services

function visitBy(viewer: Viewer, path = '/'): Visit {
  return {
    services,
    viewer,
    input: {},
    params: {},
    query: new URLSearchParams(),
    t: createTranslator('en'),
    language: 'en',
    request: new Request(publicUrl + path),
    wantsJson: false,
  }
}
const officer: Viewer = {
  ...nobody('en'),
  person: { id: 'p', name: 'M. Sadoun', language: 'en', zone: 'UTC' },
  office: { id: 'desk', name: { fr: 'Bureau cyber' } },
  may: () => false,
}
const links = (html: string) =>
  parse(html)
    .querySelectorAll('.main-nav a')
    .map((a) => a.getAttribute('href'))

test('people see the rooms they may enter, in the house’s order', () => {
  const manager = { ...officer, may: () => true }
  assert.deepEqual(links(render(<Framed visit={visitBy(officer)} title="Today" />)), ['/', '/bulletins'])
  assert.deepEqual(links(render(<Framed visit={visitBy(manager)} title="Today" />)), ['/', '/bulletins', '/people'])
  assert.deepEqual(links(render(<Framed visit={visitBy(nobody('en'))} title="Today" />)), ['/bulletins'])
})

test('an office without a name in the reader’s language is named in another', () => {
  assert.match(render(<Framed visit={visitBy(officer)} title="Today" />), /M\. Sadoun · Bureau cyber/)
})

test('the sign-in page does not offer to sign in', () => {
  const corner = (path: string) =>
    parse(render(<Framed visit={visitBy(nobody('en'), path)} title="x" />)).querySelector('.who')
  assert.ok(corner('/bulletins'))
  assert.equal(corner('/sign-in'), null)
})

test('the notice a redirect left behind is shown', () => {
  assert.match(
    render(<Framed visit={{ ...visitBy(officer), notice: 'Sent.' }} title="x" />),
    /class="notice"[^>]*><p>Sent\./,
  )
})

test('trouble is told with what happened, what to do and a way out', () => {
  const trouble = {
    status: 403,
    title: 'This is not open to you',
    what: 'Your office does not hold the power.',
    remedies: ['Ask an administrator.'],
    link: { href: '/', label: 'Go to Today' },
  }
  const html = parse(render(<TroublePage visit={visitBy(officer)} trouble={trouble} />))
  assert.equal(html.querySelector('h1')?.text, trouble.title)
  for (const words of [trouble.what, 'Ask an administrator.', 'Go to Today'])
    assert.ok(html.text.includes(words), words)
})

test('the language switch keeps the page and believes only languages it has', async () => {
  const http = createHttp({
    services,
    routes: frame.routes!(services),
    viewerOf: async () => undefined,
    mayListen: () => false,
    troublePage: (visit, trouble) => <TroublePage visit={visit} trouble={trouble} />,
  })
  const choose = (language: string, to: string) =>
    http.fetch(
      new Request(`${publicUrl}/language`, {
        method: 'POST',
        body: new URLSearchParams({ language, to }),
        headers: { 'sec-fetch-site': 'same-origin' },
      }),
    )
  const arabic = await choose('ar', '/spaces?from=3')
  assert.equal(arabic.headers.get('location'), '/spaces?from=3')
  assert.match(arabic.headers.get('set-cookie') ?? '', /-language=ar;/)
  const odd = await choose('tlh', '//evil.example')
  assert.equal(odd.headers.get('location'), '/')
  assert.equal(odd.headers.get('set-cookie'), null)
})

test('a form that came back is summed up in the words of its own page, also where its form has no summary', () => {
  const visit = { ...visitBy(officer), t: createTranslator('fr'), language: 'fr' }
  const page = (summary: boolean, errors: Record<string, string>) =>
    nameWrongFields(
      render(
        <Framed visit={visit} title="Astreinte">
          <PageHead title="Astreinte" lead="Qui répond" />
          {summary && <ErrorSummary errors={errors} labels={{ until: 'Fin' }} />}
          <Field name="from" label="Du <jour>" error={errors.from} required={false} />
          <Field name="until" label="Au" error={errors.until} />
          <CheckboxGroup name="days" label="Jours" options={[{ value: '1', label: 'Lundi' }]} error={errors.days} />
          <Hidden name="id" value="x" />
        </Framed>,
      ),
      visit,
      errors,
    )
  const errors = { from: 'À remplir.', until: 'Trop tôt.', days: 'À choisir.', id: 'À remplir.' }
  const linesOf = (html: string) =>
    parse(html)
      .querySelectorAll('#errors a')
      .map(({ text }) => text)
  const [first, ...others] = [
    'Du <jour>: À remplir.',
    'Au: Trop tôt.',
    'Jours: À choisir.',
    'Ce formulaire: À remplir.',
  ]
  assert.deepEqual(linesOf(page(false, errors)), [first, ...others])
  assert.deepEqual(linesOf(page(true, errors)), [first, 'Fin: Trop tôt.', ...others.slice(1)], 'a name given stays')
  const html = page(false, { from: 'À remplir.' })
  assert.equal(html.match(/id="errors"/g)?.length, 1)
  assert.match(html, /<h1>Astreinte<\/h1>[\s\S]*Un point est à corriger[\s\S]*<input id="field-from"/)
  assert.doesNotMatch(page(true, errors) + html, /data-unnamed/)
  assert.deepEqual(linesOf(page(false, {})), [], 'where nothing is wrong nothing is said')
})

test('of two forms with a field of one name each has its own label, and the summary leads to the one that came back', () => {
  const visit = { ...visitBy(officer), t: createTranslator('en'), language: 'en' }
  const html = nameWrongFields(
    render(
      <Framed visit={visit} title="Clock">
        <PageHead title="Clock" lead="Runs" />
        <Form action="/correct">
          <Field name="reason" label="Why corrected" />
        </Form>
        <Form action="/withdraw" scope="withdraw">
          <Field name="reason" label="Why withdrawn" error="To fill in." />
        </Form>
      </Framed>,
    ),
    visit,
  )
  const page = parse(html)
  const link = page.querySelector('#errors a')
  assert.equal(link?.text, 'Why withdrawn: To fill in.')
  const led = page.getElementById(link?.getAttribute('href')?.slice(1) ?? '')
  assert.equal(led?.closest('form')?.getAttribute('action'), '/withdraw')
  const ids = page.querySelectorAll('[id]').map((one) => one.getAttribute('id'))
  assert.equal(new Set(ids).size, ids.length)
})
