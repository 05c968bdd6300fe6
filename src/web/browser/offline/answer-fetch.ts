import { findAsset, findPage, readStanding, type Standing } from './kept-pages.ts'
import { forgetAll } from './look-after.ts'
import { dropUnsent, keepUnsent, type UnsentForm } from './unsent-forms.ts'
import { type FetchEvent, worker } from './worker.ts'

/** A kept page is better than one that does not come. */
const patienceMs = 10_000
/** Said by a gateway before a house that does not answer. */
const cutOff = new Set([502, 504])
const leaving = new Set(['/sign-out', '/offline/off'])

/** Stands between pages and the node: passes on, and where there is no line opens what is kept. */
export function answerFetch(event: FetchEvent): void {
  const { request } = event
  const url = new URL(request.url)
  if (url.origin !== worker.location.origin) return
  if (request.method === 'POST' && leaving.has(url.pathname)) event.waitUntil(forgetAll())
  else if (request.mode === 'navigate' && request.method === 'GET') event.respondWith(openPage(request, url))
  else if (request.mode === 'navigate' && request.method === 'POST') event.respondWith(sendForm(request, url))
  else if (url.pathname.startsWith('/assets/') && url.searchParams.has('h')) event.respondWith(findAsset(request))
}

async function openPage(request: Request, url: URL): Promise<Response> {
  const kept = findPage(url)
  const asked = fetch(request).then((answer) => {
    if (cutOff.has(answer.status)) throw new Error(`a gateway answered ${answer.status}`)
    return answer
  })
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, patienceMs))
  try {
    return (await Promise.race([asked, late])) ?? (await kept) ?? (await asked)
  } catch (error) {
    const found = (await kept) ?? (await findPage(new URL('/offline/not-here', url)))
    if (found) return found
    throw error
  }
}

/** A form goes to the node or stays: one that may wait here is kept, any other stays in its page. */
async function sendForm(request: Request, url: URL): Promise<Response> {
  const standing = await readStanding()
  const kind = standing && kindOf(url, standing)
  const copy = kind && request.clone()
  try {
    const answer = await fetch(request)
    // It went its way, so it is not waiting: what came back leads on to the next page.
    if (copy && answer.type === 'opaqueredirect') await dropUnsent(keyOf(url, await copy.formData()))
    return answer
  } catch (error) {
    if (!standing) throw error
    if (kind && copy && (await keepForm({ kind, url, standing }, await copy.formData())))
      return Response.redirect('/offline/unsent', 303)
    for (const page of await worker.clients.matchAll({ type: 'window' })) page.postMessage({ notSent: url.pathname })
    // The browser stays on the page, with everything that was typed.
    return new Response(null, { status: 204 })
  }
}

function kindOf({ pathname }: URL, { spaces, forms }: Standing): UnsentForm['kind'] | undefined {
  const [, space = '', verb, about = '', last] =
    /^\/spaces\/([0-9a-f]{32})\/(write|notes)\/([^/]+)(?:\/(\w+))?$/.exec(pathname) ?? []
  if (!spaces.includes(space)) return undefined
  if (verb === 'notes') return last === 'acknowledge' ? 'acknowledgement' : undefined
  return last === undefined && about.startsWith(forms) ? 'draft' : undefined
}

const keyOf = (url: URL, form: FormData) => `${url.pathname} ${form.get('id') ?? ''}`

/** Whether it is kept: not if it is marked higher than what may lie here, classified or controlled. */
async function keepForm(
  { kind, url, standing }: { kind: UnsentForm['kind']; url: URL; standing: Standing },
  form: FormData,
): Promise<boolean> {
  const tlp = form.get('tlp')
  const isTooHigh = kind === 'draft' && !(typeof tlp === 'string' && standing.ceilings.includes(tlp))
  if (isTooHigh || form.get('class') || form.get('orcon')) return false
  const all = [...form]
  const fields = all.flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []))
  const files = all.filter(([, value]) => typeof value !== 'string' && value.size > 0).length
  const path = url.pathname + url.search
  await keepUnsent({ key: keyOf(url, form), kind, path, fields, files, at: Date.now(), device: standing.device })
  return true
}
