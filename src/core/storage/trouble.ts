export type StorageTroubleCode =
  | 'no-binaries'
  | 'other-version'
  | 'newer-version'
  | 'disk-full'
  | 'copied-folder'
  | 'cannot-start'
  | 'unreachable'
  | 'bad-backup'
  | 'not-empty'

/** The database cannot be used; `message` is a whole sentence for the operator, saying what to do. */
export class StorageTrouble extends Error {
  override name = 'StorageTrouble'
  readonly code: StorageTroubleCode

  constructor(code: StorageTroubleCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** True when the text or the error of PostgreSQL or of the file system says that no room is left. */
export function meansDiskFull(reason: unknown): boolean {
  if (typeof reason === 'string')
    return /No space left on device|could not extend file|Disk quota exceeded/.test(reason)
  if (!(reason instanceof Error)) return false
  const code = 'code' in reason ? reason.code : undefined
  return code === 'ENOSPC' || code === 'EDQUOT' || code === '53100' || meansDiskFull(reason.message)
}

const noWay = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE'])

/** PostgreSQL is away, starting or recovering: the same again may work in a moment. What was under way may be done. */
export function meansAway(reason: unknown): boolean {
  // A name with several addresses, none of which answers.
  if (reason instanceof AggregateError) return reason.errors.length > 0 && reason.errors.every(meansAway)
  if (!(reason instanceof Error)) return false
  const { code, syscall } = reason as NodeJS.ErrnoException
  if (/^(57P0[123]|08...|53300)$/.test(code ?? '')) return true
  if (syscall === 'getaddrinfo') return true
  if (syscall === 'connect') return noWay.has(code ?? '')
  return /^Connection terminated|^timeout exceeded when trying to connect|not queryable$|^write EPIPE$|^read ECONNRESET$/.test(
    reason.message,
  )
}

const codeOf = (reason: unknown) => (reason instanceof Error ? (reason as NodeJS.ErrnoException).code : undefined)

/** PostgreSQL reads and does not write: a standby, or told so by whoever runs it. */
export function meansReadOnly(reason: unknown): boolean {
  return codeOf(reason) === '25006'
}

/** PostgreSQL cannot read what it wrote: a page or an index is broken, or the disk gives an error. */
export function meansUnreadable(reason: unknown): boolean {
  return /^(XX001|XX002|58030)$/.test(codeOf(reason) ?? '')
}

/** What is noted by the way while something is read. Where nothing can be written, the reader goes on without it. */
export async function noteByTheWay(writing: Promise<unknown>): Promise<void> {
  try {
    await writing
  } catch (error) {
    if (!meansReadOnly(error) && !meansDiskFull(error)) throw error
  }
}

export function diskFull(where: string, cause?: unknown): StorageTrouble {
  return new StorageTrouble(
    'disk-full',
    `The disk that holds ${where} is full: free some space and start again. Nothing that was acknowledged is lost.`,
    { cause },
  )
}
