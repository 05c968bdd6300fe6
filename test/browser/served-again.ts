import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const folder = join(import.meta.dirname, '..', '..', 'dist', 'assets')
const media: Record<string, string> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Pages as they were served once, under their own paths; style, scripts and fonts are loaded once for all of them. */
export interface ServedAgain {
  /** The address of this page from now on. */
  urlOf(page: { path: string; html: string }): string
  close(): Promise<void>
}

/** Serves pages that were seen before. What they ask of a node, live news above all, is answered with nothing. */
export async function serveAgain(): Promise<ServedAgain> {
  const pages: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://here')
    const page = pages[Number(url.searchParams.get('page') ?? Number.NaN)]
    if (page !== undefined) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
      return
    }
    const asset = url.pathname.startsWith('/assets/') ? normalize(url.pathname.slice('/assets'.length)) : undefined
    if (asset === undefined) {
      response.writeHead(204).end()
      return
    }
    readFile(join(folder, asset)).then(
      (content) =>
        response
          .writeHead(200, {
            'content-type': media[extname(asset)] ?? 'application/octet-stream',
            'cache-control': 'max-age=3600',
          })
          .end(content),
      () => response.writeHead(404).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    urlOf: ({ path, html }) => `${origin}${path}?page=${pages.push(html) - 1}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
