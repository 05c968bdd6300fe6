import type { z } from 'zod'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { hash } from '../../../core/module/fields.ts'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { BundleRefusal } from '../../exchange/index.ts'
import { refusalWords } from '../form-route.ts'
import { atOnceBytes } from '../bundles/begin-bundle.ts'
import { listAlike } from '../alike/list-alike.ts'
import { linkSpace } from '../share/link-space.ts'
import type { IncidentSource } from '../tables.ts'
import { faultWords } from './fault-words.ts'
import { findAttached, findOpenedFrom } from './open-from-act.ts'
import { type NewIncident, openIncident, readUploadInTurns } from './open-incident.ts'
import { bundleBytes, openInput } from './open-input.ts'
import { OpenPage, type OpenState } from './open-page.tsx'

/** The form that opens an incident. */
export function openRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/incidents/open',
      permission: 'incidents:draft',
      summary: 'Form that opens an incident',
      async handle(visit) {
        const { act, part } = Object.fromEntries(visit.query)
        if (act === undefined) return openPage(visit, { values: {}, errors: {} })
        const attached = await attachedTo(visit, act, part)
        const opened = await findOpenedFrom(visit.services, visit.viewer, act, attached.part)
        if (opened) return { redirect: `/incidents/${opened}`, notice: 'incidents.notice.opened-already' }
        return openPage(visit, { values: {}, errors: {}, attached })
      },
    },
    {
      method: 'POST',
      path: '/incidents',
      permission: 'incidents:draft',
      input: openInput,
      fileBytes: bundleBytes,
      summary: 'Open an incident',
      handle: (visit) => open(visit),
      async onInvalid(visit, errors) {
        const { act, part } = (visit.values ?? {}) as Record<string, string>
        const attached = act === undefined ? undefined : await attachedTo(visit, act, part)
        return openPage(visit, { values: visit.values ?? {}, errors, attached })
      },
    },
  ]
}

/** The bundle that an act brought, as an address or a form names it. */
export async function attachedTo({ services, viewer }: Visit, act: unknown, part: unknown) {
  if (!hash.safeParse(act).success || !hash.safeParse(part).success) throw new Refusal('incidents.attachment-not-found')
  return findAttached(services, viewer, act as string, part as string)
}

function openPage(visit: Visit, state: OpenState): Answer {
  const failed = Object.keys(state.errors).length > 0 || state.refused !== undefined
  return { page: <OpenPage visit={visit} state={state} />, ...(failed && { status: 422 }) }
}

async function open(visit: Visit<z.infer<typeof openInput>>): Promise<Answer> {
  const { services, viewer, input } = visit
  const attached = input.act === undefined ? undefined : await attachedTo(visit, input.act, input.part)
  if (attached && (attached.space.drill !== undefined) !== input.drill)
    throw InvalidInput.at('drill', 'incidents.invalid.drill')
  try {
    const { bundle, largeBundle } = await bundleFor(visit, attached)
    const { file, act: _act, part: _part, codeName, readers, ...rest } = input
    const source: IncidentSource = attached
      ? {
          kind: 'act',
          space: attached.space.id,
          act: attached.act.hash,
          part: attached.part,
          party: attached.act.statement.author,
          ...(bundle && { bundle: bundle.id }),
        }
      : file
        ? { kind: 'bundle', file: file.name.slice(0, 255), ...(bundle && { bundle: bundle.id }) }
        : { kind: 'form' }
    const id = await openIncident(services, viewer, {
      ...rest,
      ...(codeName && { codeName }),
      isRestricted: readers === 'named',
      source,
      ...(bundle && { bundle }),
      ...(largeBundle && { largeBundle }),
    })
    if (attached) await linkSpace(services, viewer, id, attached.space.id)
    if (largeBundle)
      return {
        redirect: `/incidents/${id}/bundles/${largeBundle.id}`,
        notice: 'incidents.notice.opened',
        data: { id, bundle: largeBundle.id },
      }
    const [alike] = await listAlike(services, viewer, id)
    return {
      redirect: `/incidents/${id}`,
      notice: alike ? 'incidents.notice.opened-alike' : 'incidents.notice.opened',
      data: { id },
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refusedOpening(visit, error, attached)
  }
}

/** What the form brings: objects where the file is read at once, or the file where a job reads it. */
async function bundleFor(
  { services, input }: Visit<z.infer<typeof openInput>>,
  attached: OpenState['attached'],
): Promise<Pick<NewIncident, 'bundle' | 'largeBundle'>> {
  if (attached?.bundle) return { bundle: attached.bundle }
  if (attached) {
    const { act, content, unmarked } = attached
    return { largeBundle: { id: input.id, file: act.statement.author, content, unmarked } }
  }
  if (!input.file) return {}
  const { name, content } = input.file
  if (content.byteLength > atOnceBytes) return { largeBundle: { id: input.id, file: name, content, unmarked: 'AMBER' } }
  return { bundle: await readUploadInTurns(services, content) }
}

/** The form again with everything typed; JSON clients get the problem, with its first faults in words. */
function refusedOpening(visit: Visit, refusal: Refusal, attached: OpenState['attached']): Answer {
  if (visit.wantsJson) throw located(visit, refusal)
  const words = refusalWords(visit, refusal)
  const field =
    refusal.code === 'incidents.code-name-taken'
      ? 'codeName'
      : refusal.code.startsWith('incidents.marking-')
        ? 'marking'
        : 'file'
  const faults = refusal instanceof BundleRefusal ? refusal.faults : []
  const count = Number(refusal.facts.count ?? faults.length)
  return openPage(visit, {
    values: visit.values ?? {},
    errors: { [field]: words },
    attached,
    ...(refusal instanceof BundleRefusal && { refused: { words, faults, more: Math.max(0, count - faults.length) } }),
  })
}

function located(visit: Visit, refusal: Refusal): Error {
  if (!(refusal instanceof BundleRefusal) || refusal.faults.length === 0) return refusal
  return new InvalidInput(
    refusal.faults.map((fault) => ({
      code: 'custom',
      path: ['file', 'objects', fault.object - 1, ...(fault.property ? [fault.property] : [])],
      message: `incidents.stix.${fault.rule}`,
      words: faultWords(visit, fault),
    })),
  )
}
