import { type Part, saltBytes } from '../../protocol/index.ts'
import type { Darkness, Sealing } from '../sealing/types.ts'
import type { Blobs, Reader } from '../storage/types.ts'

/** A part of an act and whose word it is. */
export interface PartRef {
  space: string
  author: string
  part: Part
}

/** What can be had of a part here. */
export type ReadPart =
  | { state: 'open'; blob: Uint8Array; content: Uint8Array }
  | { state: 'absent' }
  | { state: 'dark'; why: Darkness }

/** Reads parts whether they are sealed or not. */
export interface PartReader {
  /** One answer per part, in order. */
  read(db: Reader, refs: readonly PartRef[]): Promise<ReadPart[]>
}

export function createPartReader({ blobs, sealing }: { blobs: Blobs; sealing: Sealing }): PartReader {
  return {
    async read(db, refs) {
      const plain = await blobs.findAll(
        db,
        refs.filter(({ part }) => !part.enc).map(({ part }) => part.hash),
      )
      const opened = await sealing.open(
        db,
        refs.filter(({ part }) => part.enc),
      )
      let next = 0
      return refs.map(({ part }): ReadPart => {
        const one = part.enc ? opened[next++] : asOpened(plain.get(part.hash))
        if (one?.state !== 'open') return one ?? { state: 'absent' }
        const content = one.blob.subarray(saltBytes)
        // An author that signs another size than it sealed is read by nobody.
        return content.length === part.size || !part.enc ? { ...one, content } : { state: 'dark', why: 'not-as-signed' }
      })
    },
  }
}

function asOpened(blob: Uint8Array | undefined): { state: 'open'; blob: Uint8Array } | { state: 'absent' } {
  return blob ? { state: 'open', blob } : { state: 'absent' }
}
