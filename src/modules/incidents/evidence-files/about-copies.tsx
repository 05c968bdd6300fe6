import type { DraftFile } from '../../../core/attachments/index.ts'
import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatList } from '../../../text/index.ts'
import { Quiet } from '../../../web/index.ts'
import type { AboutFile } from '../../files/index.ts'
import { othersIn } from '../share/link-space.ts'

type Asking = Pick<Visit, 'services' | 't' | 'language'>

/** Where copies of files went, or wait: what others hold is no longer removed here. */
export async function aboutCopies(visit: Asking, files: readonly DraftFile[]): Promise<Map<string, AboutFile>> {
  const { services, t } = visit
  const copies = await services.attachments.copiesOf(files.map(({ id }) => id))
  const places = await placesOf(visit, [...new Set(copies.map(({ draft }) => draft))])
  return new Map(
    [...Map.groupBy(copies, ({ of }) => of)].map(([file, all]) => [
      file,
      {
        mayRemove: false,
        beside: all.map(({ draft, signed }) => {
          const place = places.get(draft)
          const words = t(signed ? 'incidents.files.shared' : 'incidents.files.in-draft', {
            parties: place?.parties ?? '',
          })
          return (
            <Quiet key={draft} small>
              {place ? <a href={place.href}>{words}</a> : words}
            </Quiet>
          )
        }),
      },
    ]),
  )
}

async function placesOf({ services, language }: Asking, drafts: readonly string[]) {
  const found = await Promise.all(
    drafts.map(async (id) => {
      const draft = await services.drafts.find(id)
      const space = draft && (await services.ledger.find(draft.space))
      if (!draft || !space) return undefined
      const names = othersIn(services, space).map((party) => services.nameOf(party, language))
      const href = draft.actHash === undefined ? `/drafts/${id}/review` : actHref(space.id, draft.actHash)
      return [id, { href, parties: formatList(names, language) }] as const
    }),
  )
  return new Map(found.filter((one) => one !== undefined))
}
