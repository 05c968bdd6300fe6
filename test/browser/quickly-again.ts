import { createFormPerson } from '../../src/cli/demo/form-person.ts'
import type { Person, SeenPage } from '../../src/cli/demo/person.ts'
import type { BrowserPerson } from './browser-person.ts'
import { type PageWatch, shapeOf } from './page-watch.ts'

/** Where a person's node is reached. */
interface Node {
  publicUrl: string
  peerUrl: string
}

/** The same person, sending forms without showing them: quicker, and every page they land on is seen by the watch. */
export function byForms({ name, context, isNarrow }: BrowserPerson, node: Node, watch: PageWatch): Person {
  const { publicUrl, peerUrl } = node
  return createFormPerson({
    name,
    baseUrl: publicUrl,
    connectUrl: peerUrl,
    async fetch(request) {
      const cookies = await context.cookies(publicUrl)
      request.headers.set('cookie', cookies.map((one) => `${one.name}=${one.value}`).join('; '))
      const answer = await fetch(request)
      const html = await answer.clone().text()
      const url = new URL(new URL(request.url).pathname, publicUrl)
      const { method } = request
      if (html.startsWith('<!'))
        watch.saw({ url: url.href, path: url.pathname, status: answer.status, method, html, person: name, isNarrow })
      return answer
    },
  })
}

/**
 * The same person: what they open and send for the first time goes by their browser, the same form on the same page
 * again goes without showing it, which takes a tenth of the time. The watch sees all of it.
 */
export function quicklyAgain(person: BrowserPerson, node: Node, watch: PageWatch): BrowserPerson {
  const forms = byForms(person, node, watch)
  const done = new Set<string>()
  let before: SeenPage | undefined
  let isShown = false
  const openIn = async (browser: boolean, path: string) => {
    before = await (browser ? person : forms).open(path)
    isShown = browser
    return before
  }
  const isFirst = (key: string) => {
    const is = !done.has(key)
    done.add(key)
    return is
  }
  const show = async () => {
    if (!isShown && before) await openIn(true, before.path)
  }
  return {
    ...person,
    open: (path) => openIn(isFirst(placeOf(path)), path),
    async send(form, typed = {}, button = undefined) {
      const inBrowser = isFirst([placeOf(before?.path ?? ''), shapeOf(form), button].join(' '))
      if (inBrowser !== isShown && before) await openIn(inBrowser, before.path)
      before = await (inBrowser ? person : forms).send(form, typed, button)
      return before
    },
    async download(form, typed) {
      await show()
      return person.download(form, typed)
    },
    async follow(href) {
      await show()
      before = await person.follow(href)
      return before
    },
    async unfoldTo(href) {
      await show()
      return person.unfoldTo(href)
    },
  }
}

/** A page with what it was asked for, ids and hashes left open. */
const placeOf = (path: string): string =>
  `${shapeOf(path)}?${(path.split('?')[1] ?? '').replaceAll(/[0-9a-f]{32}|[\w-]{43}/g, ':id')}`
