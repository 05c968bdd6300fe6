import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { DraftTabledText } from './acts.ts'
import { wordingOf } from './bracketed-text.ts'
import { type DraftState, listDrafts, listItems } from './queries.ts'

export interface ForumDraft {
  act: string
  title?: string
  /** The text as it reads now; open brackets show every wording. */
  paragraphs: string[]
  author: string
  sponsors: string[]
  openBrackets: number
}

export interface Forum {
  space: string
  title: Record<string, string>
  drill?: { name: string }
  items: { item: string; act: string; title?: string; drafts: ForumDraft[] }[]
}

/** Forums of ours with their agenda and where each draft stands; as many queries however many there are. */
export async function listForums(services: Services, viewer: Viewer): Promise<Forum[]> {
  const spaces = await services.ledger.list({ kind: 'forum' })
  const ids = spaces.map((space) => space.id)
  const [items, drafts] = await Promise.all([listItems(services.db, ids), listDrafts(services.db, { spaces: ids })])
  const contents = await revealedContents<unknown, { title: string } | DraftTabledText>(services, viewer, [
    ...items.map((one) => one.hash),
    ...drafts.keys(),
  ])
  return spaces.map((space) => ({
    space: space.id,
    title: space.title,
    drill: space.drill,
    items: items
      .filter((one) => one.space === space.id)
      .map((one) => ({
        item: one.item,
        act: one.hash,
        title: contents.get(one.hash)?.text?.title,
        drafts: [...drafts.values()]
          .filter((draft) => draft.space === space.id && draft.item === one.item)
          .map((draft) => forumDraft(draft, contents.get(draft.hash)?.text as DraftTabledText | undefined)),
      })),
  }))
}

function forumDraft(draft: DraftState, text: DraftTabledText | undefined): ForumDraft {
  const resolved = new Map(
    draft.brackets.flatMap((one) =>
      one.resolvedOption === undefined ? [] : [[one.bracket, one.resolvedOption] as const],
    ),
  )
  return {
    act: draft.hash,
    title: text?.title,
    paragraphs: text ? wordingOf(text, resolved) : [],
    author: draft.author,
    sponsors: draft.sponsors,
    openBrackets: draft.brackets.length - resolved.size,
  }
}
