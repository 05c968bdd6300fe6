import type { Draft, Drafts, DraftVersion, Viewer } from '../module/types.ts'
import { releaseDraft, submitDraft } from './clear-draft.ts'
import type { DraftServices } from './context.ts'
import { releaseInEmergency } from './emergency.ts'
import { readDraft } from './draft-row.ts'
import { groundDraft } from './ground-draft.ts'
import { saveDraft } from './save-draft.ts'
import { signDue } from './sign-due.ts'
import { discardDraft, giveBackDraft, stopDraft } from './take-back-draft.ts'
import { traceDraft } from './trace-draft.ts'

/** Drafts of this node and the way from draft to signed act. */
export function createDrafts(services: DraftServices): Required<Drafts> {
  // What has no hold (or a hold already over) is signed before the person sees the next page.
  const thenSign = async (draft: Draft): Promise<Draft> => {
    const scenarioNow = draft.state === 'held' ? await services.ledger.scenarioNow(draft.space) : 0
    if (draft.state !== 'held' || draft.holdUntil! > scenarioNow) return draft
    await signAndTell()
    return (await findDraft(services, draft.id)) ?? draft
  }
  const tell = (id: string) => services.live.publish(`draft:${id}`)
  const changed = (draft: Draft): Draft => {
    tell(draft.id)
    return draft
  }
  const signAndTell = async () => {
    for (const id of await signDue(services)) tell(id)
  }
  return {
    save: async (viewer, draft) => changed(await saveDraft(services, viewer, draft)),
    find: (id) => findDraft(services, id),
    listFor: (viewer) => listDrafts(services, viewer),
    submit: async (viewer, id, approval, said) =>
      changed(await thenSign(await submitDraft(services, viewer, id, approval, said))),
    release: async (viewer, id, approval, said) =>
      changed(await thenSign(await releaseDraft(services, viewer, id, approval, said))),
    emergency: async (viewer, id, said) =>
      changed(await thenSign(await releaseInEmergency(services, viewer, id, said))),
    ground: async (viewer, id, waitMs) => changed(await groundDraft(services, viewer, id, waitMs)),
    stop: async (viewer, id) => changed(await stopDraft(services, viewer, id)),
    giveBack: async (viewer, id, why) => changed(await giveBackDraft(services, viewer, id, why)),
    discard: async (viewer, id) => {
      await discardDraft(services, viewer, id)
      tell(id)
    },
    signDue: signAndTell,
    trace: (id) => traceDraft(services, id),
    versions: (id) => listVersions(services, id),
  }
}

async function findDraft({ db }: DraftServices, id: string): Promise<Draft | undefined> {
  const row = await db
    .selectFrom('home.draft')
    .selectAll()
    .where('id', '=', id)
    .where('state', '<>', 'discarded')
    .executeTakeFirst()
  return row && readDraft(db, row)
}

/** Open drafts a viewer wrote in, those of their offices, and those waiting for a release they may give. */
async function listDrafts({ db }: DraftServices, viewer: Viewer): Promise<Draft[]> {
  const rows = await db
    .selectFrom('home.draft')
    .selectAll()
    .where('state', 'in', ['drafting', 'awaiting-release', 'held'])
    .orderBy('updated_at', 'desc')
    .limit(500)
    .execute()
  const drafts = await Promise.all(rows.map((row) => readDraft(db, row)))
  return drafts.filter((draft) => maySeeDraft(viewer, draft))
}

/** Whether a viewer may open a draft: those who wrote in it, their office, those who could release it, legal advisers. */
export function maySeeDraft(viewer: Viewer, draft: Draft): boolean {
  if ((draft.hands ?? [draft.drafter]).includes(viewer.person.id) || draft.releaser === viewer.person.id) return true
  const isHandedOn = draft.state !== 'drafting'
  if (isHandedOn && (viewer.may(`${draft.type}:release`) || viewer.may('clearance.legal:release'))) return true
  return viewer.may(`${draft.type}:draft`, draft.office)
}

async function listVersions({ db }: DraftServices, id: string): Promise<DraftVersion[]> {
  const rows = await db.selectFrom('home.draft_version').selectAll().where('draft', '=', id).orderBy('number').execute()
  return rows.map(({ draft: _, text, ...row }) => ({ ...row, text: text ?? undefined }))
}
