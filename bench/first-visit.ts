import { request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { parse } from 'node-html-parser'
import { type Desk, launchPair, signIn } from '../test/support/launch-pair.ts'
import { type Figure, printFigures } from './print-figures.ts'

/**
 * What travels when somebody opens a page for the first time: the page, its
 * style, scripts and pictures, and the fonts its script needs, compressed as sent.
 */

/** Two seconds on a line of 600 kbit/s. */
const limitBytes = 150_000
const latin = /U\+0{0,3}0-0{0,2}FF|U\+0{2,4}-00FF/i

/** Bytes of the body as they travel. */
async function sizeOf(desk: Desk, path: string): Promise<{ bytes: number; text: string }> {
  const url = new URL(path, desk.node.peerUrl)
  const cookie = desk.cookie()
  return new Promise((resolve, reject) => {
    const asking = request(
      url,
      { headers: { 'accept-encoding': 'gzip', accept: 'text/html', cookie } },
      async (answer) => {
        const pieces: Buffer[] = []
        for await (const piece of answer) pieces.push(piece as Buffer)
        const body = Buffer.concat(pieces)
        if (answer.statusCode !== 200) reject(new Error(`${path} answered ${answer.statusCode}`))
        const isPacked = answer.headers['content-encoding'] === 'gzip'
        resolve({ bytes: body.byteLength, text: (isPacked ? gunzipSync(body) : body).toString('utf8') })
      },
    )
    asking.on('error', reject)
    asking.end()
  })
}

/** Addresses of what a page loads, and of the fonts that its style gives for Latin text on every page. */
function assetsOf(html: string): string[] {
  const root = parse(html)
  return [
    ...root
      .querySelectorAll('link[rel="stylesheet"], link[rel="icon"], link[rel="preload"]')
      .map((one) => one.getAttribute('href')),
    ...root.querySelectorAll('script[src], img[src]').map((one) => one.getAttribute('src')),
  ].filter((address): address is string => address !== undefined && !address.startsWith('data:'))
}

/** Families a page uses before anybody scrolls: the interface's and the headings'. */
function fontsOf(css: string): string[] {
  const faces = css.match(/@font-face\s*\{[^}]*\}/g) ?? []
  return faces
    .filter((face) => latin.test(face) && /Public Sans|Source Serif/.test(face) && !/font-style:\s*italic/.test(face))
    .flatMap((face) => /url\(["']?([^"')]+)["']?\)/.exec(face)?.[1] ?? [])
}

const { aurelia, space, end } = await launchPair()
try {
  const analyst = await signIn(aurelia.node, 'analyst')
  const drafter = await signIn(aurelia.node, 'drafter')
  const pages: [string, Desk, string][] = [
    ['Today', aurelia, '/'],
    ['Spaces', aurelia, '/spaces'],
    ['A space', aurelia, `/spaces/${space}`],
    ['Open a space', aurelia, '/spaces/open'],
    ['Write a note', drafter, `/spaces/${space}/write/channels.note-sent`],
    ['Open an incident', analyst, '/incidents/open'],
    ['Agreements', aurelia, '/agreements'],
    ['Forums', aurelia, '/forums'],
    ['Directory', aurelia, '/directory'],
  ]
  const figures: Figure[] = []
  for (const [what, desk, path] of pages) {
    const page = await sizeOf(desk, path)
    let bytes = page.bytes
    for (const asset of new Set(assetsOf(page.text))) {
      const { bytes: size, text } = await sizeOf(desk, asset)
      bytes += size
      if (asset.includes('.css'))
        for (const font of fontsOf(text))
          bytes += (await sizeOf(desk, new URL(font, new URL(asset, 'http://x')).pathname)).bytes
    }
    figures.push({ what: `${what} (page alone ${page.bytes} B)`, value: bytes, unit: 'B', limit: limitBytes })
  }
  process.exitCode = printFigures('First visit: page, style, scripts and fonts as sent', figures)
} finally {
  await end()
}
process.exit()
