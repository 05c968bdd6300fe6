import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { constants, brotliCompressSync, gzipSync } from 'node:zlib'

const media: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
}

/** The one script that may stand between all pages of this node and a browser. */
const workerName = 'duty-worker.js'

interface Served {
  type: string
  hash: string
  plain: Uint8Array
  gzip?: Uint8Array
  brotli?: Uint8Array
}

const hashOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex').slice(0, 16)

/**
 * Answers for `/assets/<name>`: compressed once, kept by browsers for ever when
 * asked for by the right content hash (`?h=`). Unknown names get undefined.
 */
export function createAssets(folder: string | undefined): (request: Request, name: string) => Response | undefined {
  const served = new Map<string, Served>()
  const find = (name: string): Served | undefined => {
    const known = served.get(name)
    if (known) return known
    const type = media[extname(name)]
    if (!folder || !type || !/^[\w.-]+$/.test(name) || !existsSync(join(folder, name))) return undefined
    const asset = prepare(folder, name, type)
    served.set(name, asset)
    return asset
  }
  if (folder && existsSync(folder)) for (const name of readdirSync(folder)) find(name)
  return (request, name) => {
    const asset = find(name)
    return asset && answer(request, asset, name === workerName)
  }
}

function prepare(folder: string, name: string, type: string): Served {
  const content = readFileSync(join(folder, name))
  const hash = hashOf(content)
  const isText = !type.startsWith('font/') && !type.startsWith('image/png')
  const plain = type.startsWith('text/css') ? Buffer.from(withFontHashes(folder, content.toString('utf8'))) : content
  if (!isText) return { type, hash, plain }
  const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
  return { type, hash, plain, gzip: gzipSync(plain, { level: 9 }), brotli }
}

/** Fonts are named inside the stylesheet, where no page can add their hash. */
function withFontHashes(folder: string, css: string): string {
  return css.replace(/url\((["']?)(?:\/assets\/|\.\/)?([\w.-]+\.woff2)\1\)/g, (whole, _quote, name: string) =>
    existsSync(join(folder, name)) ? `url(/assets/${name}?h=${hashOf(readFileSync(join(folder, name)))})` : whole,
  )
}

function answer(request: Request, asset: Served, isWorker: boolean): Response {
  const accepts = request.headers.get('accept-encoding') ?? ''
  const [body, encoding] =
    asset.brotli && /\bbr\b/.test(accepts)
      ? [asset.brotli, 'br']
      : asset.gzip && /\bgzip\b/.test(accepts)
        ? [asset.gzip, 'gzip']
        : [asset.plain, undefined]
  const isPinned = new URL(request.url).searchParams.get('h') === asset.hash
  return new Response(body as BodyInit, {
    headers: {
      'Content-Type': asset.type,
      'Content-Length': String(body.byteLength),
      'Cache-Control': isPinned ? 'public, max-age=31536000, immutable' : 'no-cache',
      Vary: 'Accept-Encoding',
      ...(isWorker ? { 'Service-Worker-Allowed': '/' } : {}),
      ...(encoding ? { 'Content-Encoding': encoding } : {}),
    },
  })
}
