import { z } from 'zod'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { partyName } from '../../../core/module/fields.ts'
import type { Composer, Services, SpaceFacts } from '../../../core/module/types.ts'
import { formatDuration } from '../../../text/index.ts'
import { CheckboxGroup, Select } from '../../../web/index.ts'
import { keepHours, openDays } from '../acts.ts'
import { RuleNote } from '../pages/rule-note.tsx'
import { recordsRule } from '../rule.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const input = z.object({
  with: z.union([z.array(partyName), partyName.transform((one) => [one])]).pipe(z.array(partyName).min(1).max(15)),
  keepHours: z.coerce.number().pipe(z.union(keepHours.map((hours) => z.literal(hours)))),
  openDays: z.coerce.number().pipe(z.union(openDays.map((days) => z.literal(days)))),
})

export const roomComposer: Composer<z.infer<typeof input>> = {
  type: 'off-record.room-opened',
  wish: 'off-record.wish.open',
  input,
  mayStart: async (services, viewer, space) =>
    viewer.may('off-record.room-opened:draft') &&
    ['channel', 'case'].includes(space.kind) &&
    othersOf(services, space).length > 0,
  async Fields({ services, space, values, errors, t, language, viewer }) {
    const others = othersOf(services, space)
    const chosen = values.with === undefined && others.length === 1 ? others : [values.with ?? []].flat().map(String)
    return (
      <>
        <p>
          <strong>{t('off-record.meaning')}</strong>
        </p>
        <h2>{t('off-record.rule.title')}</h2>
        <RuleNote rule={await recordsRule(services)} t={t} language={language} zone={viewer.person.zone} />
        <CheckboxGroup
          name="with"
          label={t('off-record.compose.with')}
          values={chosen}
          error={errors.with}
          required
          options={others.map((party) => ({ value: party, label: services.nameOf(party, language) }))}
        />
        <Select
          name="keepHours"
          label={t('off-record.compose.keep')}
          hint={t('off-record.compose.keep-hint')}
          value={String(values.keepHours ?? 24)}
          error={errors.keepHours}
          required
          options={keepHours.map((hours) => ({
            value: String(hours),
            label: formatDuration(hours * hourMs, language),
          }))}
        />
        <Select
          name="openDays"
          label={t('off-record.compose.open')}
          value={String(values.openDays ?? 3)}
          error={errors.openDays}
          required
          options={openDays.map((days) => ({ value: String(days), label: formatDuration(days * dayMs, language) }))}
        />
      </>
    )
  },
  async compose(services, _viewer, space, typed, draft) {
    await requireAllowed(services)
    const others = othersOf(services, space)
    if (!typed.with.every((party) => others.includes(party)))
      throw InvalidInput.at('with', 'off-record.invalid.not-here')
    return {
      body: {
        key: await services.offRecord.prepare(draft.id),
        with: others.filter((party) => typed.with.includes(party)),
        keepHours: typed.keepHours,
        // From the day on which it was written: clearance does not lengthen it.
        until: services.clock.now() + typed.openDays * dayMs,
      },
    }
  },
}

/** @throws Refusal `off-record-forbidden` where the records rule of this house says so */
export async function requireAllowed(services: Services): Promise<void> {
  if ((await recordsRule(services))?.allowed === false) throw new Refusal('off-record-forbidden')
}

function othersOf(services: Services, space: SpaceFacts): string[] {
  return space.members
    .filter(({ party, until, role }) => party !== services.party && until === undefined && role !== 'observer')
    .map(({ party }) => party)
}
