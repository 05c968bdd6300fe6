import { sql } from 'kysely'
import { tlpRank } from '../../core/markings/index.ts'
import type { Pictured } from '../../core/module/types.ts'
import { texts } from '../../core/storage/index.ts'
import { tlpLabels } from '../../protocol/types.ts'
import './tables.ts'

/** Attributions for pictures of many incidents: what each says now, where that is marked for the reader, as on its page. */
export const picturedAttributions: Pictured = {
  attributions: (_services, { ceiling }) => {
    const labels = tlpLabels.filter((label) => tlpRank(label) <= tlpRank(ceiling))
    return sql`select c.incident, c.claim, trim(c.content->>'accused') as accused, c.content->>'basis' as basis,
        c.content->>'day' as day, c.tlp,
        exists (select from home.attributions_dispute d where d.claim = c.claim) as contested
      from home.attributions_claim c
      where c.tlp = any(${texts(labels)}) and not exists (select from home.attributions_claim later
        where later.claim = c.claim and later.ordinal > c.ordinal)`
  },
}
