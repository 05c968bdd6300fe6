import { sql } from 'kysely'
import type { Migration } from '../storage/types.ts'

export const migrations: readonly Migration[] = [
  {
    name: 'witnessing/0001-finality-and-witnesses',
    async up(tx) {
      await sql`create schema if not exists home`.execute(tx)
      await sql`
        create table log.finality (
          space text not null, level text not null, size bigint not null, at bigint not null, note text, apart text,
          primary key (space, level, size)
        )`.execute(tx)
      await sql`
        create table log.witnessed_origin (
          origin text primary key, size bigint not null, root bytea not null, note text not null, at bigint not null
        )`.execute(tx)
      await sql`
        create table log.origin_conflict (
          origin text not null, held text not null, came text not null, detail text not null, found_at bigint not null
        )`.execute(tx)
      await sql`
        create table home.submission (
          witness text not null, space text not null, size bigint not null, state text not null, detail text,
          at bigint not null, primary key (witness, space)
        )`.execute(tx)
      await sql`
        create table home.mldsa_key (
          party text primary key, key text not null, seen_at bigint not null
        )`.execute(tx)
      await sql`
        create table view.witnessing_policy (
          space text not null, idx bigint not null, hash text not null, author text not null, text text not null,
          primary key (space, idx)
        )`.execute(tx)
      await sql`
        create table view.witnessing_policy_backer (
          space text not null, text_hash text not null, text text not null, party text not null,
          primary key (space, text_hash, party)
        )`.execute(tx)
    },
  },
]

/** Tables of `view` that a rebuild empties and replays. */
export const views = ['view.witnessing_policy', 'view.witnessing_policy_backer'] as const
