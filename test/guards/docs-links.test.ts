import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')
const pages = globSync(['*.md', '{docs,src,test,bench,vectors,verifier,changes.d}/**/*.md'], {
  cwd: root,
  // What the peers of the benches bring is not ours.
  exclude: ['bench/node_modules'],
})

function linksOf(text: string): string[] {
  const prose = text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].map((match) => match[1] ?? '')
}

/** GitHub's name of a heading. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#{1,6}\s+(.+?)\s*$/gm)].map((match) => match[1] ?? '')
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  )
}

function isBroken(page: string, link: string): boolean {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return false
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? join(root, page) : join(root, dirname(page), decodeURIComponent(path))
  if (!existsSync(target)) return true
  return anchor !== undefined && target.endsWith('.md') && !anchorsOf(readFileSync(target, 'utf8')).has(anchor)
}

test('every link inside the documentation leads to a file and a heading that exist', () => {
  const broken = pages.flatMap((page) =>
    linksOf(readFileSync(join(root, page), 'utf8'))
      .filter((link) => isBroken(page, link))
      .map((link) => `${page}: ${link}`),
  )
  assert.deepEqual(broken, [])
})

test('a broken link and a missing heading are noticed, links in code are not', () => {
  assert.deepEqual(linksOf('[a](b.md) `[c](d)` and\n```\n[e](f)\n```\n[g](h.md#i "t")'), ['b.md', 'h.md#i'])
  assert.ok(isBroken('docs/x.md', 'no-such-page.md'))
  assert.ok(!isBroken('docs/x.md', 'https://example.org/no-such-page'))
  assert.ok(anchorsOf('## What is *promised*?').has('what-is-promised'))
})
