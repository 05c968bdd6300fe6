import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../cooling-off/tables.ts'

export const coolingOffTables: Migration = {
  name: 'de-escalation/0001-cooling-off',
  async up(tx) {
    await sql`
      create table view.de_escalation_period (
        space text not null, hash text not null, idx bigint not null, author text not null, sides jsonb not null,
        from_at bigint not null, until_at bigint not null, ends_at bigint not null, zone text not null,
        terms jsonb not null, told text not null, instead_of text, prolongs text, closed_by text, closed_how text,
        closed_party text, agreed_by text, agreed_at bigint, prolonged_by text, ended_by text, ended_party text,
        ended_at bigint, primary key (space, hash));
      create index de_escalation_period_open on view.de_escalation_period (ends_at)
        where closed_by is null and ended_by is null;
      create table view.de_escalation_agreement (
        space text not null, proposal text not null, party text not null, hash text not null, at bigint not null,
        primary key (space, proposal, party));
      create table view.de_escalation_breach (
        space text not null, hash text not null, idx bigint not null, proposal text not null, author text not null,
        party text not null, term text not null, happened_at bigint not null, zone text not null,
        evidence jsonb not null, at bigint not null, primary key (space, hash));
      create table view.de_escalation_answer (
        space text not null, hash text not null, idx bigint not null, statement text not null, author text not null,
        at bigint not null, primary key (space, hash));
    `.execute(tx)
  },
}
