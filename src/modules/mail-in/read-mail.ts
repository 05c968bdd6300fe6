import { parse } from 'node-html-parser'
import PostalMime, { type Email } from 'postal-mime'

export const mailLimits = { bytes: 25 * 2 ** 20, words: 100_000, files: 50, depth: 32, headerBytes: 256 * 1024 }

/** A message as far as it can be read. Everything in it is what its sender says. */
export interface ReadMail {
  messageId: string
  from: string
  to: string
  date: string
  subject: string
  words: string
  /** There is more than is shown. */
  wordsCut: boolean
  /** It came as HTML only; tags were taken away, nothing was rendered or fetched. */
  fromHtml: boolean
  automatic: boolean
  /** `Authentication-Results` of our own server, word for word; empty where it wrote none. */
  serverSays: string
  files: { name: string; media: string; bytes: Uint8Array }[]
  /** Why it was not read; then everything else is empty but the message is kept. */
  trouble?: 'unreadable'
}

/**
 * Reads a message. One that cannot be read is told as such, never refused: its bytes are kept anyway.
 *
 * @param server - Name under which our own mail server writes what it found out about the sender (RFC 8601): what
 *   another name wrote there came with the message.
 */
export async function readMail(raw: Uint8Array, server?: string): Promise<ReadMail> {
  try {
    const mail = await PostalMime.parse(raw, {
      maxNestingDepth: mailLimits.depth,
      maxHeadersSize: mailLimits.headerBytes,
      attachmentEncoding: 'arraybuffer',
    })
    return { ...headOf(mail, server), ...wordsOf(mail), files: filesOf(mail) }
  } catch {
    return { ...nothing, trouble: 'unreadable' }
  }
}

const nothing: ReadMail = {
  messageId: '',
  from: '',
  to: '',
  date: '',
  subject: '',
  words: '',
  wordsCut: false,
  fromHtml: false,
  automatic: false,
  serverSays: '',
  files: [],
}

function headOf(mail: Email, server: string | undefined) {
  return {
    messageId: line(mail.messageId),
    from: addresses(mail.from ? [mail.from] : []),
    to: addresses([...(mail.to ?? []), ...(mail.cc ?? [])].slice(0, 50)),
    date: line(mail.date, 100),
    subject: line(mail.subject, 300),
    automatic: isAutomatic(mail),
    serverSays: serverSays(mail, server),
  }
}

const headersOf = (mail: Email, name: string): string[] =>
  mail.headers.filter(({ key }) => key === name).map(({ value }) => value)

/** RFC 3834; and what lists and older programs write. */
function isAutomatic(mail: Email): boolean {
  const submitted = headersOf(mail, 'auto-submitted').some((value) => !/^\s*no\b/i.test(value))
  const bulk = headersOf(mail, 'precedence').some((value) => /^\s*(bulk|junk|auto_reply)\b/i.test(value))
  const bounce = headersOf(mail, 'return-path').some((value) => value.trim() === '<>')
  return submitted || bulk || bounce || headersOf(mail, 'x-auto-response-suppress').length > 0
}

/** Only the first such header can be our server's: it stands above all that came with the message. */
function serverSays(mail: Email, server: string | undefined): string {
  const first = headersOf(mail, 'authentication-results')[0]
  if (!server || first === undefined) return ''
  const name = first.split(';')[0]?.trim().split(/\s/)[0] ?? ''
  return name.toLowerCase() === server.toLowerCase() ? line(first, 1_000) : ''
}

function wordsOf({ text, html }: Email): Pick<ReadMail, 'words' | 'wordsCut' | 'fromHtml'> {
  const fromHtml = (text ?? '').trim() === '' && (html ?? '').trim() !== ''
  const said = fromHtml ? parse((html ?? '').slice(0, 4 * mailLimits.words)).structuredText : (text ?? '')
  const words = plain(said).trim()
  return { words: words.slice(0, mailLimits.words), wordsCut: words.length > mailLimits.words, fromHtml }
}

const filesOf = ({ attachments }: Email): ReadMail['files'] =>
  attachments.slice(0, mailLimits.files).map(({ filename, mimeType, content }, at) => ({
    name: line(filename ?? undefined, 200).replaceAll(/[/\\]/g, '_') || `file-${at + 1}`,
    media: line(mimeType, 100),
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content),
  }))

function addresses(list: readonly { name?: string; address?: string }[]): string {
  return line(list.map(({ name, address }) => (name ? `${name} <${address ?? ''}>` : (address ?? ''))).join(', '), 500)
}

/** On one line, without what would turn its direction or pass for another line. */
const line = (text: string | undefined, most = 300): string =>
  plain(text ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed()

/** Without control characters but line ends, and without marks that reorder what is read. */
const plain = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll(/(?![\n\t])\p{Cc}/gu, ' ')
