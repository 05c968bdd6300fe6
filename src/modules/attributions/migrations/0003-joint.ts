import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const attributionsJoint: Migration = {
  name: 'attributions/0003-joint',
  async up(tx) {
    await sql`
      create table view.attributions_joint (
        space text not null, hash text not null, idx integer not null, author text not null, text_hash text not null,
        languages jsonb not null, authentic text not null, embargo bigint, superseded_by text, at bigint not null,
        primary key (space, hash));
      create index attributions_joint_act on view.attributions_joint (hash);
      create table view.attributions_signature (
        space text not null, proposal text not null, party text not null, signed_by text not null,
        signed_at bigint not null, withdrawn_by text, withdrawn_at bigint, primary key (space, proposal, party));
      create index attributions_signature_of on view.attributions_signature (proposal);
      create table view.attributions_published (
        space text not null, hash text not null, idx integer not null, proposal text not null, party text not null,
        at bigint not null, early boolean not null, primary key (space, proposal, party));
      create index attributions_published_of on view.attributions_published (proposal);
      create table view.attributions_break (
        space text not null, hash text not null, idx integer not null, proposal text not null, author text not null,
        party text, seen_at bigint not null, primary key (space, hash));
      create index attributions_break_of on view.attributions_break (proposal);
    `.execute(tx)
  },
}
