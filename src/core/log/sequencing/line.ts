import type { SpaceState } from '../space-state.ts'
import type { Sequenced } from '../types.ts'
import { answerBatch } from './answers.ts'
import { batchLimit, type Read, type SequencerContext, type Written } from './batch.ts'
import { appendDraft, beginDraft, type Draft, draftOf, stateAfter, takeIn } from './draft.ts'
import { writeBatch } from './write-batch.ts'

interface Waiting {
  read: Read[]
  done(answer: Sequenced[]): void
  failed(error: unknown): void
  /** Cannot be decided without asking the database. */
  asks?: boolean
}

interface Batch {
  handed: Waiting[]
  draft?: Draft
}

/**
 * What was handed in for one space, batch after batch. While a batch is being committed, what comes meanwhile is
 * decided on the state it leaves; if it fails, that decision never was. A batch whose commit is there waits for its
 * guard aside, and its answers leave after both.
 */
export class Line {
  readonly #context: SequencerContext
  readonly #space: string
  /** Told when nothing is under way any more. */
  readonly #idled: () => void
  #waiting: Waiting[] = []
  #ahead: (Batch & { draft: Draft }) | undefined
  /** What the batch that is being committed leaves. */
  #next: SpaceState | undefined
  #running: Promise<void> | undefined
  readonly #answering = new Set<Promise<void>>()

  constructor(context: SequencerContext, space: string, idled: () => void) {
    this.#context = context
    this.#space = space
    this.#idled = idled
  }

  sequence(read: Read[]): Promise<Sequenced[]> {
    return new Promise((done, failed) => {
      this.#waiting.push({ read, done, failed })
      this.#decideAhead()
      this.#running ??= this.#drain()
    })
  }

  async idle(): Promise<void> {
    while (this.#running || this.#answering.size > 0) await Promise.all([this.#running, ...this.#answering])
  }

  async #drain(): Promise<void> {
    for (;;) {
      const batch = this.#ahead ?? this.#takeBatch()
      this.#ahead = undefined
      if (batch.handed.length === 0) break
      try {
        const written = await this.#write(batch)
        if (written.head) this.#context.states.keep(written.head.state)
        const answered = this.#answer(batch, written)
        // Who hands the space over has said so before anything else is asked of it.
        if (written.last) await answered
      } catch (error) {
        this.#fail(batch, error)
      }
    }
    this.#running = undefined
    this.#tellIdle()
  }

  #tellIdle(): void {
    if (!this.#running && this.#answering.size === 0) this.#idled()
  }

  async #write(batch: Batch): Promise<Written> {
    const draft = batch.draft ?? (await draftOf(this.#context, this.#space, readOf(batch)))
    const next = draft && stateAfter(draft)
    if (next) {
      this.#next = next
      this.#decideAhead()
      let written: Written | undefined
      try {
        written = await appendDraft(this.#context, this.#space, draft)
      } finally {
        this.#next = undefined
        if (!written) this.#takeBack()
      }
      if (written) return written
    }
    return this.#context.db.transaction().execute((tx) => writeBatch(this.#context, tx, this.#space, readOf(batch)))
  }

  #decideAhead(): void {
    if (!this.#next) return
    const ahead = this.#ahead ?? { handed: [], draft: beginDraft(this.#context, this.#next) }
    for (let first = this.#waiting[0]; first && !first.asks; first = this.#waiting[0]) {
      if (ahead.draft.decided.length + first.read.length > batchLimit) break
      first.asks = !takeIn(ahead.draft, first.read)
      if (first.asks) break
      ahead.handed.push(first)
      this.#waiting.shift()
    }
    if (ahead.handed.length > 0) this.#ahead = ahead
  }

  /** What was decided on a batch that is not on record was decided on nothing. */
  #takeBack(): void {
    this.#waiting = [...(this.#ahead?.handed ?? []), ...this.#waiting]
    this.#ahead = undefined
  }

  #takeBatch(): Batch {
    let count = 0
    let end = 0
    for (const { read } of this.#waiting) {
      count += read.length
      if (count > batchLimit) break
      end += 1
    }
    return { handed: this.#waiting.splice(0, end) }
  }

  #answer(batch: Batch, written: Written): Promise<void> {
    const answering = answerBatch(this.#context, this.#space, readOf(batch), written)
      .then((answers) => {
        let at = 0
        for (const { read, done } of batch.handed) {
          done(answers.slice(at, at + read.length))
          at += read.length
        }
      })
      .catch((error: unknown) => this.#fail(batch, error))
      .finally(() => {
        this.#answering.delete(answering)
        this.#tellIdle()
      })
    this.#answering.add(answering)
    return answering
  }

  /** The outcome may be unknown: the next batch reads the database again, and so must whoever asked. */
  #fail({ handed }: Batch, error: unknown): void {
    this.#context.states.forget(this.#space)
    for (const { failed } of handed) failed(error)
  }
}

function readOf({ handed }: Batch): Read[] {
  return handed.flatMap(({ read }) => read)
}
