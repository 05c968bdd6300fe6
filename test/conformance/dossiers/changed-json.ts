import type { Json } from '../../../src/protocol/index.ts'
import type { Chance } from './chance.ts'

type Place = { holder: Record<string, Json> | Json[]; name: string | number }

const names = [
  'x',
  '__proto__',
  'constructor',
  'why',
  'v',
  'act',
  'by',
  'enc',
  'after',
  'refs',
  'pap',
  '\u{1f600}',
  '\ue000',
]
const values: readonly Json[] = [
  null,
  true,
  0,
  1,
  -1,
  2,
  9_007_199_254_740_991,
  '',
  'x',
  'present',
  'withheld',
  'erased',
  'A'.repeat(43),
  'x'.repeat(400),
  '\u{1f600}'.repeat(40),
  'aurelia.example',
  '0'.repeat(32),
  [],
  {},
  [[]],
  { x: 1 },
]

/** The value with one thing in it changed: a member more or less, another value, items out of order. */
export function changedJson(chance: Chance, value: Json): Json {
  const root: { whole: Json } = { whole: structuredClone(value) as Json }
  const places = placesIn(root as Record<string, Json>)
  const { holder, name } = chance.of(places)
  const item = (holder as Record<string | number, Json>)[name] as Json
  ;(holder as Record<string | number, Json>)[name] = changedItem(chance, item)
  if (holder !== (root as unknown) && chance.once(4)) remove(holder, name)
  return root.whole
}

function changedItem(chance: Chance, item: Json): Json {
  if (typeof item === 'string' && item.length > 0 && chance.once(2)) return changedText(chance, item)
  if (typeof item === 'number' && chance.once(2)) return item + chance.of([1, -1, 256, 1000])
  if (Array.isArray(item) && chance.once(2)) return changedList(chance, item)
  if (item !== null && typeof item === 'object' && !Array.isArray(item) && chance.once(2)) {
    return withMember(item as Record<string, Json>, chance.of(names), chance.of(values))
  }
  return chance.of(values)
}

/** An own member of any name, `__proto__` too, as JSON.parse would make it. */
function withMember(holder: Record<string, Json>, name: string, value: Json): Json {
  const copy = { ...holder }
  Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true })
  return copy
}

function changedText(chance: Chance, text: string): string {
  const at = chance.below(text.length)
  const other = chance.of(['A', 'a', '0', '.', '-', '_', ' ', 'é', '\u2028', '\ufeff', '\u0085', '"', '\\', '\n', ''])
  return `${text.slice(0, at)}${other}${text.slice(at + 1)}`.toWellFormed()
}

function changedList(chance: Chance, list: readonly Json[]): Json {
  if (list.length === 0) return [chance.of(values)]
  switch (chance.below(4)) {
    case 0:
      return [...list, chance.of(list)]
    case 1:
      return chance.shuffled(list)
    case 2:
      return Array.from({ length: 70 }, () => list[0] as Json)
    default:
      return list.slice(1)
  }
}

function remove(holder: Place['holder'], name: string | number): void {
  if (Array.isArray(holder)) holder.splice(Number(name), 1)
  else delete holder[name]
}

function placesIn(holder: Record<string, Json> | Json[]): Place[] {
  return Object.entries(holder).flatMap(([name, item]) => [
    { holder, name },
    ...(item !== null && typeof item === 'object' ? placesIn(item as Record<string, Json> | Json[]) : []),
  ])
}

/** JSON text of the value that is not, or not surely, its canonical form. */
export function otherText(chance: Chance, canonical: string): string {
  const numbers = [...canonical.matchAll(/(?<=[:[,])\d+(?=[,\]}])/g)]
  const strings = [...canonical.matchAll(/(?<=")[a-z]/g)]
  const put = (at: number, length: number, text: string) => canonical.slice(0, at) + text + canonical.slice(at + length)
  const number = numbers.length > 0 ? chance.of(numbers) : undefined
  const letter = strings.length > 0 ? chance.of(strings) : undefined
  const other = chance.below(6)
  if (other === 0 && number) {
    const [digits] = number
    const forms = [
      `${digits}.0`,
      `${digits}e0`,
      `${digits}E1`,
      `-${digits}`,
      `0${digits}`,
      `${digits}.5`,
      '1e400',
      '-0',
      '9007199254740993',
      `${digits}.`,
      '.5',
      '+1',
      '0.99999999999999999999999',
    ]
    return put(number.index, digits.length, chance.of(forms))
  }
  if (other === 1 && letter) {
    const escapes = [
      '\\u0061',
      '\\ud800',
      '\\udc00\\ud800',
      '\\ud83d\\ude00',
      '\\ud800\\u0041',
      '\\x',
      '\\/',
      '\\u00',
      '\u0001',
      '\\u001F',
      '\u007f',
      '\ud83d\ude00',
    ]
    return put(letter.index, 1, chance.of(escapes))
  }
  if (other === 2) {
    const at = canonical.indexOf('{') + 1
    const twice = chance.of([
      '"a":1,"a":2,',
      '"__proto__":1,',
      '"\\ud800":1,',
      `"deep":${'['.repeat(40)}${']'.repeat(40)},`,
      `"deep":${'{"a":'.repeat(40)}1.5${'}'.repeat(40)},`,
      `"deep":${'['.repeat(40)},`,
      '"a":tru,',
      '"a":1.5,',
      '"a":"\u{1f600}","\ue000":1,',
    ])
    return put(at, 0, twice)
  }
  if (other === 3)
    return put(chance.below(canonical.length), 0, chance.of([' ', '\n', '\t', '\u00a0', ',', '}', '"', '\ufeff']))
  if (other === 4) return put(chance.below(canonical.length), 1, chance.of(['', ' ', '0', 'a', '"', '{']))
  return canonical.slice(0, chance.below(canonical.length))
}
