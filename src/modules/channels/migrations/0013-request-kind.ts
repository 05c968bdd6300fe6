import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/** Which kind of request a note is. Of those from before it is read out of their bodies; sealed ones wait for a rebuild. */
export const requestKindOfNotes: Migration = {
  name: 'channels/0013-request-kind',
  async up(tx) {
    await sql`alter table view.channels_note add column request_kind text`.execute(tx)
    // A blob is 32 bytes of salt and then its content; a body of a note fits into one piece.
    await sql`
      update view.channels_note n set request_kind = b.body -> 'request' ->> 'kind'
      from (
        select e.space, e.act_hash, convert_from(substr(piece.bytes, 33), 'UTF8')::jsonb as body
        from view.channels_note r
        join log.entry e on e.space = r.space and e.act_hash = r.hash
        join log.space s on s.space = e.space and not s.sealed
        join log.part p on p.space = e.space and p.idx = e.idx and p.role = 'body'
        join log.blob_piece piece on piece.commitment = p.hash and piece.piece = 0
        where r.form = 'request') b
      where n.space = b.space and n.hash = b.act_hash`.execute(tx)
  },
}
