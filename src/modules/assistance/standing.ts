import type { Selectable } from 'kysely'
import type { Tables } from '../../core/storage/tables.ts'
import type { NoteRow } from '../channels/index.ts'
import type { Standing, State } from './course.ts'
import './tables.ts'

export type RequestRow = Selectable<Tables['view.assistance_request']>

/** Where a request stands: by its note until something was said about it, and by what became of its note unless it was closed. */
export function standingOf(
  note: Pick<NoteRow, 'ended' | 'acknowledged_at' | 'acknowledged_by'>,
  row: Pick<RequestRow, 'state' | 'kept_until' | 'extension'> | undefined,
): Standing {
  const kept = { keptUntil: row?.kept_until ?? null, extension: row?.extension ?? null }
  const state = row?.state as State | undefined
  if (state === 'closed') return { ...kept, state }
  if (note.ended !== null) return { ...kept, state: note.ended as State }
  if (state !== undefined && state !== 'sent') return { ...kept, state }
  return { ...kept, state: note.acknowledged_by === null ? 'sent' : 'received' }
}
