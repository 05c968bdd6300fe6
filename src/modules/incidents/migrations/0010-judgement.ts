import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const incidentsJudgement: Migration = {
  name: 'incidents/0010-judgement',
  async up(tx) {
    // None of assessments recorded before reasons were asked for.
    await sql`alter table home.incidents_assessment add column reasons jsonb, add column band jsonb`.execute(tx)
  },
}
