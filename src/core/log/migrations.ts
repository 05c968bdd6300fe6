import { sql } from 'kysely'
import type { Migration } from '../storage/types.ts'

export const migrations: readonly Migration[] = [
  {
    name: 'log/0001-log',
    async up(tx) {
      await sql`create schema if not exists log`.execute(tx)
      await sql`
        create table log.space (
          space text primary key, kind text not null, hosted boolean not null,
          host text not null, origin text not null, host_key text not null,
          size bigint not null, root bytea not null, time bigint not null, frozen text
        )`.execute(tx)
      await sql`
        create table log.entry (
          space text not null references log.space, idx bigint not null,
          leaf bytea not null, leaf_hash bytea not null, root bytea not null,
          act_hash text not null, author text not null, act_id text not null, type text not null,
          governance boolean not null, time bigint not null,
          primary key (space, idx), unique (act_hash, space), unique (space, author, act_id)
        )`.execute(tx)
      // Envelopes are base64 of high-entropy bytes: trying to compress them costs time and saves little.
      await sql`alter table log.entry alter column leaf set storage external`.execute(tx)
      // Governance acts alone decide who may write: loading a space reads only these.
      await sql`create index entry_governance on log.entry (space, idx) where governance`.execute(tx)
      await sql`
        create table log.part (
          space text not null, idx bigint not null, ordinal integer not null,
          role text not null, hash text not null, size bigint not null,
          primary key (space, idx, ordinal)
        )`.execute(tx)
      await sql`create index part_hash on log.part (hash)`.execute(tx)
      await sql`
        create table log.node (
          space text not null, level integer not null, idx bigint not null, hash bytea not null,
          primary key (space, level, idx)
        )`.execute(tx)
      await sql`
        create table log.checkpoint (space text primary key, size bigint not null, note text not null)`.execute(tx)
      await sql`
        create table log.cosignature (
          space text not null, size bigint not null, party text not null, time bigint not null, line text not null,
          primary key (space, size, party)
        )`.execute(tx)
      await sql`
        create table log.conflict (
          space text not null, kind text not null, held text not null, came text not null,
          detail text not null, found_at bigint not null,
          primary key (space, kind, came)
        )`.execute(tx)
    },
  },
  {
    name: 'log/0002-views',
    async up(tx) {
      await sql`create schema if not exists view`.execute(tx)
      await sql`create table view.cursor (space text primary key, size bigint not null)`.execute(tx)
      await sql`
        create table view.space (
          space text primary key, kind text not null, title jsonb not null, purpose text not null, host text not null,
          drill jsonb, terms jsonb not null, under jsonb, closed bigint
        )`.execute(tx)
      await sql`
        create table view.member (
          space text not null, party text not null, role text not null, since bigint not null, until bigint,
          primary key (space, party)
        )`.execute(tx)
      await sql`create index member_party on view.member (party)`.execute(tx)
      await sql`
        create table view.drill_clock (
          space text not null, idx bigint not null, set_at bigint not null, scenario bigint not null,
          rate bigint not null, primary key (space, idx)
        )`.execute(tx)
      await sql`
        create table view.without_effect (
          space text not null, idx bigint not null, reason text not null, primary key (space, idx)
        )`.execute(tx)
      await sql`
        create table view.erased_part (
          space text not null, hash text not null, idx bigint not null, tombstone bigint not null,
          primary key (space, idx, hash)
        )`.execute(tx)
      await sql`
        create table view.tender (
          space text not null, idx bigint not null, act text not null, by text not null, at bigint not null,
          primary key (space, idx)
        )`.execute(tx)
      await sql`create index tender_act on view.tender (space, act)`.execute(tx)
      await sql`
        create table view.register (
          space text primary key, party text not null, names jsonb not null, keys jsonb not null, first text not null
        )`.execute(tx)
      await sql`create index register_party on view.register (party)`.execute(tx)
    },
  },
  {
    name: 'log/0003-evidence',
    async up(tx) {
      await sql`
        alter table log.conflict
          add column accused text not null default '', add column role text not null default 'host',
          add column common bigint not null default 0, add column file text, add column evidence bytea`.execute(tx)
      await sql`alter table log.conflict drop constraint conflict_pkey`.execute(tx)
      // One contradiction has one pair of statements per accused: the same pair again is not news.
      await sql`
        create unique index conflict_once on log.conflict (space, kind, role, accused, md5(held), md5(came))`.execute(
        tx,
      )
      await sql`
        create table log.heard (
          space text not null, size bigint not null, note text not null, promised jsonb, primary key (space, note)
        )`.execute(tx)
    },
  },
  {
    name: 'log/0004-sealed-parts',
    async up(tx) {
      // What a sealed part is in the clear; null where the part lies here as it is.
      await sql`alter table log.part add column plain text`.execute(tx)
      await sql`alter table log.space add column sealed boolean not null default false`.execute(tx)
      await sql`create index entry_grant on log.entry (space, idx) where type = 'space.history-granted'`.execute(tx)
      await sql`
        create table view.dark (
          space text not null, idx bigint not null, reason text not null, primary key (space, idx)
        )`.execute(tx)
    },
  },
  {
    name: 'log/0010-witness-lines',
    async up(tx) {
      await sql`
        create table log.witness_line (
          space text not null, size bigint not null, name text not null, key text not null, kind text not null,
          time bigint not null, line text not null,
          primary key (space, size, name, key)
        )`.execute(tx)
      // How far each cosigner has come, without reading every checkpoint it ever signed.
      await sql`create index witness_line_reach on log.witness_line (space, name, key, size)`.execute(tx)
      await sql`create index cosignature_reach on log.cosignature (space, party, size)`.execute(tx)
    },
  },
  {
    name: 'log/0011-handover',
    async up(tx) {
      await sql`
        create table log.handover (
          space text primary key, act text not null, envelope jsonb not null, to_party text not null,
          size bigint not null, root text not null, at bigint not null
        )`.execute(tx)
    },
  },
  {
    name: 'log/0012-entries-stand-alone',
    async up(tx) {
      // Entries come in one statement that locks the row of their space; looking it up again for each costs more.
      await sql`alter table log.entry drop constraint entry_space_fkey`.execute(tx)
    },
  },
  {
    name: 'log/0013-orphans',
    async up(tx) {
      await sql`
        create table log.orphan (
          space text not null, act text not null, idx bigint not null, leaf bytea not null, root bytea not null,
          time bigint not null, host text not null, note text not null, at bigint not null,
          primary key (space, act, idx, root)
        )`.execute(tx)
      await sql`alter table log.handover add column taken_at bigint`.execute(tx)
      await sql`create index orphan_place on log.orphan (space, idx)`.execute(tx)
    },
  },
  {
    name: 'log/0014-purged-parts',
    async up(tx) {
      // What this house may not hold and has destroyed for itself: it is not fetched again. Others keep their copies.
      await sql`
        create table log.purged_part (
          space text not null, hash text not null, idx bigint not null, at bigint not null, primary key (space, hash)
        )`.execute(tx)
    },
  },
]
