import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const agreementsTables: Migration = {
  name: 'agreements/0001-agreements',
  async up(tx) {
    await sql`
      create table view.agreements_text (
        space text not null, hash text not null, idx bigint not null, author text not null, text_hash text not null,
        languages jsonb not null, superseded_by text, proposed_at bigint not null, agreed_at bigint,
        resolved_space text, resolved_act text, primary key (space, hash));
      create table view.agreements_party (
        space text not null, proposal text not null, party text not null, agreed_by text, agreed_at bigint,
        primary key (space, proposal, party));
      create table view.agreements_commitment (
        space text not null, proposal text not null, paragraph text not null, norm text not null, owner text not null,
        due text not null, zone text not null, in_force_at bigint, state text not null,
        reported_by text, reported_at bigint, primary key (space, proposal, paragraph));
      create index agreements_commitment_owner on view.agreements_commitment (owner, due);
    `.execute(tx)
  },
}
