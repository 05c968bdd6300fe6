import { alphabetical, formatDateTime, formatList } from '../../../text/index.ts'
import type { ActAction, ActFace, FaceProps, Services, ShownAct } from '../../../core/module/types.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import { ClockChip, Quiet } from '../../../web/index.ts'
import type { DraftTabledText } from '../acts.ts'
import { wordingOf } from '../bracketed-text.ts'
import { type DraftState, listDrafts, listResolutions, listSeekings, type SeekingState } from '../queries.ts'

type With<F, P = FaceProps> = Omit<P, 'facts'> & { facts?: F }

const hashesOf = (acts: ShownAct[]) => acts.map((one) => one.act.hash)

function isChair({ shown, services }: Pick<FaceProps, 'shown' | 'services'>): boolean {
  return shown.space.members.some(
    (one) => one.party === services.party && one.role === 'chair' && one.until === undefined,
  )
}

function isMember({ shown, services }: Pick<FaceProps, 'shown' | 'services'>): boolean {
  return shown.space.members.some(
    (one) => one.party === services.party && one.role === 'member' && one.until === undefined,
  )
}

function resolvedOptions(state: DraftState | undefined): Map<string, number> {
  return new Map(
    (state?.brackets ?? []).flatMap((one) =>
      one.resolvedOption === undefined ? [] : [[one.bracket, one.resolvedOption] as const],
    ),
  )
}

export const draftFace: ActFace<unknown, DraftTabledText> = {
  type: 'forums.draft-tabled',
  form: (t) => t('forums.draft.form'),
  headline: ({ shown, t }) => shown.content?.text?.title ?? t('forums.withheld'),
  load: (services, acts) => listDrafts(services.db, { hashes: hashesOf(acts) }),
  Document({ shown, facts }: With<DraftState, FaceProps<unknown, DraftTabledText>>) {
    const text = shown.content?.text
    if (!text) return null
    return (
      <>
        <h3 dir="auto">{text.title}</h3>
        {wordingOf(text, resolvedOptions(facts)).map((paragraph, index) => (
          <p key={index} dir="auto">
            {paragraph}
          </p>
        ))}
      </>
    )
  },
  async margin({ services, t, language, facts }: With<DraftState>) {
    if (!facts) return null
    const open = facts.brackets.filter((one) => one.resolvedOption === undefined).length
    return (
      <>
        <ClockChip
          state={open === 0 ? 'done' : 'due'}
          text={open === 0 ? t('forums.draft.clean') : t('forums.draft.open-brackets', { count: open })}
        />
        <p>
          {t('forums.draft.sponsors', {
            parties: formatList(
              facts.sponsors
                .map((party) => services.nameOf(party, language))
                .toSorted(alphabetical(language, (name) => name)),
              language,
            ),
          })}
        </p>
      </>
    )
  },
  async actions(props: With<DraftState, FaceProps<unknown, DraftTabledText>>): Promise<ActAction[]> {
    const { shown, services, viewer, facts } = props
    if (!facts) return []
    const base = `/spaces/${shown.space.id}/drafts/${shown.act.hash}`
    const actions: ActAction[] = []
    if (isMember(props) && !facts.sponsors.includes(services.party) && viewer.may('forums.sponsor-joined:send'))
      actions.push({ label: 'forums.action.sponsor', method: 'POST', href: `${base}/sponsor` })
    if ((isMember(props) || isChair(props)) && viewer.may('forums.resolution-proposed:send'))
      for (const one of facts.brackets.filter((bracket) => bracket.resolvedOption === undefined))
        for (const [option, wording] of (shown.content?.text?.options[one.bracket] ?? []).entries())
          actions.push({
            label: 'forums.action.propose',
            labelFacts: { wording },
            method: 'POST',
            href: `${base}/propose`,
            fields: { bracket: one.bracket, option: String(option) },
          })
    return actions
  },
}

export const sponsorFace: ActFace<{ draft: string }> = {
  type: 'forums.sponsor-joined',
  form: (t) => t('forums.sponsor.form'),
  headline: ({ t }) => t('forums.sponsor.headline'),
  Document: ({ shown, services, t, language }) => (
    <p>{t('forums.sponsor.sentence', { party: services.nameOf(shown.act.statement.author, language) })}</p>
  ),
}

interface ResolutionBody {
  draft: string
  bracket: string
  option: number
}

interface ResolutionFacts {
  wording?: string
  seekings: SeekingState[]
}

async function loadResolutions(
  services: Services,
  acts: ShownAct[],
  viewer: FaceProps['viewer'],
): Promise<Map<string, ResolutionFacts>> {
  const rows = await listResolutions(services.db, hashesOf(acts))
  const drafts = await revealedContents<unknown, DraftTabledText>(
    services,
    viewer,
    rows.map((row) => row.draft),
  )
  const seekings = await listSeekings(services.db, { proposals: rows.map((row) => row.hash) })
  return new Map(
    rows.map((row) => [
      row.hash,
      {
        wording: drafts.get(row.draft)?.text?.options[row.bracket]?.[row.option],
        seekings: seekings.filter((one) => one.proposal === row.hash),
      },
    ]),
  )
}

export const resolutionFace: ActFace<ResolutionBody> = {
  type: 'forums.resolution-proposed',
  form: (t) => t('forums.resolution.form'),
  headline: ({ t, facts }: With<ResolutionFacts>) =>
    facts?.wording ? t('forums.resolution.headline', { wording: facts.wording }) : t('forums.resolution.form'),
  load: loadResolutions,
  Document: () => null,
  async actions(props: With<ResolutionFacts>): Promise<ActAction[]> {
    const { shown, viewer, facts } = props
    if (!facts || facts.seekings.length > 0 || !isChair(props) || !viewer.may('forums.consensus-sought:send')) return []
    return [
      {
        label: 'forums.action.seek-consensus',
        method: 'POST',
        href: `/spaces/${shown.space.id}/proposals/${shown.act.hash}/seek-consensus`,
        fields: { within: shown.space.terms.objectWithin ?? 'PT72H' },
        primary: true,
      },
    ]
  },
}

export const seekingFace: ActFace<{ proposal: string; within: string }> = {
  type: 'forums.consensus-sought',
  form: (t) => t('forums.seeking.form'),
  headline: ({ t }) => t('forums.seeking.headline'),
  async load(services, acts) {
    const rows = await listSeekings(services.db, { hashes: hashesOf(acts) })
    return new Map(rows.map((row) => [row.hash, row]))
  },
  Document: ({ t }) => <p>{t('forums.seeking.sentence')}</p>,
  async margin({ services, viewer, t, language, facts }: With<SeekingState>) {
    if (!facts) return null
    return (
      <>
        <ClockChip
          state={facts.declaredBy ? 'done' : 'due'}
          text={
            facts.declaredBy
              ? t('forums.seeking.declared')
              : t('forums.seeking.until', { time: formatDateTime(facts.until, viewer.person.zone, language) })
          }
        />
        <Quiet small>
          {facts.objections.length === 0
            ? t('forums.seeking.no-objection')
            : t('forums.seeking.objections', {
                parties: formatList(
                  facts.objections.map((party) => services.nameOf(party, language)),
                  language,
                ),
              })}
        </Quiet>
      </>
    )
  },
  async actions(props: With<SeekingState>): Promise<ActAction[]> {
    const { shown, services, viewer, facts } = props
    if (!facts || facts.declaredBy) return []
    const now = await services.ledger.scenarioNow(shown.space)
    const base = `/spaces/${shown.space.id}`
    if (isChair(props)) {
      const ripe = now >= facts.until && facts.objections.length === 0
      if (!ripe || !viewer.may('forums.decision-declared:send')) return []
      const href = `${base}/sought/${shown.act.hash}/declare`
      return [{ label: 'forums.action.declare', method: 'POST', href, primary: true }]
    }
    const mayObject = now <= facts.until && isMember(props) && !facts.objections.includes(services.party)
    if (!mayObject || !viewer.may('forums.objection-raised:draft')) return []
    const href = `${base}/write/forums.objection-raised?sought=${shown.act.hash}`
    return [{ label: 'forums.action.object', method: 'GET', href }]
  },
}

export const decisionFace: ActFace<{ sought: string }> = {
  type: 'forums.decision-declared',
  form: (t) => t('forums.decision.form'),
  headline: ({ t, facts }: With<{ wording?: string }>) =>
    facts?.wording ? t('forums.decision.headline-wording', { wording: facts.wording }) : t('forums.decision.headline'),
  async load(services, acts, viewer) {
    const seekings = await listSeekings(services.db, {
      hashes: acts.flatMap((one) => (one.content?.body?.sought ? [one.content.body.sought] : [])),
    })
    const resolutions = await listResolutions(
      services.db,
      seekings.map((one) => one.proposal),
    )
    const drafts = await revealedContents<unknown, DraftTabledText>(
      services,
      viewer,
      seekings.map((one) => one.draft),
    )
    const wordings = new Map(
      seekings.map((seeking) => {
        const row = resolutions.find((one) => one.hash === seeking.proposal)
        return [seeking.hash, row && drafts.get(seeking.draft)?.text?.options[row.bracket]?.[row.option]]
      }),
    )
    return new Map(acts.map((one) => [one.act.hash, { wording: wordings.get(one.content?.body?.sought ?? '') }]))
  },
  Document: ({ t }) => <p>{t('forums.decision.sentence')}</p>,
}
