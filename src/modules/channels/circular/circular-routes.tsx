import { z } from 'zod'
import { InvalidInput, Refusal, wordsOf } from '../../../core/http/index.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import { language, paragraphsOf, typedProse } from '../../../core/module/fields.ts'
import type { Answer, Route, Services, Visit } from '../../../core/module/types.ts'
import { newId, tlpLabels } from '../../../protocol/index.ts'
import { filesFields, filesRoutes, formFilesBytes, requireMarking, takeFiles } from '../../files/index.ts'
import { getCircular, getOpenCircular, listBilateral, saveCircular } from './circular.ts'
import { circularHolder, circularTroubles, filesOf, findCircularHolder } from './circular-files.ts'
import { ReviewCircularPage } from './review-page.tsx'
import { stepAll } from './step-all.ts'
import { WriteCircularPage } from './write-page.tsx'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const circularInput = z.object({
  ...typedProse,
  id,
  language,
  /** Spaces with one other party each. */
  recipients: z.array(id).max(250).default([]),
  impliesNoAttribution: z.literal('yes').optional(),
  tlp: z.enum(tlpLabels).default('AMBER'),
  ...filesFields,
  /** To its files rather than to its review. */
  next: z.literal('files').optional(),
})
type CircularInput = z.infer<typeof circularInput>
const clearance = z.object({ approval: z.string().max(100).default('') })

export function circularRoutes(services: Services): Route[] {
  const step = (name: 'submit' | 'release' | 'stop', permission: Route['permission'], summary: string): Route => ({
    method: 'POST',
    path: `/circulars/:circular/${name}`,
    permission,
    input: clearance,
    summary,
    async handle(visit: Visit<{ approval: string }>) {
      const circular = visit.params.circular ?? ''
      await stepAll(services, visit.viewer, { id: circular, step: name, approval: visit.input.approval })
      return { redirect: `/circulars/${circular}`, data: { id: circular } }
    },
  })
  return [
    {
      method: 'GET',
      path: '/circulars/write',
      permission: 'channels.note-sent:draft',
      summary: 'Form of a circular note: one text, separate notes',
      handle: (visit) => showForm(services, visit),
    },
    {
      method: 'POST',
      path: '/circulars',
      permission: 'channels.note-sent:draft',
      input: circularInput,
      fileBytes: formFilesBytes,
      summary: 'Draft a circular note: a separate note to each recipient, each with its own number',
      handle: (visit: Visit<CircularInput>) => save(services, visit),
      onInvalid: (visit, errors) => showForm(services, visit, errors),
    },
    {
      method: 'GET',
      path: '/circulars/:circular',
      permission: 'signed-in',
      summary: 'Review of a circular note: every letter as its recipient will see it',
      async handle(visit) {
        const circular = await getCircular(services, visit.viewer, visit.params.circular ?? '')
        const { drafts, approval } = circular
        const troubles = await circularTroubles(services, visit.viewer, drafts)
        if (!visit.wantsJson) return { page: <ReviewCircularPage {...{ visit, circular, troubles }} /> }
        const letters = drafts.map(({ party, space, draft, written }) => ({
          party,
          space,
          draft,
          state: written.state,
        }))
        const files = filesOf(drafts).map(({ file, parties }) => ({ ...file, parties }))
        return { data: { id: circular.id, approval, letters, files, undecided: troubles.map(({ facts }) => facts) } }
      },
    },
    {
      method: 'GET',
      path: '/circulars/:circular/edit',
      permission: 'channels.note-sent:draft',
      summary: 'Form to change a circular note that was saved, or given back',
      handle: (visit) => showSaved(services, visit),
    },
    ...filesRoutes({
      base: '/circulars/:circular',
      permission: 'channels.note-sent:draft',
      of: 'a circular note',
      find: findCircularHolder,
    }),
    step('submit', 'channels.note-sent:draft', 'Hand all letters of a circular note on for release'),
    step(
      'release',
      'channels.note-sent:release',
      'Release all letters of a circular note: one clearance, separate acts',
    ),
    step('stop', 'signed-in', 'Stop all letters of a circular note during their hold'),
  ]
}

async function showForm(services: Services, visit: Visit<unknown>, errors?: Record<string, string>): Promise<Answer> {
  const bilateral = await listBilateral(services)
  return {
    page: <WriteCircularPage visit={visit} id={newId()} bilateral={bilateral} errors={errors} />,
    status: errors ? 422 : 200,
  }
}

/** As it was typed, with its recipients; what its files made narrower is not in it. */
async function showSaved(services: Services, visit: Visit<unknown>): Promise<Answer> {
  const { id, drafts } = await getOpenCircular(services, visit.viewer, visit.params.circular ?? '')
  const { values = {} } = (drafts[0]?.written.form ?? {}) as { values?: Record<string, unknown> }
  const saved = { ...values, id, recipients: drafts.map(({ space }) => space) }
  const bilateral = await listBilateral(services)
  return { page: <WriteCircularPage visit={visit} id={id} bilateral={bilateral} saved={saved} /> }
}

async function save(services: Services, visit: Visit<CircularInput>): Promise<Answer> {
  const { input, viewer } = visit
  const bilateral = new Map((await listBilateral(services)).map((one) => [one.space.id, one]))
  const chosen = [...new Set(input.recipients)].map((space) => bilateral.get(space))
  if (chosen.length === 0 || chosen.includes(undefined))
    throw InvalidInput.at('recipients', 'channels.circular.invalid.recipients')
  const recipients = chosen.filter((one) => one !== undefined)
  // An exercise and real life never share one text and one clearance.
  if (new Set(recipients.map(({ space }) => space.drill?.name)).size > 1)
    throw InvalidInput.at('recipients', 'channels.circular.invalid.drill')
  if (new Set(recipients.map((one) => one.party)).size < recipients.length)
    throw InvalidInput.at('recipients', 'channels.circular.invalid.twice')
  if (tlpRank(input.tlp) > tlpRank(viewer.ceiling)) throw InvalidInput.at('tlp', 'spaces.invalid.above-ceiling')
  requireMarking(viewer, input.filesTlp)
  try {
    await saveCircular(services, viewer, {
      id: input.id,
      text: {
        language: input.language,
        subject: input.subject,
        paragraphs: paragraphsOf(input.text),
        impliesNoAttribution: input.impliesNoAttribution === 'yes',
        marking: { tlp: input.tlp },
      },
      recipients: recipients.map(({ space, party }) => ({ space: space.id, party })),
    })
    await takeFiles(visit, circularHolder(services, viewer, input.id), input)
  } catch (error) {
    if (visit.wantsJson || !(error instanceof Refusal) || error.facts.field === undefined) throw error
    return showForm(services, visit, { [String(error.facts.field)]: wordsOf(error, visit) })
  }
  const files = await services.attachments.list(input.id)
  const isDecided = files.every(({ state }) => state === 'ready') && input.next !== 'files'
  return { redirect: `/circulars/${input.id}${isDecided ? '' : '/files'}`, data: { id: input.id } }
}
