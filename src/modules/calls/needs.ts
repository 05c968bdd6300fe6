import { actHref } from '../../core/module/act-href.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { unansweredCalls } from './queries.ts'

/** Calls that another side logged with us wait for a yes or a no; nobody owes one. */
export async function callNeeds({ db, party }: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('calls.call-confirmed:send')) return []
  return (await unansweredCalls(db, party)).map((call) => ({
    key: `call:${call.hash}`,
    verb: 'calls.action.confirm',
    form: 'calls.form',
    from: call.author,
    headline: '',
    subjectOf: call.hash,
    href: actHref(call.space, call.hash),
    space: call.space,
    waitsFor: 'me',
  }))
}
