import { sql } from 'kysely'
import { readHouse } from '../../core/auth/index.ts'
import { tlpRank } from '../../core/markings/index.ts'
import { texts } from '../../core/storage/index.ts'
import { tlpLabels } from '../../protocol/index.ts'
import type {
  ActContent,
  BesideDraft,
  Draft,
  DraftVersion,
  Json,
  Services,
  ShownAct,
  SpaceFacts,
  Visit,
} from '../../core/module/types.ts'
import { type Footing, footingOf } from '../../core/release/index.ts'
import { type FileTrouble, troublesOf } from '../files/index.ts'
import { loadOfficeNames } from './office-names.ts'
import { getSpace } from './find-space.ts'
import { pagingWords } from './paging-words.ts'
import { loadFacts } from './show-acts.ts'

/** What a draft is to the person in front of it. */
export interface Review {
  visit: Visit
  draft: Draft
  space: SpaceFacts
  /** As the act will be shown once it is on the record. */
  shown: ShownAct
  /** What the face loads for it, as on every page that shows such an act. */
  facts: unknown
  drafterName: string
  officeName: string
  /** What was submitted before this; undefined the first time. */
  previous?: DraftVersion
  now: number
  /** Whom it pages at the addressee's and when that escalates, sentence by sentence. */
  pages?: string[]
  /** What an outward act rests on, while it can still be changed. */
  footing?: Footing
  /** What its files still ask for before it can be handed on. */
  fileTroubles: FileTrouble[]
  /** The house lets one person release alone in an emergency. */
  allowsEmergency: boolean
  /** Readers who got nothing so marked from us before, through this house’s drafts. */
  newTo: string[]
  /** What other rooms show beside it. */
  others: BesideDraft[]
  errors: Record<string, string>
  /** Why the step somebody just tried came too late. */
  tooLate?: string
}

export async function loadReview(
  visit: Visit,
  draft: Draft,
  said: { errors?: Record<string, string>; tooLate?: string } = {},
): Promise<Review> {
  const { services } = visit
  const space = await getSpace(services, draft.space)
  const isOpen = draft.state === 'drafting' || draft.state === 'awaiting-release'
  const [drafter, versions, now, officeName, house, newTo, footing] = await Promise.all([
    services.people.find(draft.drafter),
    services.drafts.versions?.(draft.id) ?? [],
    services.ledger.scenarioNow(space),
    loadOfficeNames(services),
    readHouse(services.db),
    isOpen ? neverSent(services, draft, space) : [],
    isOpen ? footingOf(services, draft) : undefined,
  ])
  const shown = asShown(draft, space, services.party, now)
  return {
    visit,
    draft,
    space,
    now,
    shown,
    facts: (await loadFacts(services, visit.viewer, [shown])).get(shown.act.hash),
    allowsEmergency: house.emergencyRelease === true,
    newTo,
    ...(footing && { footing }),
    fileTroubles: await troublesOf(services, visit.viewer, draft, space),
    errors: said.errors ?? {},
    others: await Promise.all(
      services.modules.flatMap((module) => module.besideDraft?.(visit, draft, said.errors ?? {}) ?? []),
    ),
    ...(said.tooLate !== undefined && { tooLate: said.tooLate }),
    pages: await pagedWords(visit, draft, space, now),
    officeName: officeName(services.party, draft.office, visit.language),
    drafterName: drafter?.name ?? draft.drafter,
    previous: versions.filter((version) => version.approval !== draft.approval).at(-1),
  }
}

function asShown(draft: Draft, space: SpaceFacts, author: string, now: number): ShownAct {
  const content: ActContent = {
    body: draft.body,
    text: draft.text,
    attachments: draft.attachments.map((one) => ({ ...one, present: true })),
  }
  return {
    space,
    content,
    act: {
      space: space.id,
      index: space.size,
      hash: draft.id,
      time: now,
      scenarioTime: now,
      statement: {
        v: 1,
        space: space.id,
        type: draft.type,
        id: draft.id,
        author,
        office: draft.office,
        seen: { size: space.size, root: space.root },
        at: now,
        refs: draft.refs,
        marking: draft.marking,
        parts: [],
      },
    },
  }
}

/** Readers to whom nothing of that label and class, or narrower, has gone out yet: where a slip of the hand shows. */
async function neverSent({ db, party }: Services, draft: Draft, space: SpaceFacts): Promise<string[]> {
  const readers = space.members.filter((one) => one.until === undefined && one.party !== party).map((one) => one.party)
  if (readers.length === 0) return []
  const { tlp, class: ofClass } = draft.marking
  const asNarrow = tlpLabels.filter((one) => tlpRank(one) >= tlpRank(tlp))
  const rows = await db
    .selectFrom('view.member as m')
    .innerJoin('home.draft as d', 'd.space', 'm.space')
    .select('m.party')
    .distinct()
    .where('m.party', 'in', readers)
    .where('m.until', 'is', null)
    .where('d.state', '=', 'sent')
    .where(sql<boolean>`d.marking ->> 'tlp' = any(${texts(asNarrow)})`)
    .$if(ofClass !== undefined, (query) => query.where(sql<boolean>`d.marking ->> 'class' = ${ofClass}`))
    .execute()
  return readers.filter((one) => !rows.some((row) => row.party === one))
}

/** Whom the draft pages and when that escalates; undefined where it is addressed to nobody in particular. */
async function pagedWords(visit: Visit, draft: Draft, space: SpaceFacts, now: number): Promise<string[] | undefined> {
  const { addressee, deadline, request } = (draft.body ?? {}) as {
    addressee?: Json
    deadline?: { what: string; within: string }
    request?: { to: { contact: string } }
  }
  if (typeof addressee !== 'string') return undefined
  const asked = deadline?.what === 'acknowledge' ? deadline.within : undefined
  return pagingWords(visit, {
    space,
    addressee,
    now,
    ...(asked !== undefined && { asked }),
    ...(request && { contact: request.to.contact }),
  })
}
