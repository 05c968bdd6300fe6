import { Refusal } from '../../../core/http/refusal.ts'
import { mayLeave } from '../../../core/markings/index.ts'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { isId } from '../../../protocol/index.ts'
import { getJoint, requirePublishable } from './find-joint.ts'
import { jointPlain, jointSheet } from './joint-file.ts'

/** A joint attribution handed out: by those who signed it, and not before its time. */
export function jointRoutes(): Route[] {
  return (['pdf', 'txt'] as const).map((kind) => ({
    method: 'GET',
    path: `/spaces/:space/joint-attributions/:proposal/file.${kind}`,
    permission: 'attributions.text-published:draft',
    summary: `A joint attribution to be published, as ${kind === 'pdf' ? 'PDF' : 'plain text'}; not before its embargo is over`,
    handle: (visit) => handOut(visit, kind),
  }))
}

async function handOut({ services, viewer, params, query }: Visit, kind: 'pdf' | 'txt'): Promise<Answer> {
  const { space: named = '', proposal = '' } = params
  const space = isId(named) ? await services.ledger.find(named) : undefined
  if (!space) throw new Refusal('not-found')
  const found = await getJoint(services, viewer, { space: space.id, proposal })
  requirePublishable(services, found)
  const act = await services.ledger.findAct(proposal)
  const leave = act && mayLeave(act.statement.marking, { exit: 'dossier', reader: { ceiling: 'CLEAR' } })
  if (!leave?.allowed) throw new Refusal('attributions.not-for-the-public')
  const { row } = found.state
  const language = row.languages.find((one) => one === query.get('language')) ?? row.authentic
  const given = { found, space, language }
  const bytes =
    kind === 'pdf' ? await jointSheet(services, given) : new TextEncoder().encode(jointPlain(services, given))
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      'content-type': kind === 'pdf' ? 'application/pdf' : 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="joint-attribution-${language}.${kind}"`,
    },
  })
}
