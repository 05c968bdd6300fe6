import { createHash } from 'node:crypto'
import pg from 'pg'

/** Statements one connection keeps prepared at most; each costs the server some kilobytes. */
const keptStatements = 400
/** A statement is prepared when it comes the third time: one that is built anew each time never is. */
const preparedFrom = 3

/**
 * A connection on which a parameterised statement that comes again and again is
 * planned once. Planning costs more than running for most of what a node asks.
 */
export class PreparingClient extends pg.Client {
  #seen = new Map<string, { times: number; name?: string }>()

  // The driver's nine overloads answer differently to each.
  override query(...args: any[]): any {
    const [text, values] = args
    const isPlain = typeof text === 'string' && Array.isArray(values) && values.length > 0
    const name = isPlain ? this.#nameOf(text) : undefined
    const given = name === undefined ? args : [{ name, text, values }, ...args.slice(2)]
    return (super.query as (...given: unknown[]) => unknown)(...given)
  }

  #nameOf(text: string): string | undefined {
    const known = this.#seen.get(text)
    if (known?.name) return known.name
    if (!known && this.#seen.size >= keptStatements) return undefined
    const times = (known?.times ?? 0) + 1
    const name = times < preparedFrom ? undefined : createHash('sha256').update(text).digest('base64url').slice(0, 22)
    this.#seen.set(text, { times, ...(name ? { name } : {}) })
    return name
  }
}
