import { readFileSync } from 'node:fs'
import type { Envelope, Json } from '../../src/protocol/index.ts'

/** One case of a vector file; which members it has depends on the file. */
export interface Vector {
  name: string
  why?: string
  rule?: string | null
  withoutEffect?: string
  json: string
  hex: string
  key: string
  kid: string
  hash: string
  act: string
  time: number
  statement: Json
  envelope: Envelope
  fill?: { byte: string; times: number }
  index: number
  size: number
  from: number
  to: number
  path: string[]
  leaf: string
  root: string
  fromRoot: string
  toRoot: string
  body: Json
  verdict: string
  note: string
  cosigned: { name: string; time: number }[]
  text: string
  entry: string
  salt: string
  content: string
  commitment: string
  blob: string
  first: string
  fingerprint: string
  base64: string
  space: string
  states: string[][]
}

/** A file of vectors/ as JSON. */
export function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8')) as T
}

export function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'))
}
