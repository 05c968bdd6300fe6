import { z } from 'zod'
import { partyName } from '../../../core/module/fields.ts'
import type { Answer, FaceProps, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { tlpLabels } from '../../../protocol/index.ts'
import { formatList } from '../../../text/index.ts'
import {
  Button,
  CheckboxGroup,
  Details,
  Form,
  Hidden,
  LinkButton,
  PageHead,
  Quiet,
  Row,
  Section,
  Select,
  Table,
  TlpLabel,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { disclosurePurposes, publicAudiences } from '../acts.ts'
import { audienceText } from '../disclosure-words.ts'
import { type DossierPlan, exportDossier, isForPublic, isUnwitnessed, planExport } from '../export-dossier.ts'
import { getSpace } from '../find-space.ts'
import { hasProse, isKin, type PlannedAct, type PlannedSpace, relatedSpaces } from '../plan-dossier.ts'
import { findFace, showActs } from '../show-acts.ts'
import { titleOf } from '../space-words.ts'
import { file } from './proof-page.tsx'

/** Acts of one party that a request for consent can name. */
const mostAsked = 50

const audience = z.union([z.enum(publicAudiences), partyName])
export const dossierInput = z.object({
  purpose: z.enum(disclosurePurposes),
  audience,
  ceiling: z.enum(tlpLabels).default('AMBER'),
  spaces: z
    .array(z.string().regex(/^[0-9a-f]{32}$/))
    .max(50)
    .optional(),
  /** For the public: go on although not all of it is witnessed. */
  unwitnessed: z.literal('yes').optional(),
  wait: z.literal('yes').optional(),
})
/** Step one asks purpose and audience; with them in the address the page lists what goes in and what does not. */
export async function dossierPage(visit: Visit): Promise<Answer> {
  const { services, query, params, t, language } = visit
  const space = await getSpace(services, params.space)
  const asked = dossierInput.safeParse({
    purpose: query.get('purpose') ?? undefined,
    audience: query.get('audience') ?? undefined,
    ceiling: query.get('ceiling') ?? undefined,
    spaces: query.getAll('spaces'),
  })
  const plan = asked.success ? await planExport(services, space, asked.data) : undefined
  const headlines = await Promise.all(plan?.planned.map((one) => headlinesOf(visit, one)) ?? [])
  const title = t('spaces.dossier.title', { space: titleOf(space, language) })
  return {
    page: (
      <Framed visit={visit} title={title} current="/spaces" drill={space.drill}>
        <PageHead form={t('spaces.dossier.form')} title={title} lead={t('spaces.dossier.lead')} />
        <TermsForm
          visit={visit}
          space={space}
          plan={plan}
          related={plan?.related ?? (await relatedSpaces(services, space))}
        />
        {plan && <Plan visit={visit} plan={plan} headlines={headlines} />}
        {plan && <Witnessed visit={visit} plan={plan} />}
        <Section title={t('spaces.dossier.not-proved')}>
          <ul>
            {['true', 'human', 'elsewhere', 'time'].map((one) => (
              <li key={one}>{t(`spaces.dossier.not.${one}`)}</li>
            ))}
          </ul>
        </Section>
        {plan && <MakeForm visit={visit} plan={plan} />}
        <p>
          <a href={`/spaces/${space.id}`}>{t('spaces.write.back')}</a>
        </p>
      </Framed>
    ),
  }
}

function TermsForm({
  visit,
  space,
  plan,
  related,
}: {
  visit: Visit
  space: SpaceFacts
  plan?: DossierPlan
  related: SpaceFacts[]
}) {
  const { services, t, language } = visit
  const members = space.members.map((one) => one.party).filter((party) => party !== services.party)
  const chosen = plan?.chosen ?? related.filter((one) => isKin(one, space)).map((one) => one.id)
  return (
    <Form method="get" action={`/spaces/${space.id}/dossier`}>
      <Select
        name="purpose"
        label={t('spaces.dossier.purpose')}
        value={plan?.terms.purpose ?? 'verification'}
        options={disclosurePurposes.map((one) => ({ value: one, label: t(`spaces.purpose.${one}`) }))}
      />
      <Select
        name="audience"
        label={t('spaces.dossier.audience')}
        value={plan?.terms.audience ?? 'verifier'}
        options={[...publicAudiences, ...members].map((one) => ({
          value: one,
          label: audienceText(one, services, t, language),
        }))}
      />
      <Select
        name="ceiling"
        label={t('spaces.dossier.ceiling')}
        value={plan?.terms.ceiling ?? 'AMBER'}
        options={tlpLabels.map((one) => ({ value: one, label: t(`markings.tlp.${one}`) }))}
      />
      {related.length > 0 && (
        <CheckboxGroup
          name="spaces"
          label={t('spaces.dossier.related')}
          hint={t('spaces.dossier.registers')}
          values={chosen}
          options={related.map((one) => ({
            value: one.id,
            label: `${t(`spaces.kind.${one.kind}`)} · ${titleOf(one, language)}`,
          }))}
        />
      )}
      <Row>
        <Button label={t('spaces.dossier.show')} plain={plan !== undefined} />
      </Row>
    </Form>
  )
}

async function headlinesOf(visit: Visit, { space, acts }: PlannedSpace): Promise<Map<string, string>> {
  const { services, viewer, t, language } = visit
  const shown = await showActs(
    services,
    viewer,
    space,
    acts.map((one) => one.act),
  )
  return new Map(
    shown.map((one) => {
      const face = findFace(services, one.act.statement.type)
      const props: FaceProps = { shown: one, services, viewer, t, language }
      const isReadable = one.content?.body !== undefined && (!hasProse(one.act) || one.content.text !== undefined)
      return [
        one.act.hash,
        face && isReadable ? face.headline(props) : (face?.form(t, one.content?.body) ?? one.act.statement.type),
      ]
    }),
  )
}

function Plan({ visit, plan, headlines }: { visit: Visit; plan: DossierPlan; headlines: Map<string, string>[] }) {
  const { t } = visit
  const { planned } = plan
  const acts = planned.flatMap((one) => one.acts)
  const stubs = acts.filter((one) => one.stub)
  return (
    <Section
      title={t('spaces.dossier.contents', { whole: acts.length - stubs.length, all: acts.length })}
      id="contents"
    >
      {planned.map((one, index) => (
        <PlanTable key={one.space.id} visit={visit} planned={one} headlines={headlines[index] as Map<string, string>} />
      ))}
      <AskConsent visit={visit} plan={plan} />
    </Section>
  )
}

/** How far each space is witnessed, and for the public what that means. */
function Witnessed({ visit, plan }: { visit: Visit; plan: DossierPlan }) {
  const { t, language, services } = visit
  const open = plan.witnessed.filter(isUnwitnessed)
  const missingOf = ({ missing }: DossierPlan['witnessed'][number]) => {
    if (missing.length === 0) return t('spaces.witnessing.nobody')
    const names = missing.map((name) => services.nameOf(name, language))
    return t('spaces.finality.missing.witnessed', { parties: formatList(names, language) })
  }
  return (
    <Section title={t('spaces.dossier.witnessed')} id="witnessed">
      <ul>
        {plan.witnessed.map((one) => (
          <li key={one.space.id}>
            <bdi>{titleOf(one.space, language)}</bdi>:{' '}
            {isUnwitnessed(one)
              ? `${t('spaces.dossier.witnessed-part', { size: one.size, all: one.space.size })} ${missingOf(one)}`
              : t('spaces.dossier.witnessed-all', { all: one.space.size })}{' '}
            <a href={`/spaces/${one.space.id}/witnessing`}>{t('spaces.witnessing.link')}</a>
          </li>
        ))}
      </ul>
      {open.length > 0 && <Quiet>{t(`spaces.dossier.${isForPublic(plan.terms) ? 'for-public' : 'for-others'}`)}</Quiet>}
    </Section>
  )
}

function MakeForm({
  visit: { t, viewer },
  plan: { space, terms, chosen, witnessed },
}: {
  visit: Visit
  plan: DossierPlan
}) {
  if (!viewer.may('spaces.dossier:release')) return <Quiet>{t('spaces.dossier.not-you')}</Quiet>
  return (
    <Section title={t('spaces.dossier.form')}>
      <Form action={`/spaces/${space.id}/dossier`}>
        <Hidden name="purpose" value={terms.purpose} />
        <Hidden name="audience" value={terms.audience} />
        <Hidden name="ceiling" value={terms.ceiling} />
        {chosen.map((id) => (
          <Hidden key={id} name="spaces" value={id} />
        ))}
        <p>{t('spaces.dossier.verify-how')}</p>
        <Row>
          {isForPublic(terms) && witnessed.some(isUnwitnessed) ? (
            <>
              <Button label={t('spaces.dossier.wait-and-make')} name="wait" value="yes" />
              <Button label={t('spaces.dossier.make-unwitnessed')} name="unwitnessed" value="yes" plain />
            </>
          ) : (
            <Button label={t('spaces.dossier.make')} />
          )}
        </Row>
      </Form>
    </Section>
  )
}

function PlanTable({
  visit,
  planned: { space, acts },
  headlines,
}: {
  visit: Visit
  planned: PlannedSpace
  headlines: Map<string, string>
}) {
  const { services, t, language } = visit
  const worded = acts.filter((one) => hasProse(one.act) || one.stub)
  return (
    <>
      <Table
        caption={titleOf(space, language)}
        head={['number', 'what', 'who', 'marking', 'goes-in'].map((name) => t(`spaces.dossier.column.${name}`))}
        rows={worded.map((one) => [
          String(one.act.index),
          <a href={`/spaces/${space.id}/acts/${one.act.hash}`}>{headlines.get(one.act.hash)}</a>,
          services.nameOf(one.act.statement.author, language),
          <TlpLabel marking={one.act.statement.marking} />,
          t(`spaces.dossier.${one.stub ? `stub.${one.stub}` : 'whole'}`),
        ])}
      />
      <Details summary={t('spaces.dossier.structure', { count: acts.length - worded.length })}>
        <Quiet>{t('spaces.dossier.structure-explained')}</Quiet>
      </Details>
    </>
  )
}

/** One button per space: a request that names the acts whose authors were not asked yet. */
function AskConsent({ visit: { t, language }, plan: { planned, terms } }: { visit: Visit; plan: DossierPlan }) {
  const isOpen = (one: PlannedAct) => one.stub === 'not-asked'
  return (
    <Row>
      {planned.flatMap(({ space, acts }) => {
        const missing = acts.filter(isOpen).slice(0, mostAsked)
        if (missing.length === 0) return []
        const query = new URLSearchParams({ purpose: terms.purpose, audience: terms.audience })
        for (const one of missing) query.append('act', one.act.hash)
        return [
          <LinkButton
            key={space.id}
            href={`/spaces/${space.id}/write/spaces.disclosure-requested?${query}`}
            label={t('spaces.dossier.ask-consent', { count: missing.length, space: titleOf(space, language) })}
            plain
          />,
        ]
      })}
    </Row>
  )
}

/** Lines of members that are there come within a second or two; the long wait is for one just switched on. */
const usualWaitMs = 2_000
const longWaitMs = 15_000

/** The file itself. */
export async function makeDossier({ services, params, input }: Visit<z.infer<typeof dossierInput>>): Promise<Answer> {
  const space = await getSpace(services, params.space)
  const { file: bytes } = await exportDossier(services, space, input, input.wait ? longWaitMs : usualWaitMs)
  return file(bytes, { name: 'case.dossier.zip', media: 'application/zip' })
}
