import { sql } from 'kysely'
import { tlpRank } from '../../core/markings/index.ts'
import type { Registered, RegisteredRow, Viewer } from '../../core/module/types.ts'
import { texts } from '../../core/storage/index.ts'
import { type Tlp, tlpLabels } from '../../protocol/types.ts'

/** Démarches below the ceiling of whoever reads the register. */
export const registered: Registered = {
  kinds: { demarche: 'demarches.form' },
  records: ({ party, viewer }) => [
    sql<RegisteredRow>`
      select null::text as space, d.id, null::bigint as idx, 'demarche' as kind, ${party}::text as author,
        array(select jsonb_array_elements_text(d.capitals)) as addressees, null::text as number,
        null::text as your_ref, d.instructed_at as at, greatest(d.instructed_at, n.at) as last_at,
        case n.furthest when 2 then 'reported' when 1 then 'delivered' else 'instructed' end as state,
        false as is_corrected, d.subject, d.tlp, '/demarches/' || d.id as href, null::text as about
      from home.demarche d
      left join lateral (
        select max(noted_at) as at, max(case kind when 'read-out' then 2 else 1 end) as furthest
        from home.demarche_note where demarche = d.id) n on true
      where d.tlp = any(${texts(readableTo(viewer))})`,
  ],
}

function readableTo(viewer: Viewer | undefined): readonly Tlp[] {
  if (!viewer) return tlpLabels
  return viewer.may('demarches:read') ? tlpLabels.filter((tlp) => tlpRank(tlp) <= tlpRank(viewer.ceiling)) : []
}
