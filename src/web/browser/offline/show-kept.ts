import { pagesCache } from './kept-pages.ts'

/** Lists the pages that lie in this browser, by their titles, where a page has a place for it. */
export function showKept(): void {
  const list = document.querySelector<HTMLElement>('[data-kept]')
  if (list) void keptPages().then((pages) => list.replaceChildren(...lines(list, pages)))
}

async function keptPages(): Promise<{ path: string; title: string }[]> {
  if (!(await caches.has(pagesCache))) return []
  const cache = await caches.open(pagesCache)
  const all = await Promise.all(
    (await cache.keys()).map(async (request) => {
      const page = await cache.match(request, { ignoreVary: true })
      const isPage = page?.headers.get('content-type')?.startsWith('text/html')
      const html = isPage ? await page?.text() : undefined
      if (html === undefined) return []
      const { title } = new DOMParser().parseFromString(html, 'text/html')
      return [{ path: new URL(request.url).pathname, title }]
    }),
  )
  return all.flat()
}

function lines(list: HTMLElement, pages: readonly { path: string; title: string }[]): HTMLElement[] {
  if (pages.length === 0) return [element('li', list.dataset.none ?? '')]
  return pages.map(({ path, title }) => {
    const line = document.createElement('li')
    const link = document.createElement('a')
    link.href = path
    link.textContent = title
    line.append(link)
    return line
  })
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name)
  made.textContent = text
  return made
}
