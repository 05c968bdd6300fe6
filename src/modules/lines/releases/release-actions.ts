import type { ActAction, Viewer } from '../../../core/module/types.ts'
import { stateOf } from './releases.ts'
import type { ReleaseRow } from './tables.ts'

/** What this side can do with a proposal or an agreed release, each by a form that shows what leaves. */
export function releaseActions(
  row: ReleaseRow,
  { party, viewer, now, hasAgreed = false }: { party: string; viewer: Viewer; now: number; hasAgreed?: boolean },
): ActAction[] {
  if (!row.sides.includes(party)) return []
  const state = stateOf(row, now)
  const action = (verb: string, name = 'proposal', primary = false): ActAction[] =>
    viewer.may(`lines.release-${verb}:draft` as never)
      ? [
          {
            label: `lines.release.action.${name === 'moves' ? 'moved' : verb}`,
            method: 'GET',
            href: `/spaces/${row.space}/write/lines.release-${verb}?${name}=${row.hash}`,
            ...(primary && { primary }),
          },
        ]
      : []
  if (state === 'proposed' && row.author === party) return action('withdrawn')
  if (state === 'proposed') return [...(hasAgreed ? [] : action('agreed', 'proposal', true)), ...action('declined')]
  if (row.moves !== null || row.agreed_at === null) return []
  return [...(state === 'agreed' ? action('proposed', 'moves') : []), ...action('broken')]
}
