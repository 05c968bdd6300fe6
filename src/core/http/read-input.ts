import { z, type ZodType } from 'zod'
import type { FileInput } from './types.ts'
import { addressOf, rememberAddress } from './rate-limit.ts'
import { Refusal } from './refusal.ts'
import { mediaOf } from './security.ts'

const kilobyte = 1024
/** Forms and JSON without files. */
const plainBodyBytes = 1024 * kilobyte
/** One piece of an upload (the media type is that of the IETF's resumable uploads). */
const partialUpload = 'application/partial-upload'
const pieceBytes = 4 * 1024 * kilobyte
const mostFields = 500
const mostFiles = 50

/** A file in a schema: takes what a multipart form sent, or JSON with base64 `content`. */
export const fileInput: ZodType<FileInput> = z.object({
  name: z.string().min(1).max(255),
  media: z.string().max(127).default('application/octet-stream'),
  content: z.union([
    z.instanceof(Uint8Array),
    z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64'))),
  ]),
}) as unknown as ZodType<FileInput>

/** The same request with its body in memory, read up to the limit of its kind. */
export async function withLimitedBody(
  request: Request,
  { isPeer, fileBytes }: { isPeer: boolean; fileBytes: number },
): Promise<Request> {
  if (request.body === null || request.method === 'GET' || request.method === 'HEAD') return request
  const isLarge = fileBytes > 0 && (isPeer || mediaOf(request) === 'multipart/form-data')
  const otherBytes = mediaOf(request) === partialUpload ? pieceBytes : plainBodyBytes
  const limit = isLarge ? fileBytes + plainBodyBytes : otherBytes
  const tooLarge = () => new Refusal('too-large', { limitBytes: isLarge ? fileBytes : otherBytes })
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge()
    chunks.push(chunk)
  }
  const inMemory = new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: Buffer.concat(chunks, size),
  })
  rememberAddress(inMemory, addressOf(request))
  return inMemory
}

type Values = Record<string, unknown>

/**
 * What came with a request, as a plain object: form fields (repeated names
 * become arrays, empty fields are absent), files, or JSON. What a peer sent is
 * signed and stays as it is.
 */
export async function readValues(request: Request, { isPeer }: { isPeer: boolean }): Promise<Values> {
  if (request.method === 'GET' || request.method === 'HEAD') return collect(new URL(request.url).searchParams)
  const media = mediaOf(request)
  if (media === 'application/json') return readJson(await request.clone().text(), isPeer)
  if (media === 'application/x-www-form-urlencoded') return collect(new URLSearchParams(await request.clone().text()))
  if (media === 'multipart/form-data') return readMultipart(request)
  if (media === partialUpload) return { bytes: new Uint8Array(await request.arrayBuffer()) }
  if ((await request.clone().arrayBuffer()).byteLength === 0) return {}
  throw new Refusal('unsupported-media')
}

/**
 * The text without what nobody can read and no database keeps: control characters, which come along when text is
 * pasted from other programs, and halves of characters.
 */
function readable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '').toWellFormed()
}

function readJson(text: string, isPeer: boolean): Values {
  let value: unknown
  try {
    value =
      text.trim() === ''
        ? {}
        : JSON.parse(text, (_name, one) => (typeof one === 'string' && !isPeer ? readable(one) : one))
  } catch {
    throw new Refusal('bad-request')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('bad-request')
  return value as Values
}

async function readMultipart(request: Request): Promise<Values> {
  const form = await request
    .clone()
    .formData()
    .catch(() => {
      throw new Refusal('bad-request')
    })
  const entries: [string, string | FileInput][] = []
  for (const [name, value] of form) {
    if (typeof value === 'string') entries.push([name, value])
    else if (value.size > 0 || value.name !== '') entries.push([name, await fileOf(value)])
  }
  if (entries.filter(([, value]) => typeof value !== 'string').length > mostFiles)
    throw new Refusal('too-many-files', { limit: mostFiles })
  return collect(entries)
}

async function fileOf(file: File): Promise<FileInput> {
  return {
    name: file.name.replace(/^.*[\\/]/, '').slice(0, 255) || 'file',
    media: file.type || 'application/octet-stream',
    content: new Uint8Array(await file.arrayBuffer()),
  }
}

function collect(entries: Iterable<[string, string | FileInput]>): Values {
  const values = new Map<string, unknown>()
  let count = 0
  for (const [name, raw] of entries) {
    count += 1
    if (count > mostFields) throw new Refusal('too-many-files', { limit: mostFields })
    const value = typeof raw === 'string' ? readable(raw.replaceAll('\r\n', '\n')) : raw
    if (value === '' || name === '') continue
    const before = values.get(name)
    values.set(name, before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value])
  }
  return Object.fromEntries(values)
}

/** The same values without files: what a form is filled with again. */
export function withoutFiles(values: Values): Values {
  const isFile = (v: unknown) => typeof v === 'object' && v !== null && 'content' in v
  return Object.fromEntries(
    Object.entries(values).filter(([, v]) => !isFile(v) && !(Array.isArray(v) && v.some(isFile))),
  )
}
