import { z } from 'zod'
import { InvalidInput } from '../../../core/http/index.ts'
import { hash, language, paragraphsOf } from '../../../core/module/fields.ts'
import type { Composer, ComposerProps, Json, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { languages } from '../../../text/index.ts'
import { Checkbox, Field, Hidden, Paper, Quiet, Section, Select, TextArea } from '../../../web/index.ts'
import { type ForwardedBody, forwardedBody, type ForwardedText, type Use } from '../acts.ts'
import { consentsNeeded, requireConsents, type Standing } from '../consents.ts'
import { filesOf, loadOrigin, originWords, passageOf, proofOf, type Sight } from '../load-origin.ts'
import { ConsentPanel } from '../pages/consent-panel.tsx'

const forwardInput = z.object({
  act: hash,
  mode: z.enum(['copy', 'proof']).default('copy'),
  language: language.default('en'),
  subject: z.string().trim().min(1).max(300),
  text: z.string().trim().max(100_000).default(''),
  files: z.union([z.literal('').transform(() => undefined), z.literal('yes')]).optional(),
})
type ForwardInput = z.infer<typeof forwardInput>

export const readersOf = ({ party }: Pick<Services, 'party'>, space: SpaceFacts): string[] =>
  space.members.filter((one) => one.until === undefined && one.party !== party).map((one) => one.party)

/** Consent can be withdrawn while a draft waits: who releases it is asked again. */
export async function requireForwardable(services: Services, viewer: Sight, body: Json): Promise<void> {
  const { origin, to, mode } = forwardedBody.parse(body)
  const { act } = await loadOrigin(services, viewer, origin.act)
  requireConsents(await consentsNeeded(services, act, { use: mode, to }), { field: 'act', originator: origin.party })
}

async function ForwardFields({ services, viewer, space, values, errors, query, t, language: reader }: ComposerProps) {
  const act = String(values.act ?? query.get('act') ?? '')
  if (act === '') return <Quiet>{t('originator.forward.from-timeline')}</Quiet>
  const origin = await loadOrigin(services, viewer, act)
  const { author: party, type } = origin.act.statement
  const mode = String(values.mode ?? query.get('mode') ?? 'copy') as Use
  const standings = await consentsNeeded(services, origin.act, { use: mode, to: readersOf(services, space) })
  const what = originWords(
    services,
    { type, party, number: origin.number },
    { t, language: reader, body: origin.content.body },
  )
  return (
    <>
      <Hidden name="act" value={act} />
      <Hidden name="language" value={languages().includes(reader) ? reader : 'en'} />
      <Section title={t('originator.forward.handed-on', { what })} id="handed-on">
        <Paper>
          {passageOf(origin).map((paragraph, at) => (
            <p key={at}>{paragraph}</p>
          ))}
        </Paper>
        <ConsentPanel {...{ services, viewer, t, language: reader, origin, standings, use: mode, space: space.id }} />
      </Section>
      <Select
        name="mode"
        label={t('originator.forward.mode')}
        hint={t('originator.forward.mode-hint')}
        value={mode}
        error={errors.mode ?? errors.act}
        options={(['copy', 'proof'] as const).map((one) => ({ value: one, label: t(`originator.use.${one}`) }))}
      />
      {origin.content.attachments.length > 0 && (
        <Checkbox
          name="files"
          value="yes"
          label={t('originator.forward.files', { count: origin.content.attachments.length })}
          checked={values.subject === undefined || values.files === 'yes'}
        />
      )}
      <Field
        name="subject"
        label={t('channels.note.subject')}
        value={String(values.subject ?? what)}
        error={errors.subject}
        required
        maxlength={300}
      />
      <TextArea
        name="text"
        label={t('originator.forward.covering')}
        value={String(values.text ?? '')}
        error={errors.text}
        rows={5}
        required={false}
      />
    </>
  )
}

/** A letter that hands on another act’s content under its author’s name. */
export const forwardComposer: Composer<ForwardInput> = {
  type: 'originator.material-forwarded',
  wish: 'originator.wish.forward',
  begunAtAct: true,
  input: forwardInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('originator.material-forwarded:draft') && readersOf(services, space).length > 0,
  Fields: ForwardFields,
  async compose(services, viewer, space, input) {
    const origin = await loadOrigin(services, viewer, input.act)
    if (origin.space.id === space.id) throw InvalidInput.at('act', 'originator.invalid.same-space')
    const { statement } = origin.act
    const to = readersOf(services, space)
    const standings = await consentsNeeded(services, origin.act, { use: input.mode, to })
    requireConsents(standings, { field: 'act', originator: statement.author })
    const body: ForwardedBody = {
      language: input.language,
      to,
      mode: input.mode,
      origin: {
        act: origin.act.hash,
        party: statement.author,
        type: statement.type,
        at: statement.at,
        ...(origin.number !== undefined && { number: origin.number }),
      },
      ...consentsIn(standings),
    }
    const conditions = await conditionsOf(services, viewer, standings)
    const text: ForwardedText = {
      subject: input.subject,
      paragraphs: paragraphsOf(input.text),
      passage: passageOf(origin),
      ...(conditions.length > 0 && { conditions }),
    }
    const attachments = [
      ...(input.files === 'yes' ? await filesOf(services, viewer, origin) : []),
      ...(input.mode === 'proof' ? await proofOf(services, origin) : []),
    ]
    return {
      body: body as unknown as Json,
      text: text as unknown as Json,
      attachments,
      carried: releasedTo(statement.marking, to),
    }
  },
}

/** Who consented to these readers has widened the audience to them; everything else stays as it was marked. */
function releasedTo(marking: ForwardMarking, to: readonly string[]): ForwardMarking {
  return marking.audience ? { ...marking, audience: [...new Set([...marking.audience, ...to])].sort() } : marking
}
type ForwardMarking = Parameters<Composer['compose']>[4]['marking']

function consentsIn(standings: readonly Standing[]): { consents?: string[] } {
  const consents = standings.flatMap(({ request }) => request?.answered_by ?? [])
  return consents.length > 0 ? { consents: [...new Set(consents)] } : {}
}

/** Conditions travel with the words, so that whoever gets them reads both. */
export async function conditionsOf(
  services: Services,
  viewer: Viewer,
  standings: readonly Standing[],
): Promise<string[]> {
  const given = standings.flatMap(({ request }) =>
    request?.conditions && request.answered_by ? [request.answered_by] : [],
  )
  const loaded = await Promise.all([...new Set(given)].map((act) => loadOrigin(services, viewer, act)))
  return loaded.flatMap(({ content }) => wordsOfConditions(content.text))
}

const wordsOfConditions = (text: unknown): string[] => {
  const { conditions } = (text ?? {}) as { conditions?: unknown }
  return typeof conditions === 'string' ? [conditions] : []
}
