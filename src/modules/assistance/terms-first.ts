import { Refusal } from '../../core/http/index.ts'
import type { LoggedAct, Services } from '../../core/module/types.ts'
import { findExecution } from './find-request.ts'

/** @throws Refusal while what was handed over to us is under terms that have to be taken before it is opened */
export async function requireTermsTaken({ db, party }: Services, act: LoggedAct): Promise<void> {
  if (act.statement.type !== 'assistance.request-executed') return
  const row = await findExecution(db, act.hash)
  if (row?.taken_first && row.author !== party && row.taken_by === null) throw new Refusal('assistance-terms-first')
}
