import { readFile } from 'node:fs/promises'
import { parse } from 'node-html-parser'
import type { Browser, BrowserContext, Locator, Page, Response as Shown } from 'playwright-core'
import { see } from '../../src/cli/demo/form-person.ts'
import type { Person, SeenPage, Typed } from '../../src/cli/demo/person.ts'
import type { PageWatch } from './page-watch.ts'

export interface BrowserPersonOptions {
  name: string
  browser: Browser
  /** Where this person's browser goes. */
  baseUrl: string
  /** The same node for connections that no browser makes. */
  peerUrl: string
  /** A telephone held upright instead of a desk. */
  isNarrow?: boolean
  /** What the browser asks for. */
  language?: string
  watch?: PageWatch
  /** Lets the pages run their scripts; otherwise the browser runs none. */
  withScripts?: boolean
}

export interface BrowserPerson extends Person {
  readonly page: Page
  readonly context: BrowserContext
  readonly isNarrow: boolean
  /** Follows the first link to be seen on the page that leads there. */
  follow(href: string): Promise<SeenPage>
  /** Opens what is folded over a link, such as a name of the navigation; false where the link can be seen. */
  unfoldTo(href: string): Promise<boolean>
  /** Fetches a page as this person without showing it; gives its status and every link to this node. Files are let be. */
  fetchPage(path: string): Promise<{ status: number; links: string[] } | undefined>
}

const narrow = { width: 320, height: 700 }
const wide = { width: 1280, height: 900 }
// A busy machine may take long for a page; who waits in vain finds out all the same.
const withinMs = 60_000

/**
 * Somebody with a browser, by default one that runs no scripts. They fill in what
 * a page shows, leave hidden fields alone and press buttons.
 */
export async function createBrowserPerson(options: BrowserPersonOptions): Promise<BrowserPerson> {
  const { name, browser, baseUrl, peerUrl, isNarrow = false, language = 'en', watch, withScripts = false } = options
  const context = await browser.newContext({
    baseURL: baseUrl,
    javaScriptEnabled: withScripts,
    acceptDownloads: true,
    viewport: isNarrow ? narrow : wide,
    locale: language,
  })
  context.setDefaultTimeout(withinMs)
  const page = await context.newPage()
  const traffic = followTraffic(page)
  let before: SeenPage | undefined

  async function landed(response: Shown | null): Promise<SeenPage> {
    const url = new URL(page.url())
    const html = await page.content()
    before = see(`${url.pathname}${url.search}`, response?.status() ?? 0, html)
    if (before.status >= 500) throw new Error(`${name}: ${before.path} answered ${before.status}: ${before.title}`)
    const method = response?.request().method() ?? 'GET'
    watch?.saw({ url: url.href, path: url.pathname, status: before.status, method, html, person: name, isNarrow })
    return before
  }

  async function find(form: string, typed: Typed, button?: string, method?: string): Promise<Locator> {
    const forms = before?.forms ?? []
    const index = forms.findIndex(
      (one) =>
        one.action.split('?')[0]?.endsWith(form) &&
        (button === undefined || one.buttons.some((words) => words.includes(button))) &&
        (method === undefined || one.method === method) &&
        Object.keys(typed).every((field) => field in one.fields),
    )
    if (index >= 0) return page.locator('form').nth(index)
    const there = forms.map((one) => `${one.action} (${Object.keys(one.fields).join(', ')}; ${one.buttons.join(', ')})`)
    throw new Error(
      `${name}: ${before?.path} ("${before?.title}") has no form ${form} with ${Object.keys(typed).join(', ')} ${button ?? ''}; ` +
        `it has ${there.join(' | ')}\n${before?.text.slice(0, 800)}`,
    )
  }

  async function complete(form: Locator, typed: Typed): Promise<void> {
    await unfold(form)
    for (const [field, value] of Object.entries(typed)) {
      const controls = form.locator(`[name="${field}"]`)
      try {
        await fillIn(controls, value)
      } catch (error) {
        throw new Error(`${name}: ${field} on ${before?.path}: ${error instanceof Error ? error.message : error}`)
      }
    }
  }

  async function press(form: Locator, button?: string): Promise<Shown | null> {
    const pressed = (
      button === undefined ? form.locator('button') : form.locator('button', { hasText: button })
    ).first()
    let isPressed = false
    traffic.length = 0
    const click = async () => {
      await pressed.click()
      isPressed = true
    }
    try {
      const [response] = await Promise.all([page.waitForNavigation({ waitUntil: 'domcontentloaded' }), click()])
      return response
    } catch (error) {
      const happened = [`${isPressed ? 'pressed' : 'not pressed'} at ${page.url()}`, ...traffic].join('; ')
      throw new Error(`${name}: nothing came of ${button ?? 'the button'} on ${before?.path}: ${happened}`, {
        cause: error,
      })
    }
  }

  async function fetchAs(path: string, accept: string): Promise<Response> {
    const cookies = await context.cookies(baseUrl)
    const cookie = cookies.map((one) => `${one.name}=${one.value}`).join('; ')
    return fetch(new URL(path, peerUrl), { headers: { cookie, accept, 'accept-language': language } })
  }

  return {
    name,
    page,
    context,
    isNarrow,
    async open(path) {
      return landed(await page.goto(path, { waitUntil: 'domcontentloaded' }))
    },
    async send(form, typed = {}, button) {
      const found = await find(form, typed, button)
      await complete(found, typed)
      const seen = await landed(await press(found, button))
      if (seen.status >= 400)
        throw new Error(
          `${name}: ${form} on ${seen.path} was refused (${seen.status}): ${seen.title}\n${seen.text.slice(0, 1_500)}`,
        )
      return seen
    },
    async download(form, typed = {}) {
      const found = await find(form, typed, undefined, 'post')
      await complete(found, typed)
      const [file] = await Promise.all([page.waitForEvent('download'), found.locator('button').first().click()])
      const bytes = new Uint8Array(await readFile(await file.path()))
      await file.delete()
      return bytes
    },
    async follow(href) {
      const at = await linkTo(page, href)
      if (at === undefined) throw new Error(`${name}: ${before?.path} shows no link to ${href}\n${before?.text}`)
      const click = page.locator(shownLinks).nth(at).click()
      const [response] = await Promise.all([page.waitForNavigation({ waitUntil: 'domcontentloaded' }), click])
      return landed(response)
    },
    async unfoldTo(href) {
      if ((await linkTo(page, href)) !== undefined) return false
      const folded = page.locator('details:not([open])', { has: page.locator(`a[href="${href}"]`) })
      if ((await folded.count()) === 0) return false
      await folded.first().locator('summary').first().click()
      return true
    },
    async read<T>(path: string) {
      const response = await fetchAs(path, 'application/json')
      if (!response.ok) throw new Error(`${name}: ${path} answered ${response.status}: ${await response.text()}`)
      return (await response.json()) as T
    },
    async fetchPage(path) {
      const response = await fetchAs(path, 'text/html')
      const { pathname, search } = new URL(response.url)
      if (!response.headers.get('content-type')?.startsWith('text/html')) {
        await response.body?.cancel()
        return undefined
      }
      const html = await response.text()
      const url = new URL(pathname + search, baseUrl)
      watch?.saw({
        url: url.href,
        path: pathname,
        status: response.status,
        method: 'GET',
        html,
        person: name,
        isNarrow,
      })
      const hrefs = parse(html)
        .querySelectorAll('a[href]')
        .map((one) => new URL(one.getAttribute('href') ?? '', url))
      const links = hrefs.filter(({ origin }) => origin === url.origin).map((one) => `${one.pathname}${one.search}`)
      return { status: response.status, links }
    },
  }
}

const shownLinks = 'a[href]:visible'

/** Which of the links to be seen leads there: exactly, else by its path, else by the end or some part of it. */
async function linkTo(page: Page, href: string): Promise<number | undefined> {
  const hrefs = await page.locator(shownLinks).evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
  const pathOf = (one: string) => one.split(/[?#]/)[0] ?? ''
  const fits = [
    (one: string) => one === href,
    (one: string) => pathOf(one) === href,
    (one: string) => pathOf(one).endsWith(href),
    (one: string) => !one.startsWith('#') && one.includes(href),
  ]
  return fits.map((fit) => hrefs.findIndex(fit)).find((index) => index >= 0)
}

/** What the page asks for and gets, one line each; whoever presses a button empties it. */
function followTraffic(page: Page): string[] {
  const lines: string[] = []
  page.on('request', (request) => lines.push(`${request.method()} ${request.url()}`))
  page.on('response', (response) => lines.push(`${response.status()} ${response.url()}`))
  page.on('requestfailed', (request) => lines.push(`${request.failure()?.errorText} ${request.url()}`))
  page.on('crash', () => lines.push('the page crashed'))
  return lines
}

/** Opens what is folded, as nobody can type into what they do not see. What was opened is no longer among the folded. */
async function unfold(form: Locator): Promise<void> {
  for (const folded of [form.locator('details:not([open])'), form.locator('xpath=ancestor::details[not(@open)]')])
    while ((await folded.count()) > 0) await folded.first().locator('summary').first().click()
}

async function fillIn(controls: Locator, value: Typed[string]): Promise<void> {
  const kinds = await controls.evaluateAll((all) =>
    all.map((one) => (one instanceof HTMLInputElement ? one.type : one.tagName.toLowerCase())),
  )
  const kind = kinds.find((one) => one !== 'hidden') ?? 'hidden'
  if (kind === 'hidden') return leaveAlone(controls, value)
  const control = controls.nth(kinds.indexOf(kind))
  if (kind === 'checkbox' || kind === 'radio') return choose(controls, value)
  if (typeof value === 'object' && 'content' in value)
    return control.setInputFiles({ name: value.name, mimeType: value.media, buffer: Buffer.from(value.content) })
  if (kind === 'select') return select(control, value)
  if (typeof value !== 'string') throw new Error(`a ${kind} field takes one text`)
  await control.fill(value)
}

/** What stands in a hidden field is the page's; the script may name it, but only as it is. */
async function leaveAlone(controls: Locator, value: Typed[string]): Promise<void> {
  const standing = await controls.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))
  const wanted = [value].flat()
  if (standing.length !== wanted.length || standing.some((one, index) => one !== wanted[index]))
    throw new Error(`is hidden and holds ${JSON.stringify(standing)}, not ${JSON.stringify(value)}`)
}

async function select(control: Locator, value: Typed[string]): Promise<void> {
  if (typeof value === 'object' && 'option' in value) {
    const label = await wordsBeside(control.locator('option'), value.option)
    await control.selectOption({ index: label })
  } else await control.selectOption(value as string | string[])
}

async function wordsBeside(options: Locator, words: string): Promise<number> {
  const labels = await options.evaluateAll((all) => all.map((one) => one.textContent ?? ''))
  const index = labels.findIndex((label) => label.includes(words))
  if (index < 0) throw new Error(`offers no "${words}" but ${labels.join(' | ')}`)
  return index
}

/** Boxes and circles: what is named gets its mark, every other box loses it. */
async function choose(controls: Locator, value: Typed[string]): Promise<void> {
  const offered = await controls.evaluateAll((all) =>
    (all as HTMLInputElement[]).map((one) => ({ value: one.value, label: one.labels?.[0]?.textContent ?? '' })),
  )
  const isMeant = (one: { value: string; label: string }) =>
    typeof value === 'object' && 'option' in value
      ? one.label.includes(value.option)
      : [value].flat().includes(one.value)
  if (!offered.some(isMeant)) throw new Error(`offers ${JSON.stringify(offered)}, not ${JSON.stringify(value)}`)
  for (const [index, one] of offered.entries()) {
    const control = controls.nth(index)
    if (isMeant(one)) await control.check()
    else if ((await control.getAttribute('type')) === 'checkbox') await control.uncheck()
  }
}
