import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import { filePlan } from '../register/file-plan.ts'
import '../tables.ts'

export const registerTables: Migration = {
  name: 'channels/0003-register',
  async up(tx) {
    await sql`
      create table home.register_file (
        code text primary key, title text not null, years integer, then_what text not null,
        changed_by_name text, changed_at bigint not null);
      create table home.register_filing (
        act text primary key, code text not null references home.register_file (code),
        filed_by text not null, filed_by_name text not null, filed_at bigint not null);
      create index register_filing_code on home.register_filing (code);
      create table home.register_hold (
        number bigint generated always as identity primary key, id text not null unique, code text, act text,
        reason text not null, set_by_name text not null, set_at bigint not null,
        lifted_by_name text, lifted_at bigint);
      create table home.register_no_answer (
        act text primary key, noted_by text not null, noted_by_name text not null, noted_at bigint not null);
    `.execute(tx)
    await tx
      .insertInto('home.register_file')
      .values(filePlan.map((file) => ({ ...file, title: '', changed_by_name: null, changed_at: 0 })))
      .execute()
  },
}
