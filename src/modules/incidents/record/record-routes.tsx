import type { z } from 'zod'
import { InvalidInput } from '../../../core/http/index.ts'
import type { Answer, Json, Route, Visit } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import type { ReadBundle } from '../../exchange/index.ts'
import { type Again, formRoute, idOf } from '../form-route.ts'
import { takeObjects } from '../bundles/take-objects.ts'
import { attachedTo } from '../open/open-routes.tsx'
import { addObjects } from '../open/open-incident.ts'
import { bundleBytes } from '../open/open-input.ts'
import type { Returned } from '../../frame/index.ts'
import { loadIncident } from '../read/load-incident.ts'
import { linkSpace, listLinkable } from '../share/link-space.ts'
import { setState, writeBottomLine, writeFact, writeLogEntry } from './keep-record.ts'
import * as inputs from './record-inputs.ts'
import { RecordPage } from './record-page.tsx'

/** The page of forms, and each form of it. */
export function recordRoutes(): Route[] {
  const again: Again = recordPage
  return [
    {
      method: 'GET',
      path: '/incidents/:incident/record',
      permission: 'incidents:draft',
      summary: 'Forms of the record',
      handle: (visit) => recordPage(visit),
    },
    formRoute(
      {
        path: 'bottom-line',
        input: inputs.bottomLineInput,
        to: '#bottom-line',
        summary: 'Write the three sentences',
        again,
      },
      ({ services, viewer, input }, id) => writeBottomLine(services, viewer, id, input),
    ),
    formRoute(
      {
        path: 'facts',
        input: inputs.factInput,
        to: '#known',
        summary: 'Add what is known, not known or contested',
        again,
      },
      ({ services, viewer, input: { kind, ...input } }, id) =>
        writeFact(services, viewer, id, { ...input, state: kind }),
    ),
    formRoute(
      { path: 'log', input: inputs.logInput, to: '#timeline', summary: 'Write into the log', again },
      ({ services, viewer, input }, id) =>
        writeLogEntry(services, viewer, id, {
          id: input.id,
          words: input.entry,
          at: input.at,
          compartment: input.compartment,
        }),
    ),
    formRoute(
      {
        path: 'state',
        input: inputs.stateInput,
        to: '',
        summary: 'Open, contain or close',
        again,
        evenMerged: true,
        permission: 'incidents:manage',
      },
      ({ services, viewer, input }, id) => setState(services, viewer, id, input.state),
    ),
    formRoute(
      { path: 'spaces', input: inputs.linkInput, to: '#spaces', summary: 'Note that a space belongs to it', again },
      ({ services, viewer, input }, id) => linkSpace(services, viewer, id, input.space),
    ),
    formRoute(
      {
        path: 'objects',
        input: inputs.objectsInput,
        fileBytes: bundleBytes,
        to: (data) => (data && typeof data === 'object' && 'bundle' in data ? `/bundles/${data.bundle}` : '#objects'),
        summary: 'Take in objects of a bundle',
        again,
      },
      takeIn,
    ),
  ]
}

async function takeIn(visit: Visit<z.infer<typeof inputs.objectsInput>>, incident: string): Promise<Json> {
  const { services, viewer, input } = visit
  let bundle: ReadBundle | undefined
  let from: string
  let content: Uint8Array
  let unmarked: Tlp = 'AMBER'
  if (input.act !== undefined) {
    const attached = await attachedTo(visit, input.act, input.part)
    await linkSpace(services, viewer, incident, attached.space.id)
    from = attached.act.statement.author
    ;({ bundle, content, unmarked } = attached)
  } else if (input.file) {
    from = input.file.name.slice(0, 255)
    content = input.file.content
  } else {
    throw InvalidInput.at('file', 'incidents.invalid.file')
  }
  if (!bundle) return takeObjects(services, viewer, incident, { id: input.id, file: from, content, unmarked })
  return { added: await addObjects(services, viewer, incident, { id: input.id, bundle, from }) }
}

async function recordPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await loadIncident(visit.services, visit.viewer, idOf(visit))
  const linkable = await listLinkable(visit.services, loaded.incident, loaded.spaces)
  return {
    page: <RecordPage visit={visit} loaded={loaded} linkable={linkable} returned={returned} />,
    ...(returned && { status: 422 }),
  }
}
