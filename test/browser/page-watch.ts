import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { parse } from 'node-html-parser'
import { launchChromium } from './chromium.ts'
import { serveAgain } from './served-again.ts'

/** A page somebody had before them. */
export interface Sight {
  url: string
  path: string
  status: number
  method: string
  html: string
  person: string
  isNarrow: boolean
}

export interface WatchedPage extends Sight {
  /** The path with ids, hashes and tokens left open. */
  shape: string
  language: string
}

export interface PageWatch {
  saw(sight: Sight): void
  has(path: string, language: string): boolean
  /** One page of every shape in every language it was seen in: the fullest. */
  pages(): WatchedPage[]
}

export function createPageWatch(): PageWatch {
  const fullest = new Map<string, WatchedPage>()
  return {
    saw(sight) {
      const shape = shapeOf(sight.path)
      const language = /<html[^>]*\slang="([^"]*)"/.exec(sight.html)?.[1] ?? ''
      const key = `${language} ${sight.method} ${shape}`
      if ((fullest.get(key)?.html.length ?? 0) < sight.html.length) fullest.set(key, { ...sight, shape, language })
    },
    has: (path, language) => fullest.has(`${language} GET ${shapeOf(path)}`),
    pages: () => [...fullest.values()],
  }
}

/** `/spaces/4f…/acts/x8…` → `/spaces/:id/acts/:hash`. */
export function shapeOf(path: string): string {
  return path
    .split('?')[0]!
    .split('/')
    .map((part) => {
      if (/^[0-9a-f]{32}$/.test(part)) return ':id'
      if (/^[\w-]{43}$/.test(part)) return ':hash'
      return part
    })
    .join('/')
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const narrow = { width: 320, height: 700 }
const wide = { width: 1280, height: 900 }

interface Violation {
  id: string
  help: string
  nodes: { html: string; failureSummary?: string }[]
}

/** Looks at pages as they were served, in a browser that runs scripts, and says in sentences what is wrong with each. */
export async function lookAt(pages: WatchedPage[]): Promise<string[]> {
  const browser = await launchChromium({ typefaces: true })
  const served = await serveAgain()
  const context = await browser.newContext({ viewport: wide, reducedMotion: 'reduce', bypassCSP: true })
  await context.addInitScript({ content: axeSource })
  const waiting = [...pages]
  const faults: string[] = []
  const known = createKnownParts()
  const look = async () => {
    const page = await context.newPage()
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const place = `${next.shape} (${next.method}, ${next.language}, ${next.person})`
      for (const fault of await faultsOf(page, next, served.urlOf(next), known.hasNews(next)))
        faults.push(`${place}: ${fault}`)
    }
    await page.close()
  }
  await Promise.all([look(), look()])
  await browser.close()
  await served.close()
  return faults
}

/**
 * Pages are mostly made of the same parts, and looking by axe is dear: it looks at a page where a part is of a kind that
 * was not there before, or headings follow on one another as nowhere yet. What one page alone can have wrong, a field or
 * part that nothing names, is asked of each of them (`nameFaults`).
 */
function createKnownParts() {
  const parts = new Set<string>()
  const values = ['class', 'role', 'type', 'scope', 'aria-current', 'autocomplete']
  return {
    hasNews({ html, method, status }: WatchedPage): boolean {
      const before = parts.size
      const all = parse(html).querySelectorAll('body *')
      const levels = all.map(({ rawTagName }) => rawTagName).filter((name) => /^h[1-6]$/.test(name))
      for (const [at, level] of levels.entries()) parts.add(`${levels[at - 1] ?? `${method} ${status}`} then ${level}`)
      for (const one of all) {
        const names = Object.keys(one.attributes).toSorted()
        const said = values.map((name) => one.getAttribute(name) ?? '')
        const above = one.parentNode
        const kind = [above?.parentNode?.rawTagName, above?.rawTagName, above?.getAttribute?.('class'), one.rawTagName]
        parts.add([...kind, ...said, ...names, one.text.trim() === '' ? 'empty' : 'with words'].join(' '))
      }
      return parts.size > before
    },
  }
}

/** What names a part is there, an id is one part's alone, and every field has words that name it. */
function nameFaults(html: string): string[] {
  const all = parse(html).querySelectorAll('body *')
  const ids = all.flatMap((one) => one.getAttribute('id') ?? [])
  const known = new Set(ids)
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place).map((id) => `has #${id} more than once`)
  const named = all.flatMap((one) => (one.getAttribute('aria-labelledby') ?? '').split(/\s+/))
  const gone = named
    .filter((id) => id !== '' && !known.has(id))
    .map((id) => `is to be named by #${id}, which is not there`)
  const labelled = new Set(all.flatMap((one) => (one.rawTagName === 'label' ? (one.getAttribute('for') ?? []) : [])))
  const nameless = all.filter(
    (one) =>
      ['input', 'select', 'textarea'].includes(one.rawTagName) &&
      one.getAttribute('type') !== 'hidden' &&
      !labelled.has(one.getAttribute('id') ?? '') &&
      !one.closest('label') &&
      !['aria-label', 'aria-labelledby', 'title'].some((name) => one.hasAttribute(name)),
  )
  return [...gone, ...twice, ...nameless.map((one) => `has a field without a name: ${one.outerHTML.slice(0, 140)}`)]
}

async function faultsOf(page: Page, watched: WatchedPage, url: string, withAxe: boolean): Promise<string[]> {
  await page.setViewportSize(watched.isNarrow || !withAxe ? narrow : wide)
  await page.goto(url, { waitUntil: 'load' })
  const faults = withAxe ? await axeFaults(page) : []
  await page.setViewportSize(narrow)
  return [
    ...faults,
    ...(await widthFaults(page)),
    ...(await rowFaults(page)),
    ...headFaults(watched),
    ...nameFaults(watched.html),
  ]
}

async function axeFaults(page: Page): Promise<string[]> {
  const violations = (await page.evaluate(() =>
    // @ts-expect-error axe stands in the page
    axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations),
  )) as Violation[]
  return violations.map(
    (one) =>
      `${one.id}: ${one.help}: ${one.nodes
        .map((node) => `${node.html.slice(0, 160)} ${(node.failureSummary ?? '').replaceAll('\n', ' ').slice(0, 240)}`)
        .slice(0, 3)
        .join(' … ')}`,
  )
}

/** Names of the navigation that stand in one row stand on one line. */
async function rowFaults(page: Page): Promise<string[]> {
  const lower = await page.evaluate(() => {
    const names = [...document.querySelectorAll('.main-nav > ul > li')].map((row) => {
      const words = document.createRange()
      words.selectNodeContents(row.querySelector('summary, a') ?? row)
      return { row: row.getBoundingClientRect().top, line: words.getClientRects()[0]?.top ?? 0, name: words.toString() }
    })
    const isLower = ({ row, line }: { row: number; line: number }) =>
      names.some((other) => other.row === row && line - other.line > 1)
    return names.filter(isLower).map(({ name }) => name)
  })
  return lower.length > 0 ? [`has names of the navigation below their row: ${lower.join(', ')}`] : []
}

/** Nothing may reach beyond the screen of a telephone, or people read every line by pushing the page. */
async function widthFaults(page: Page): Promise<string[]> {
  const beyond = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return undefined
    const isOutside = (box: DOMRect) => box.right > clientWidth + 0.5 || box.left < -0.5
    const outside = [...document.querySelectorAll('body *')].filter((one) => isOutside(one.getBoundingClientRect()))
    return { scrollWidth, what: outside.slice(-3).map((one) => one.outerHTML.slice(0, 140)) }
  })
  return beyond ? [`is ${beyond.scrollWidth} px wide at 320 px: ${beyond.what.join(' … ')}`] : []
}

function headFaults({ html, language }: WatchedPage): string[] {
  const root = parse(html)
  const faults: string[] = []
  const headings = root.querySelectorAll('h1').length
  if (headings !== 1) faults.push(`has ${headings} first headings`)
  const direction = root.querySelector('html')?.getAttribute('dir')
  if (direction !== (language === 'ar' ? 'rtl' : 'ltr')) faults.push(`is ${language} and runs ${direction}`)
  const text = root.querySelector('body')?.structuredText ?? ''
  const names = /\S*\.(?:example|localhost|json|zip|eml)\S*/g
  const rawKey = /(?<![\w./@-])[a-z]+(?:-[a-z]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*){2,}(?![\w@/-])/.exec(
    text.replaceAll(names, ''),
  )
  if (rawKey) faults.push(`shows “${rawKey[0]}”`)
  return faults
}

/** Titles under which two different pages would stand side by side in somebody's tabs. */
export function sharedTitles(pages: WatchedPage[]): string[] {
  const byTitle = new Map<string, Set<string>>()
  for (const page of pages) {
    if (page.method !== 'GET' || page.status !== 200) continue
    const title = `${new URL(page.url).host} ${page.language} ${parse(page.html).querySelector('title')?.text.trim()}`
    byTitle.set(title, (byTitle.get(title) ?? new Set()).add(page.shape))
  }
  return [...byTitle]
    .filter(([, shapes]) => shapes.size > 1)
    .map(([title, shapes]) => `${title}: ${[...shapes].join(', ')}`)
}
