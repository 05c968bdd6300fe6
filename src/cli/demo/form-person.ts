import { type HTMLElement, parse } from 'node-html-parser'
import type { Person, SeenForm, SeenPage, Typed } from './person.ts'

export interface FormPersonOptions {
  name: string
  /** Where the person's browser would go, e.g. `http://aurelia.localhost:7101`. */
  baseUrl: string
  /** Where the connection really goes (names under .localhost do not resolve everywhere). */
  connectUrl?: string
  /** How long a node may be away before a page counts as broken; default 60 s. */
  patienceMs?: number
  /** How requests travel; over the network unless given. */
  fetch?: (request: Request) => Promise<Response>
}

const retryMs = 150

/** A person without JavaScript: reads pages, fills in forms, follows redirects, keeps cookies. */
export function createFormPerson(options: FormPersonOptions): Person {
  const { name, baseUrl, patienceMs = 60_000, fetch = globalThis.fetch } = options
  const origin = new URL(baseUrl).origin
  const connect = new URL(options.connectUrl ?? baseUrl).origin
  const cookies = new Map<string, string>()
  let before: SeenPage | undefined

  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('origin', origin)
    headers.set('accept-language', 'en')
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([key, value]) => `${key}=${value}`).join('; '))
    const response = await patiently(() =>
      whole(fetch(new Request(new URL(path, connect), { ...init, headers, redirect: 'manual' }))),
    )
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) cookies.delete(pair.slice(0, at))
      else cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }

  // A node that was killed comes back; the same form sent again does what it would have done the first time.
  async function patiently(send: () => Promise<Response>): Promise<Response> {
    const end = performance.now() + patienceMs
    for (;;) {
      try {
        const response = await send()
        if (response.status !== 503 || performance.now() > end) return response
      } catch (error) {
        if (performance.now() > end) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }

  // A node may also end in the middle of an answer.
  async function whole(answer: Promise<Response>): Promise<Response> {
    const response = await answer
    const { status, headers } = response
    const body = await response.arrayBuffer()
    return new Response(status === 204 || status === 304 ? null : body, { status, headers })
  }

  async function follow(path: string, response: Response): Promise<SeenPage> {
    let at = path
    let answer = response
    for (let hops = 0; answer.status >= 300 && answer.status < 400; hops += 1) {
      if (hops > 5) throw new Error(`${name}: ${path} redirects without end`)
      at = inside(answer.headers.get('location') ?? '/', at)
      answer = await ask(at)
    }
    before = see(at, answer.status, await answer.text())
    if (before.status >= 500) throw new Error(`${name}: ${at} answered ${before.status}: ${before.title}`)
    return before
  }

  function inside(location: string, from: string): string {
    const url = new URL(location, new URL(from, origin))
    return `${url.pathname}${url.search}`
  }

  function find(form: string, typed: Typed, button: string | undefined, method?: string): SeenForm {
    const there = (before?.forms ?? []).filter((one) => one.action.split('?')[0]?.endsWith(form))
    const fits = there.filter(
      (one) =>
        (button === undefined || one.buttons.some((words) => words.includes(button))) &&
        (method === undefined || one.method === method) &&
        Object.keys(typed).every((field) => field in one.fields),
    )
    if (fits[0]) return fits[0]
    const seen = there.length > 0 ? there : (before?.forms ?? [])
    throw new Error(
      `${name}: ${before?.path} ("${before?.title}") has no form ${form} with ${Object.keys(typed).join(', ')} ${button ?? ''}; ` +
        `it has ${seen.map((one) => `${one.action} (${Object.keys(one.fields).join(', ')}; ${one.buttons.join(', ')})`).join(' | ')}\n${before?.text.slice(0, 800)}`,
    )
  }

  function fill(found: SeenForm, typed: Typed, button: string | undefined): FormData {
    const data = new FormData()
    const pressed = button === undefined ? 0 : found.buttons.findIndex((words) => words.includes(button))
    for (const [field, value] of Object.entries(found.sentBy[pressed] ?? {})) data.append(field, value)
    for (const [field, values] of Object.entries(found.fields))
      if (!(field in typed)) for (const value of values) data.append(field, value)
    for (const [field, value] of Object.entries(typed))
      for (const one of [value].flat())
        if (typeof one === 'string') data.append(field, one)
        else if ('option' in one) data.append(field, chosen(found, field, one.option))
        else data.append(field, new Blob([one.content as BlobPart], { type: one.media }), one.name)
    return data
  }

  function chosen(found: SeenForm, field: string, words: string): string {
    const option = found.options[field]?.find((one) => one.label.includes(words))
    if (option) return option.value
    const offered = found.options[field]?.map((one) => one.label).join(' | ')
    throw new Error(`${name}: ${field} of ${found.action} offers no "${words}"; it offers ${offered}`)
  }

  async function submit(found: SeenForm, typed: Typed, button?: string): Promise<{ path: string; response: Response }> {
    const { action, method } = found
    const data = fill(found, typed, button)
    const path = inside(action === '' ? (before?.path ?? '/') : action, before?.path ?? '/')
    const texts = [...data].filter((pair): pair is [string, string] => typeof pair[1] === 'string')
    if (method === 'get') {
      const url = `${path.split('?')[0]}?${new URLSearchParams(texts)}`
      return { path: url, response: await ask(url) }
    }
    const body = texts.length === [...data].length ? new URLSearchParams(texts) : data
    return { path, response: await ask(path, { method: 'POST', body }) }
  }

  return {
    name,
    async open(path) {
      const inner = inside(path, '/')
      return follow(inner, await ask(inner))
    },
    async send(form, typed = {}, button) {
      const { path, response } = await submit(find(form, typed, button), typed, button)
      const page = await follow(path, response)
      if (page.status >= 400)
        throw new Error(
          `${name}: ${form} on ${path} was refused (${page.status}): ${page.title}\n${page.text.slice(0, 1_500)}`,
        )
      return page
    },
    async download(form, typed = {}) {
      const { path, response } = await submit(find(form, typed, undefined, 'post'), typed)
      if (!response.ok) throw new Error(`${name}: ${path} answered ${response.status}: ${await response.text()}`)
      return new Uint8Array(await response.arrayBuffer())
    },
    async read<T>(path: string) {
      const response = await ask(path, { headers: { accept: 'application/json' } })
      if (!response.ok) throw new Error(`${name}: ${path} answered ${response.status}: ${await response.text()}`)
      return (await response.json()) as T
    },
  }
}

/** As eyes see it: without the marks that keep names of another direction apart. */
function readable(text: string): string {
  return text.replaceAll(/[\u2066-\u2069]/g, '')
}

/** Reads a page as somebody without JavaScript has it before them. */
export function see(path: string, status: number, html: string): SeenPage {
  const root = parse(html)
  const main = root.querySelector('main') ?? root
  return {
    path,
    status,
    title: root.querySelector('title')?.text.trim() ?? '',
    text: readable(main.structuredText),
    links: main
      .querySelectorAll('a[href]')
      .map((one) => ({ href: one.getAttribute('href') ?? '', text: one.text.trim() })),
    forms: root.querySelectorAll('form').map(seeForm),
  }
}

function seeForm(form: HTMLElement): SeenForm {
  const fields: Record<string, string[]> = {}
  const options: SeenForm['options'] = {}
  const buttons = form.querySelectorAll('button')
  for (const control of form.querySelectorAll('input, textarea, select')) {
    const field = control.getAttribute('name')
    if (field === undefined) continue
    fields[field] ??= []
    fields[field].push(...standing(control))
    options[field] = [...(options[field] ?? []), ...offered(control, form)]
  }
  return {
    action: form.getAttribute('action') ?? '',
    method: form.getAttribute('method')?.toLowerCase() === 'post' ? 'post' : 'get',
    fields,
    options,
    buttons: buttons.map((button) => button.text.trim()),
    sentBy: buttons.map((button): Record<string, string> => {
      const name = button.getAttribute('name')
      return name === undefined ? {} : { [name]: button.getAttribute('value') ?? '' }
    }),
  }
}

/** What a control would send if nobody touched it. */
function standing(control: HTMLElement): string[] {
  const value = control.getAttribute('value') ?? ''
  if (control.tagName === 'TEXTAREA') return [control.text]
  if (control.tagName === 'SELECT') {
    const options = control.querySelectorAll('option')
    const chosen = options.find((option) => option.hasAttribute('selected')) ?? options[0]
    return chosen ? [chosen.getAttribute('value') ?? chosen.text.trim()] : []
  }
  const type = control.getAttribute('type')
  if (type === 'checkbox' || type === 'radio') return control.hasAttribute('checked') ? [value] : []
  return type === 'file' ? [] : [value]
}

/** What a control offers to choose from, with the words beside each. */
function offered(control: HTMLElement, form: HTMLElement): { value: string; label: string }[] {
  if (control.tagName === 'SELECT')
    return control
      .querySelectorAll('option')
      .map((option) => ({ value: option.getAttribute('value') ?? option.text.trim(), label: option.text.trim() }))
  const type = control.getAttribute('type')
  if (type !== 'checkbox' && type !== 'radio') return []
  const id = control.getAttribute('id')
  const label = form.querySelectorAll('label').find((one) => one.getAttribute('for') === id)
  return [{ value: control.getAttribute('value') ?? 'on', label: label?.text.trim() ?? '' }]
}
