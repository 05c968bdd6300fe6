import type { ActAction, Viewer } from '../../core/module/types.ts'
import type { ExecutionRow } from './tables.ts'

/** What the asking party can do about what was handed over to it: take the terms, say that it gave it back. */
export function executionActions(row: ExecutionRow, party: string, viewer: Viewer): ActAction[] {
  if (row.recipient !== party) return []
  const to = `/assistance/executions/${row.hash}`
  const mustTake = row.taken_first && row.taken_by === null
  if (mustTake)
    return viewer.may('assistance.terms-taken:send')
      ? [{ label: 'assistance.action.take-terms', method: 'GET', href: `${to}/terms`, primary: true }]
      : []
  if (row.disposed_by !== null || !viewer.may('assistance.material-disposed:send')) return []
  return [{ label: 'assistance.action.dispose', method: 'GET', href: `${to}/dispose` }]
}
