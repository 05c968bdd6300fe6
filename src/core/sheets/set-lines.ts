import createBidi from 'bidi-js'
import { type Face, faceOf } from './fonts.ts'

/** A stretch of one face and one direction, its characters in the order in which the face draws them. */
export interface Piece {
  text: string
  /** The same in the order in which it is read. */
  logical: string
  face: Face
  level: number
  /** Points. */
  width: number
}

export interface Line {
  /** In the order of the page, left to right. */
  pieces: Piece[]
  width: number
}

export interface Setting {
  faces: readonly Face[]
  size: number
  /** Of the paragraph; undefined: as its first letter has it. */
  direction?: 'ltr' | 'rtl'
  /** Points available. */
  width: number
}

type Unit = { pieces: Piece[]; width: number; isSpace: boolean }

/** Words whose shape each face remembers. */
const mostKept = 20_000
const bidi = createBidi()
// Marks that steer direction and have no look of their own.
const steering = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u
const arabic = /\p{Script=Arabic}/u

/** Lines of a paragraph as they stand on the page: shaped, broken at spaces, and put in order (UAX #9). */
export function setLines(text: string, setting: Setting): Line[] {
  return text.split('\n').flatMap((part) => setParagraph(part.normalize('NFC'), setting))
}

function setParagraph(text: string, setting: Setting): Line[] {
  if (text.trim() === '') return [{ pieces: [], width: 0 }]
  const { levels } = bidi.getEmbeddingLevels(text, setting.direction)
  const lines: Unit[][] = [[]]
  let width = 0
  for (const unit of unitsOf(text, levels, setting)) {
    let line = lines.at(-1) as Unit[]
    if (!unit.isSpace && width + unit.width > setting.width && line.length > 0) {
      lines.push([])
      line = lines.at(-1) as Unit[]
      width = 0
    }
    if (unit.isSpace && line.length === 0) continue
    line.push(unit)
    width += unit.width
  }
  return lines.map((units) => lineOf(units))
}

/** A line as it is drawn; spaces at its end hang over and count for nothing. */
function lineOf(units: Unit[]): Line {
  const last = units.findLastIndex((unit) => !unit.isSpace)
  const pieces = inOrder(units.slice(0, last + 1).flatMap((unit) => unit.pieces))
  return { pieces, width: pieces.reduce((sum, piece) => sum + piece.width, 0) }
}

/** UAX #9, rule L2: from the highest level down, every run of that level or higher is reversed. */
function inOrder(pieces: Piece[]): Piece[] {
  const ordered = [...pieces]
  const highest = Math.max(0, ...pieces.map((piece) => piece.level))
  for (let level = highest; level > 0; level -= 1)
    for (let from = 0; from < ordered.length; from += 1) {
      let until = from
      while ((ordered[until]?.level ?? -1) >= level) until += 1
      if (until - from > 1) ordered.splice(from, until - from, ...ordered.slice(from, until).reverse())
      from = Math.max(from, until)
    }
  return ordered
}

/** Words and spaces; a word longer than the line is cut, so that nothing runs over the edge. */
function unitsOf(text: string, levels: Uint8Array, setting: Setting): Unit[] {
  const units: Unit[] = []
  for (const { 0: run, index } of text.matchAll(/[ \t]+|[^ \t]+/g)) {
    const isSpace = /^[ \t]/.test(run)
    const pieces = piecesOf(run, levels.subarray(index, index + run.length), setting)
    const unit = { pieces, width: pieces.reduce((sum, piece) => sum + piece.width, 0), isSpace }
    if (isSpace || unit.width <= setting.width) units.push(unit)
    else units.push(...cut(run, levels.subarray(index, index + run.length), setting))
  }
  return units
}

function cut(word: string, levels: Uint8Array, setting: Setting): Unit[] {
  const units: Unit[] = []
  let from = 0
  while (from < word.length) {
    let until = word.length
    let unit = unitAt(from, until)
    while (unit.width > setting.width && until - from > 1) {
      until = from + Math.max(1, Math.min(until - from - 1, Math.floor(((until - from) * setting.width) / unit.width)))
      // Never between the halves of one character.
      if (/[\ud800-\udbff]/.test(word[until - 1] ?? '') && until < word.length) until += 1
      unit = unitAt(from, until)
    }
    units.push(unit)
    from = until
  }
  return units

  function unitAt(start: number, end: number): Unit {
    const pieces = piecesOf(word.slice(start, end), levels.subarray(start, end), setting)
    return { pieces, width: pieces.reduce((sum, piece) => sum + piece.width, 0), isSpace: false }
  }
}

function piecesOf(run: string, levels: Uint8Array, { faces, size }: Setting): Piece[] {
  const pieces: { text: string; face: Face; level: number }[] = []
  let index = 0
  for (const given of run) {
    const level = levels[index] ?? 0
    index += given.length
    if (steering.test(given)) continue
    const before = pieces.at(-1)
    const isOdd = level % 2 === 1
    // A mark stands with its letter, whatever else could draw it.
    if (before && /\p{M}|[\u200c\u200d]/u.test(given) && faceHas(before.face, given)) {
      before.text += given
      continue
    }
    const wanted = (isOdd && bidi.getMirroredCharacter(given)) || (given === '\t' ? ' ' : given)
    const { face, character } = faceOf(faces, wanted)
    if (before && before.face === face && before.level === level) before.text += character
    else pieces.push({ text: character, face, level })
  }
  return pieces.map((piece) => shaped(piece, size))
}

const faceHas = (face: Face, character: string): boolean =>
  face.font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)

function shaped({ text, face, level }: { text: string; face: Face; level: number }, size: number): Piece {
  const key = `${level % 2}${text}`
  const known = face.shaped.get(key) ?? handed(text, face, level)
  if (face.shaped.size > mostKept) face.shaped.clear()
  face.shaped.set(key, known)
  return {
    text: known.text,
    logical: text,
    face,
    level,
    width: (known.advance * size * face.scale) / face.font.unitsPerEm,
  }
}

/**
 * A face decides by script in which order it draws. Digits of an Arabic text stand left to right, signs between
 * Arabic letters right to left: what the face would draw the other way is handed to it reversed.
 */
function handed(text: string, face: Face, level: number): { text: string; advance: number } {
  const run = face.font.layout(text) as ReturnType<Face['font']['layout']> & { direction: 'ltr' | 'rtl' }
  const isRight = run.direction === (level % 2 === 1 ? 'rtl' : 'ltr') || (arabic.test(text) && /\p{L}/u.test(text))
  return { text: isRight ? text : [...text].reverse().join(''), advance: run.advanceWidth }
}
