import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linkWithin, readPushed } from './read-pushed.ts'

const origin = 'https://chancery.aurelia.example'
const page = { title: 'Page', body: 'P-12AB34', reference: 'P-12AB34', link: `${origin}/paged/1` }
const saysNothing = { title: 'Chancery', body: '', reference: 'unread', link: `${origin}/` }

test('a push of this node is shown as it was written, one with a foreign or broken body says nothing and opens the first page', () => {
  assert.deepEqual(readPushed(JSON.stringify({ ...page, urgency: 'page' }), origin), page)
  const wrong: unknown[] = [
    { ...page, link: 'https://evil.example/paged/1' },
    { ...page, link: `${origin}.evil.example/` },
    { ...page, link: 'https://user@chancery.aurelia.example/' },
    { ...page, link: 'javascript:alert(1)' },
    { ...page, link: '//evil.example' },
    { ...page, link: 7 },
    { ...page, title: 'x'.repeat(121) },
    { ...page, title: { toString: 'x' } },
    { ...page, body: 'first line\nsecond' },
    { ...page, reference: undefined },
    [page],
    null,
    'a word',
  ]
  for (const one of wrong) assert.deepEqual(readPushed(JSON.stringify(one), origin), saysNothing, JSON.stringify(one))
  for (const text of [undefined, '', '{', '\u0000', '<h1>Update now</h1>'])
    assert.deepEqual(readPushed(text, origin), saysNothing)
  assert.equal(linkWithin('https://evil.example/', origin), undefined)
})
