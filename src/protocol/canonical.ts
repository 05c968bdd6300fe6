import { fromUtf8, sameBytes, shorten, utf8 } from './bytes.ts'
import { ProtocolError } from './protocol-error.ts'
import type { Json } from './types.ts'

/** Deepest nesting accepted; every format here needs fewer than ten. */
export const maxDepth = 32

/**
 * RFC 8785 bytes of a value, numbers restricted to integers below 2^53.
 * Members whose value is undefined are left out, as in JSON.stringify.
 *
 * @throws ProtocolError `json-number`, `json-surrogate`, `json-depth`, `json-value`
 */
export function canonicalBytes(value: Json): Uint8Array {
  return utf8(canonicalText(value, 0))
}

/**
 * The value of canonical bytes. Duplicate names, other number forms, other
 * orders, spaces and a byte order mark all change the bytes and are refused.
 */
export function parseCanonical(bytes: Uint8Array): Json {
  const text = fromUtf8(bytes)
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    throw new ProtocolError('json-syntax', shorten(text))
  }
  if (isCanonical(value, text)) return value
  if (!sameBytes(canonicalBytes(value), bytes)) throw new ProtocolError('json-canonical', shorten(text))
  return value
}

/**
 * Is this the canonical text of what was parsed from it? A quick yes for what
 * honest parties write; whatever it does not see through is judged by `canonicalBytes`.
 */
function isCanonical(value: Json, text: string): boolean {
  // JSON.stringify would write a lone surrogate just as such a text does.
  return !text.includes('\\ud') && JSON.stringify(value) === text && isOrdered(value, 0)
}

/** Names in order, numbers safe integers, not too deep. */
function isOrdered(value: Json, depth: number): boolean {
  if (depth > maxDepth) return false
  if (typeof value === 'number') return Number.isSafeInteger(value)
  if (value === null || typeof value !== 'object') return true
  if (Array.isArray(value)) return value.every((item) => isOrdered(item, depth + 1))
  const record = value as { readonly [key: string]: Json }
  let before: string | undefined
  for (const name of Object.keys(record)) {
    if (before !== undefined && before >= name) return false
    if (!isOrdered(record[name] as Json, depth + 1)) return false
    before = name
  }
  return true
}

function canonicalText(value: unknown, depth: number): string {
  if (depth > maxDepth) throw new ProtocolError('json-depth', `more than ${maxDepth} levels`)
  switch (typeof value) {
    case 'string':
      return stringText(value)
    case 'number':
      return numberText(value)
    case 'boolean':
      return String(value)
    case 'object':
      return value === null ? 'null' : compoundText(value, depth)
    default:
      throw new ProtocolError('json-value', typeof value)
  }
}

function compoundText(value: object, depth: number): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item, depth + 1)).join(',')}]`
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw new ProtocolError('json-value', 'not a plain object')
  // RFC 8785 orders names by UTF-16 code units, which is what a plain sort compares.
  const names = Object.keys(value).sort()
  const record = value as Record<string, unknown>
  const members = names
    .filter((name) => record[name] !== undefined)
    .map((name) => `${stringText(name)}:${canonicalText(record[name], depth + 1)}`)
  return `{${members.join(',')}}`
}

function stringText(text: string): string {
  // JSON.stringify writes lone surrogates as escapes, so comparing bytes would not notice them.
  if (!text.isWellFormed()) throw new ProtocolError('json-surrogate', JSON.stringify(text).slice(0, 80))
  return JSON.stringify(text)
}

function numberText(number: number): string {
  if (!Number.isSafeInteger(number)) throw new ProtocolError('json-number', String(number))
  return String(number)
}
