/** Pages this node gave out to be kept, each with the time (ms) when it has to be forgotten in its header. */
export const pagesCache = 'chancery-pages'
export const assetsCache = 'chancery-assets'
const keepHeader = 'Chancery-Keep'
const standingPath = '/offline/standing'

/** The node's last word on what this device keeps. */
export interface Standing {
  do: 'keep'
  device: string
  /** When it was said, ms. */
  at: number
  language: string
  until: number
  pages: string[]
  spaces: string[]
  assets: string[]
  /** Beginning of the names of acts whose form may wait here. */
  forms: string
  /** Markings of forms that may wait here. */
  ceilings: string[]
}

/** Nothing where this browser keeps nothing, or no longer may: then it has forgotten. */
export async function readStanding(): Promise<Standing | undefined> {
  if (!(await caches.has(pagesCache))) return undefined
  const kept = await (await caches.open(pagesCache)).match(standingPath)
  const standing = kept && ((await kept.json()) as Standing)
  if (standing && standing.until > Date.now()) return standing
  await forgetPages()
  return undefined
}

export async function writeStanding(standing: Standing): Promise<void> {
  await (await caches.open(pagesCache)).put(standingPath, Response.json(standing))
}

/** Fetches a page to be kept. What the node does not give out for that is not kept, nor any longer. */
export async function keepPage(path: string, signal: AbortSignal): Promise<void> {
  const asked = await fetch(path, {
    headers: { [keepHeader]: '1', Accept: 'text/html' },
    cache: 'no-store',
    redirect: 'manual',
    signal,
  })
  signal.throwIfAborted()
  const cache = await caches.open(pagesCache)
  if (asked.ok && asked.headers.has(keepHeader)) await cache.put(path, asked)
  else await cache.delete(path)
}

/** Lets go of every page that is no longer on the list. */
export async function keepOnly(paths: readonly string[]): Promise<void> {
  const cache = await caches.open(pagesCache)
  const kept = new Set([...paths, standingPath])
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url)
    if (!kept.has(pathname)) await cache.delete(request, { ignoreVary: true })
  }
}

/** The kept page at an address; never one that would answer another question than the address asks. */
export async function findPage(url: URL): Promise<Response | undefined> {
  if (!(await readStanding())) return undefined
  const found = await (await caches.open(pagesCache)).match(url.pathname, { ignoreVary: true })
  if (!found || url.pathname === standingPath || Number(found.headers.get(keepHeader)) <= Date.now()) return undefined
  if (url.search === '' || url.search === '?unread') return found
  // A link to one act of a timeline leads to a page that holds it, which the kept one may.
  const act = url.searchParams.get('act')
  const asksForAct = act !== null && url.searchParams.size === 1
  return asksForAct && (await found.clone().text()).includes(`id="act-${act}"`) ? found : undefined
}

/** Style, scripts and typefaces, which are the same for everybody; kept only beside pages. */
export async function findAsset(request: Request): Promise<Response> {
  if (!(await caches.has(assetsCache))) return fetch(request)
  const cache = await caches.open(assetsCache)
  const kept = await cache.match(request.url, { ignoreVary: true })
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok && (await caches.has(pagesCache))) await cache.put(request.url, answer.clone())
  return answer
}

export async function keepAssets(urls: readonly string[]): Promise<void> {
  const cache = await caches.open(assetsCache)
  for (const url of urls) if (!(await cache.match(url, { ignoreVary: true }))) await cache.add(url)
}

export async function forgetPages(): Promise<void> {
  await caches.delete(pagesCache)
  await caches.delete(assetsCache)
}
