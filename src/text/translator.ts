import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import { type Catalogue, readCatalogues } from './catalogues.ts'
import { localeOf } from './format.ts'
import { direction } from './languages.ts'
import type { Translate } from './types.ts'

/** Beside this file in the sources, beside the bundle in a build. */
const builtIn = join(import.meta.dirname, 'messages')
const folders = [builtIn]
let catalogues: Map<string, Catalogue> | undefined
const translators = new Map<string, Translate>()

/**
 * Adds the languages of a folder: one file `<lang>.json` with every namespace,
 * or a folder `<lang>/` with a file per namespace. Later folders win.
 */
export function addLanguages(folder: string): void {
  if (!folders.includes(folder) && existsSync(folder)) folders.push(folder)
  catalogues = undefined
  translators.clear()
}

/** Languages that have a catalogue, English first. */
export function languages(): string[] {
  const names = [...all().keys()].sort()
  return names.includes('en') ? ['en', ...names.filter((n) => n !== 'en')] : names
}

/** True when some language has this key: lets a caller tell a message key from a sentence. */
export function isMessageKey(key: string): boolean {
  return all().get('en')?.has(key) ?? false
}

/**
 * A function that puts message keys into words of `language`; a missing message
 * is shown in English. A key no language has throws in development and tests,
 * and in production shows the key.
 */
export function createTranslator(language: string): Translate {
  const known = translators.get(language)
  if (known) return known
  const compiled = new Map<string, IntlMessageFormat>()
  const compile = (key: string): IntlMessageFormat | undefined => {
    const own = all().get(language)?.get(key)
    const text = own ?? all().get('en')?.get(key)
    if (text === undefined) return undefined
    const format = messageFormat(text, own === undefined ? 'en' : language)
    compiled.set(key, format)
    return format
  }
  const t = (key: string, facts?: Record<string, string | number | Date>): string => {
    const format = compiled.get(key) ?? compile(key)
    if (!format) return unknownKey(key)
    return String(format.format(facts))
  }
  const translate = Object.assign(t, { language, direction: direction(language) })
  translators.set(language, translate)
  return translate
}

function all(): Map<string, Catalogue> {
  catalogues ??= readCatalogues(folders)
  return catalogues
}

function unknownKey(key: string): string {
  const isStrict =
    process.env.NODE_TEST_CONTEXT !== undefined ||
    process.env.NODE_ENV === 'test' ||
    process.env.NODE_ENV === 'development'
  if (isStrict) throw new Error(`no message has the key ${key}`)
  return key
}

const parse = IntlMessageFormat.__parse as NonNullable<typeof IntlMessageFormat.__parse>
type Ast = ReturnType<typeof parse>
type Element = Ast[number]
const literalType = 0
const argumentType = 1

function messageFormat(text: string, language: string): IntlMessageFormat {
  const ast = parse(text, { ignoreTag: true })
  return new IntlMessageFormat(direction(language) === 'rtl' ? isolateArguments(ast) : ast, localeOf(language))
}

/** In right-to-left sentences a Latin name or number must not reorder the words around it. */
function isolateArguments(ast: Ast): Ast {
  const literal = (value: string) => ({ type: literalType, value }) as Element
  return ast.flatMap((element): Element[] => {
    if (element.type === argumentType) return [literal('\u2068'), element, literal('\u2069')]
    if (!('options' in element)) return [element]
    const options = Object.fromEntries(
      Object.entries(element.options).map(([name, option]) => [
        name,
        { ...option, value: isolateArguments(option.value) },
      ]),
    )
    return [{ ...element, options } as Element]
  })
}
