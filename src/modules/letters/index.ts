import type { ActAction, Module, ShownAct } from '../../core/module/types.ts'
import { letterRoutes } from './letter-routes.tsx'
import { letterheadTable } from './migrations/0001-letterhead.ts'

function letterActions({ act, space }: ShownAct): ActAction[] {
  if (act.statement.type !== 'channels.note-sent' || act.withoutEffect) return []
  return [{ label: 'letters.action.letter', method: 'GET', href: `/spaces/${space.id}/notes/${act.hash}/letter` }]
}

/** Letters on paper: in the own letterhead, as PDF, by e-mail or hand to a party without a node. */
export const letters: Module = {
  name: 'letters',
  migrations: [letterheadTable],
  routes: letterRoutes,
  actActions: letterActions,
}
