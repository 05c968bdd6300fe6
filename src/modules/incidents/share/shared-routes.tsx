import { z } from 'zod'
import { Refusal } from '../../../core/http/refusal.ts'
import { partyName } from '../../../core/module/fields.ts'
import type { Answer, Route, Services, Visit } from '../../../core/module/types.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import { languages } from '../../../text/index.ts'
import { idOf, refusalWords } from '../form-route.ts'
import { id } from '../input-fields.ts'
import { loadIncident } from '../read/load-incident.ts'
import { othersIn } from './link-space.ts'
import { ChooseItemsPage, PreviewItemsPage } from './move-page.tsx'
import { type ChosenItems, requireShareable, shareItems } from './share-items.ts'
import { listShareableItems } from './shareable-items.ts'
import { SharedPage } from './shared-page.tsx'
import { viewShared } from './shared-view.ts'

const mostItems = 100
const item = z.string().regex(/^(fact|particular)-[0-9a-f]{32}$/)
const moveInput = z.object({
  id,
  items: z.preprocess((one) => (typeof one === 'string' ? [one] : one), z.array(item).min(1).max(mostItems)),
  subject: z.string().trim().min(1).max(300),
  addressee: partyName,
  language: z.string().refine((one) => languages().includes(one)),
  tlp: z.enum(tlpLabels),
})

/** What the other side sees, and how a line of the record gets there. */
export function sharedRoutes(services: Services): Route[] {
  const path = '/incidents/:incident/shared/:space'
  return [
    {
      method: 'GET',
      path,
      permission: 'incidents:read',
      summary: 'What the other members of a space see of an incident',
      async handle(visit) {
        const view = await viewShared(services, visit.viewer, idOf(visit), visit.params.space ?? '')
        if (!visit.wantsJson) return { page: <SharedPage visit={visit} view={view} /> }
        const { parties, objects, all, acts, files, allFiles } = view
        return {
          data: {
            parties,
            objects,
            all,
            files,
            allFiles,
            acts: acts.map((shown) => ({ act: shown.act.hash, content: shown.content, withheld: shown.withheld })),
          },
        }
      },
    },
    {
      method: 'GET',
      path: `${path}/move`,
      permission: 'incidents:draft',
      summary: 'Lines of the record to be told to the other members of a space, as they would read them',
      handle: (visit) => showMove(visit, askedItems(visit)),
    },
    {
      method: 'POST',
      path: `${path}/move`,
      permission: 'incidents:draft',
      input: moveInput,
      summary: 'Write chosen lines of the record into a draft; nothing leaves before its release',
      async handle(visit: Visit<z.infer<typeof moveInput>>) {
        const { id: draft, ...chosen } = visit.input
        const { loaded, space } = await loadFor(visit)
        try {
          if (!othersIn(visit.services, space).includes(chosen.addressee)) throw new Refusal('incidents.item-stays')
          await shareItems(visit.services, visit.viewer, { loaded, space, draft, chosen })
        } catch (error) {
          if (!(error instanceof Refusal) || visit.wantsJson) throw error
          return showMove(visit, chosen, refusalWords(visit, error))
        }
        return { redirect: `/drafts/${draft}/review`, notice: 'incidents.notice.saved', data: { draft } }
      },
      onInvalid: (visit, errors) => showMove(visit, askedItems(visit), Object.values(errors)[0]),
    },
  ]
}

async function loadFor(visit: Visit) {
  const loaded = await loadIncident(visit.services, visit.viewer, idOf(visit))
  const space = loaded.spaces.find((one) => one.id === visit.params.space)
  if (!space) throw new Refusal('incidents.space-not-found')
  return { loaded, space }
}

/** What the address or the form names, as far as it is sound. */
function askedItems({ query, values = {} }: Visit): Partial<ChosenItems> {
  const typed = (name: string) => query.get(name) ?? (typeof values[name] === 'string' ? values[name] : undefined)
  const named = [...query.getAll('items'), ...[values.items ?? []].flat().map(String)]
  const tlp = z.enum(tlpLabels).safeParse(typed('tlp'))
  return {
    items: named.filter((one) => item.safeParse(one).success).slice(0, mostItems),
    subject: typed('subject')?.trim().slice(0, 300),
    addressee: typed('addressee'),
    language: languages().find((one) => one === typed('language')),
    ...(tlp.success && { tlp: tlp.data }),
  } as Partial<ChosenItems>
}

async function showMove(visit: Visit, asked: Partial<ChosenItems>, trouble?: string): Promise<Answer> {
  const { services, viewer, language, query } = visit
  const { loaded, space } = await loadFor(visit)
  const others = othersIn(services, space)
  const chosen: ChosenItems = {
    items: asked.items ?? [],
    subject: asked.subject ?? '',
    addressee: others.find((one) => one === asked.addressee) ?? others[0] ?? '',
    language: asked.language ?? language,
    tlp: asked.tlp ?? loaded.incident.marking,
  }
  const isReady = chosen.items.length > 0 && chosen.subject !== '' && query.get('step') !== 'choose'
  const status = trouble === undefined ? {} : { status: 422 as const }
  if (isReady && trouble === undefined) {
    try {
      const items = await requireShareable(services, viewer, loaded, chosen)
      return { page: <PreviewItemsPage {...{ visit, loaded, space, items, chosen }} /> }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return showMove(visit, { ...asked, items: [] }, refusalWords(visit, error))
    }
  }
  const items = await listShareableItems(services, viewer, loaded, chosen)
  return { page: <ChooseItemsPage {...{ visit, loaded, space, items, chosen }} trouble={trouble} />, ...status }
}
