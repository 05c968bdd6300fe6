import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Font } from 'fontkit'
import { unpackWoff2 } from './unpack-woff2.ts'

/** A typeface file as far as a sheet needs it. */
export interface Face {
  name: string
  /** TrueType bytes. */
  file: Buffer
  font: Font
  /** Letters of some scripts are drawn smaller than others at one size. */
  scale: number
  /** Shaped before: text → what the face is handed, and its advance in units of the face. */
  shaped: Map<string, { text: string; advance: number }>
}

/** In the order in which they are asked for a character. */
export interface Faces {
  text: readonly Face[]
  mono: readonly Face[]
}

interface FontFile {
  name: string
  path: string
  scale?: number
  /** Characters for which it is worth reading. */
  holds?: RegExp
}

const serif = (part: string) => `@fontsource-variable/source-serif-4/files/source-serif-4-${part}-wght-normal.woff2`
// Fontsource cuts a family into files by script; what one lacks the next may have.
const textFiles: readonly FontFile[] = [
  { name: 'serif', path: serif('latin') },
  {
    name: 'serif-ext',
    path: serif('latin-ext'),
    holds: /[\u0100-\u02ff\u1d00-\u1eff\u20a0-\u20c0]|\u0304|\u0308|\u0329/u,
  },
  {
    name: 'naskh',
    path: '@fontsource-variable/noto-naskh-arabic/files/noto-naskh-arabic-arabic-wght-normal.woff2',
    scale: 1.16,
    holds: /[\u0600-\u077f\u08a0-\u08ff\ufb50-\ufefc]/u,
  },
  { name: 'cyrillic', path: serif('cyrillic'), holds: /\p{Script=Cyrillic}/u },
  { name: 'greek', path: serif('greek'), holds: /\p{Script=Greek}/u },
]
const monoFile: FontFile = {
  name: 'mono',
  path: '@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2',
}

const read = new Map<string, Promise<Face>>()

/** The faces that a text needs; each is read and unpacked with the first text that does, then kept. */
export async function loadFaces(text: string, mono: boolean): Promise<Faces> {
  const files = textFiles.filter(({ holds }) => holds === undefined || holds.test(text))
  const [faces, fixed] = await Promise.all([Promise.all(files.map(face)), mono ? face(monoFile) : undefined])
  return { text: faces, mono: fixed ? [fixed, ...faces] : faces }
}

function face(file: FontFile): Promise<Face> {
  const there = read.get(file.name)
  if (there) return there
  const reading = readFace(file)
  read.set(file.name, reading)
  reading.catch(() => read.delete(file.name))
  return reading
}

async function readFace({ name, path, scale = 1 }: FontFile): Promise<Face> {
  const { create } = await import('fontkit')
  const file = Buffer.from(unpackWoff2(await readFile(createRequire(import.meta.url).resolve(path))))
  return { name, file, font: create(file) as Font, scale, shaped: new Map() }
}

const plainSpaces: Record<string, string> = { '\u202f': '\u00a0', '\u2009': '\u00a0', '\u2011': '-' }

/** The first face that has a character; one that no face has is shown as U+FFFD or a question mark, never left out. */
export function faceOf(faces: readonly Face[], character: string): { face: Face; character: string } {
  const [first] = faces
  if (!first) throw new Error('no face')
  for (const one of [character, plainSpaces[character], '\ufffd', '?']) {
    const code = one?.codePointAt(0)
    const face = code === undefined ? undefined : faces.find(({ font }) => font.hasGlyphForCodePoint(code))
    if (face && one !== undefined) return { face, character: one }
  }
  return { face: first, character }
}
