import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parse } from 'node-html-parser'
import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import { isolate } from '../text/index.ts'
import {
  Button,
  CheckboxGroup,
  ClockChip,
  Details,
  Entry,
  ErrorSummary,
  Field,
  FileField,
  Form,
  Layout,
  type LayoutProps,
  LeavesStays,
  LiveRegion,
  PageHead,
  Pairs,
  Paper,
  RadioGroup,
  Section,
  Select,
  Steps,
  Table,
  TextArea,
  Time,
  TlpLabel,
  Trouble,
} from './index.ts'
import { PageLanguage } from './words.ts'

const page = (node: VNode) => parse(render(node))
const base: LayoutProps = {
  title: 'Today',
  language: 'en',
  house: { name: 'Chancery of Aurelia', party: 'Aurelia', live: true },
  nav: [
    { href: '/', label: 'Today', current: true },
    { href: '/spaces', label: 'Channels' },
  ],
  person: { name: 'M. Sadoun', office: 'Cyber desk', links: [{ href: '/sign-out', label: 'Sign out', post: true }] },
  languages: ['en', 'fr', 'ar'],
  path: '/spaces?from=3',
}

test('a page has one main, a head, a foot, a way past the head, and says where one is', () => {
  const html = page(
    <Layout {...base}>
      <PageHead title="Two things need you now" />
    </Layout>,
  )
  assert.equal(html.querySelectorAll('main').length, 1)
  assert.equal(html.querySelectorAll('h1').length, 1)
  assert.equal(html.querySelector('body')?.querySelector('a')?.getAttribute('href'), '#content')
  assert.equal(html.querySelector('main')?.id, 'content')
  assert.equal(html.querySelector('[aria-current=page]')?.text, 'Today')
  assert.equal(html.querySelector('title')?.text, 'Today · Chancery of Aurelia')
  const landmarks = html.querySelectorAll('nav').map((n) => n.getAttribute('aria-label'))
  assert.equal(new Set(landmarks).size, landmarks.length)
})

test('signing out and changing the language are posts, not links', () => {
  const html = page(<Layout {...base} />)
  assert.equal(html.querySelector('form[action="/sign-out"]')?.getAttribute('method'), 'post')
  assert.equal(html.querySelector('form[action="/language"] input[name=to]')?.getAttribute('value'), '/spaces?from=3')
})

test('an Arabic page runs from right to left', () => {
  const html = page(<Layout {...base} language="ar" />).querySelector('html')
  assert.equal(html?.getAttribute('dir'), 'rtl')
  assert.equal(html?.getAttribute('lang'), 'ar')
})

test('a drill is named at head and foot, and nothing there says LIVE', () => {
  const html = page(<Layout {...base} house={{ ...base.house, drill: 'Clear Harbour' }} />)
  assert.equal(html.querySelectorAll('.drill').filter((p) => p.text.includes('Clear Harbour')).length, 2)
  assert.equal(html.querySelector('.live-mark'), null)
  assert.ok(page(<Layout {...base} />).querySelector('.live-mark'))
})

test('what is printed carries its marking above and below, and chooses the sheet’s margins', () => {
  const html = page(<Layout {...base} marking="TLP:AMBER+STRICT · PAP:AMBER" />)
  assert.deepEqual(
    html.querySelectorAll('.print-marking').map((n) => n.text),
    Array(2).fill('TLP:AMBER+STRICT · PAP:AMBER'),
  )
  assert.equal(html.querySelector('html')?.getAttribute('data-tlp'), 'AMBER+STRICT')
})

test('every control has a label, and its hint and error are read with it', () => {
  const html = page(
    <Form action="/x">
      <Field name="subject" label="Subject" hint="One line" error="Fill in this field." />
      <TextArea name="body.text" label="Text" error="Too long." />
      <Select
        name="language"
        label="Language"
        options={[{ value: 'en', label: 'English' }]}
        placeholder="Choose"
        hint="Authentic"
      />
      <FileField name="files" label="Attachments" multiple />
      <RadioGroup
        name="tlp"
        label="Marking"
        options={[{ value: 'RED', label: 'TLP:RED', hint: 'Named recipients' }]}
        error="Choose one."
      />
      <CheckboxGroup
        name="tell"
        label="Tell"
        values={['b']}
        options={[
          { value: 'a', label: 'Legal' },
          { value: 'b', label: 'Duty' },
        ]}
      />
      <Button label="Review" />
    </Form>,
  )
  for (const control of html.querySelectorAll('input, select, textarea')) {
    assert.ok(html.querySelector(`label[for="${control.id}"]`), `${control.getAttribute('name')} has a label`)
  }
  for (const described of html.querySelectorAll('[aria-describedby]')) {
    for (const id of described.getAttribute('aria-describedby')!.split(' ')) assert.ok(html.querySelector(`#${id}`), id)
  }
  assert.equal(html.querySelector('[name=subject]')?.getAttribute('aria-invalid'), 'true')
  assert.equal(html.querySelectorAll('fieldset > legend').length, 2)
  assert.deepEqual(
    html.querySelectorAll('input[checked]').map((i) => i.getAttribute('value')),
    ['b'],
  )
})

test('the error summary leads to each field, the first choice of a group included', () => {
  const errors = { subject: 'Fill in this field.', tlp: 'Choose one.' }
  const html = page(
    <div>
      <ErrorSummary errors={errors} labels={{ subject: 'Subject' }} />
      <Field name="subject" label="Subject" error={errors.subject} />
      <RadioGroup name="tlp" label="Marking" options={[{ value: 'RED', label: 'TLP:RED' }]} error={errors.tlp} />
    </div>,
  )
  const links = html.querySelectorAll('.error-summary a')
  assert.equal(links.length, 2)
  for (const link of links) assert.ok(html.querySelector(link.getAttribute('href')!), link.text)
  assert.equal(links[0]?.text, 'Subject: Fill in this field.')
  assert.equal(html.querySelector('.error-summary h2')?.text, '2 things need correcting')
})

test('without errors there is no summary', () => {
  assert.equal(render(<ErrorSummary errors={{}} />), '')
})

test('a form comes back with what was typed, whatever it was', () => {
  fc.assert(
    fc.property(fc.string(), (typed) => {
      const html = page(
        <Form>
          <Field name="a" label="A" value={typed} />
          <TextArea name="b" label="B" value={typed} />
        </Form>,
      )
      assert.equal(html.querySelector('input')?.getAttribute('value') ?? '', typed)
      assert.equal(html.querySelectorAll('input, textarea').length, 2)
    }),
  )
})

test('what the other side wrote stays text', () => {
  const evil = '<img src=x onerror=alert(1)>"\'</script><b>'
  const html = render(
    <Layout {...base} title={evil} notice={evil} person={{ name: evil, office: evil, links: [] }}>
      <Section title={evil}>
        <Entry margin={<Pairs items={[{ term: evil, detail: evil }]} />}>
          <Paper language="en">
            <p>{evil}</p>
          </Paper>
        </Entry>
      </Section>
      <Table caption={evil} head={[evil]} rows={[[evil]]} />
      <LeavesStays leaves={[evil]} stays={[evil]} />
      <Trouble what={evil} do={evil} />
      <Field name={evil} label={evil} value={evil} error={evil} hint={evil} />
    </Layout>,
  )
  assert.ok(!html.includes('<img') && !html.includes('<b>'))
  assert.equal(html.match(/<script/g)?.length, 1)
})

test('nothing needs an inline style or script', () => {
  const html = render(
    <Layout {...base}>
      <ClockChip state="overdue" text="1 day late" />
      <TlpLabel marking={{ tlp: 'RED' }} />
    </Layout>,
  )
  assert.ok(!/\sstyle=|\son\w+=|javascript:/.test(html))
  assert.ok(
    parse(html)
      .querySelectorAll('script')
      .every((s) => s.getAttribute('src')?.startsWith('/assets/')),
  )
})

test('a clock says its state in words and a marking its label, colour or not', () => {
  assert.equal(page(<ClockChip state="overdue" text="1 day late" />).querySelector('.late')?.text, '1 day late')
  assert.equal(
    page(<ClockChip state="unanswered" text="no answer" />)
      .querySelector('.clock')
      ?.classList.contains('late'),
    false,
  )
  assert.equal(
    page(<TlpLabel marking={{ tlp: 'AMBER+STRICT', caveats: ['REL BOR'] }} />).text,
    'TLP:AMBER+STRICTREL BOR',
  )
})

test('a moment is machine-readable and shows the other side’s time beside ours', () => {
  const html = page(
    <Time
      ms={Date.UTC(2026, 10, 22, 2, 12)}
      zone="Africa/Algiers"
      language="en"
      other={{ zone: 'UTC', label: 'in Borovia' }}
    />,
  )
  assert.equal(html.querySelector('time')?.getAttribute('datetime'), '2026-11-22T02:12:00.000Z')
  assert.match(html.text, /03:12 UTC\+1 · 02:12 UTC in Borovia/)
  assert.equal(render(<Time ms={Number.NaN} language="en" />), '')
})

test('steps say which is current and which are done, not by colour alone', () => {
  const html = page(<Steps steps={['Choose', 'Text', 'Review']} current={1} />)
  assert.equal(html.querySelector('[aria-current=step]')?.text, 'Text')
  assert.match(html.querySelector('.done')?.text ?? '', /done/)
})

test('a live region works without scripts by a link', () => {
  const html = page(
    <LiveRegion topic={['space:1', 'today:p']} id="acts">
      <p>Acts</p>
    </LiveRegion>,
  )
  assert.equal(html.querySelector('#acts')?.getAttribute('data-live-topic'), 'space:1 today:p')
  assert.match(html.toString(), /<noscript><p[^>]*><a href(="")?>/)
})

test('a table can be reached and scrolled by keyboard, and names its rows', () => {
  const html = page(<Table caption="Points of contact" head={['Party', 'Hours']} rows={[['Borovia', 'always']]} />)
  assert.equal(html.querySelector('.table-scroll')?.getAttribute('tabindex'), '0')
  assert.equal(html.querySelector('tbody th')?.getAttribute('scope'), 'row')
  assert.ok(
    page(
      <Details summary="More">
        <p>x</p>
      </Details>,
    ).querySelector('details > summary'),
  )
})

test('a sentence that begins with a name in another script runs as its page does, a name alone as its script does', () => {
  const pairs = (language: string) => (
    <PageLanguage.Provider value={language}>
      <Pairs
        items={[
          { term: 'Paged', detail: `${isolate('Duty desk')} لدى ${isolate('Borovia')}` },
          { term: 'Name', detail: 'Borovia' },
        ]}
      />
    </PageLanguage.Provider>
  )
  const [sentence, name] = page(pairs('ar')).querySelectorAll('bdi')
  assert.equal(sentence?.getAttribute('dir'), 'rtl')
  assert.equal(name?.getAttribute('dir'), undefined)
})
