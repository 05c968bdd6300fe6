import type { ActAction, ShownAct, Viewer } from '../../core/module/types.ts'
import type { NoteBody } from '../channels/index.ts'
import { type FoundRequest, mayTake } from './find-request.ts'
import type { Step } from './course.ts'

/** Under a request in its timeline: the way to its own page. */
export function actionsOf({ act, content }: ShownAct, { viewer }: { party: string; viewer: Viewer }): ActAction[] {
  const isRequest = act.statement.type === 'channels.note-sent' && (content?.body as NoteBody | undefined)?.request
  if (!isRequest || !viewer.may('assistance:read')) return []
  return [{ label: 'assistance.action.see', method: 'GET', href: `/assistance/${act.hash}` }]
}

const forms: readonly { step: Step; type: string; primary?: true }[] = [
  { step: 'accepted', type: 'request-accepted', primary: true },
  { step: 'postponed', type: 'request-postponed' },
  { step: 'refused', type: 'request-refused' },
  { step: 'executed', type: 'request-executed', primary: true },
  { step: 'extension-granted', type: 'extension-answered', primary: true },
  { step: 'supplemented', type: 'request-supplemented' },
  { step: 'extension-requested', type: 'extension-requested' },
  { step: 'closed', type: 'request-closed' },
]

/** What this person can do about a request where it stands. */
export function stepActions(found: FoundRequest, party: string, viewer: Viewer): ActAction[] {
  const { note, standing } = found
  const base = `/spaces/${note.space}`
  const acknowledge: ActAction[] =
    standing.state === 'sent' && note.addressee === party && viewer.may('channels.note-acknowledged:send')
      ? [
          {
            label: 'channels.action.acknowledge',
            method: 'GET',
            href: `${base}/notes/${note.hash}/acknowledge`,
            primary: true,
          },
        ]
      : []
  const ours = forms.filter(
    ({ step, type }) => mayTake(step, found, party) && viewer.may(`assistance.${type}:draft` as never),
  )
  return [
    ...acknowledge,
    ...ours.map(
      ({ type, primary }): ActAction => ({
        label: `assistance.action.${type}`,
        method: 'GET',
        href: `${base}/write/assistance.${type}?request=${note.hash}`,
        ...(primary && { primary }),
      }),
    ),
    ...withdrawal(found, party, viewer),
  ]
}

function withdrawal({ note, standing }: FoundRequest, party: string, viewer: Viewer): ActAction[] {
  const isOpen = ['sent', 'received', 'accepted', 'partly', 'postponed'].includes(standing.state)
  if (!isOpen || note.author !== party || !viewer.may('channels.note-withdrawn:draft')) return []
  return [
    {
      label: 'assistance.action.withdraw',
      method: 'GET',
      href: `/spaces/${note.space}/write/channels.note-withdrawn?note=${note.hash}`,
    },
  ]
}
