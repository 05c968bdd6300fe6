import type { ComponentChildren } from 'preact'
import { z } from 'zod'
import { isDuration } from '../../../core/clocks/index.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { hash, partyName } from '../../../core/module/fields.ts'
import type { Answer, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime } from '../../../text/index.ts'
import {
  Button,
  ErrorSummary,
  Form,
  Hidden,
  LeavesStays,
  PageHead,
  Pairs,
  Quiet,
  Reg,
  Row,
  Select,
  TextArea,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { admittedRoles } from '../admission-acts.ts'
import { getSpace } from '../find-space.ts'
import {
  admitMember,
  agreeToAdmission,
  type Changed,
  endMembership,
  proposeAdmission,
  vetoAdmission,
} from '../membership/change.ts'
import { loadMembership } from '../membership/standing.ts'
import { activeMembers, isMember, listNames, titleOf } from '../space-words.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const reason = z.string().trim().min(1).max(10_000)
const offeredWindows = ['PT1H', 'PT24H', 'PT72H', 'P7D']

export const admitInput = z.object({
  id,
  party: partyName,
  role: z.enum(admittedRoles),
  /** Where members may object first. */
  within: z.string().max(40).refine(isDuration, 'spaces.invalid.duration').optional(),
  reason: z.string().trim().max(10_000).optional(),
})
export const agreeInput = z.object({ id })
export const vetoInput = z.object({ id, reason })
export const leaveInput = z.object({ id })
export const removeInput = z.object({ id, party: partyName })

/** The frame of an outward step that changes who is in. */
function StepPage({ visit, space, title, lead, children }: StepProps) {
  const { t, language } = visit
  return (
    <Framed visit={visit} title={title} current="/spaces" drill={space.drill}>
      <PageHead form={titleOf(space, language)} title={title} lead={lead} />
      {children}
      <p>
        <a href={`/spaces/${space.id}/members`}>{t('spaces.change.back')}</a>
      </p>
    </Framed>
  )
}

interface StepProps {
  visit: Visit
  space: SpaceFacts
  title: string
  lead?: string
  children: ComponentChildren
}

function changed({ t, params }: Visit, done: Changed): Answer {
  return {
    redirect: `/spaces/${params.space}/members`,
    data: { ...done },
    notice: done.withoutEffect === 'awaits-agreement' ? t('spaces.change.awaits') : t(`spaces.sent.${done.state}`),
  }
}

const changing = async (visit: Visit<{ id: string }>) => ({
  services: visit.services,
  viewer: visit.viewer,
  space: await getSpace(visit.services, visit.params.space),
  id: visit.input.id,
})

/** Two steps at one address: whom and as what, then what leaves and who reads what afterwards. */
export async function admitForm(visit: Visit, errors: Record<string, string> = {}): Promise<Answer> {
  const { services, viewer, t, language, query } = visit
  const space = await getSpace(services, visit.params.space)
  const { way } = await loadMembership(services, viewer, space)
  if (way === 'none') throw new Refusal('spaces.not-ours-to-admit')
  const values: Record<string, unknown> = { ...Object.fromEntries(query), ...visit.values }
  const peers = (await services.peers.list()).filter((one) => one.state === 'pinned' && !isMember(space, one.party))
  const peer = peers.find((one) => one.party === values.party)
  const role = admittedRoles.find((one) => one === values.role) ?? 'member'
  const title = t('spaces.change.admit.title')
  if (!peer) {
    return {
      page: (
        <StepPage visit={visit} space={space} title={title} lead={t(`spaces.members.rule.${ruleKey(way)}`)}>
          {peers.length === 0 ? (
            <Quiet>
              {t('spaces.change.admit.nobody')} <a href="/peers">{t('spaces.open.to-peers')}</a>
            </Quiet>
          ) : (
            <Form method="get" action={`/spaces/${space.id}/members/admit`}>
              <Select
                name="party"
                label={t('spaces.members.party')}
                hint={t('spaces.open.members-hint')}
                options={peers.map(({ party }) => ({ value: party, label: services.nameOf(party, language) }))}
              />
              <Select
                name="role"
                label={t('spaces.members.role')}
                options={admittedRoles.map((one) => ({ value: one, label: t(`spaces.role.${one}`) }))}
              />
              <Row>
                <Button label={t('spaces.change.admit.next')} />
              </Row>
            </Form>
          )}
        </StepPage>
      ),
    }
  }
  return {
    page: (
      <AdmitReview
        visit={visit}
        space={space}
        way={await wayNow(visit, space, peer.party)}
        peer={peer}
        role={role}
        errors={errors}
      />
    ),
  }
}

const ruleKey = (way: string) => (way === 'alone' ? 'presiding' : way)

/** A window that ended without a veto leaves only the admission itself to sign. */
async function wayNow({ services, viewer }: Visit, space: SpaceFacts, party: string): Promise<string> {
  const { way, windows } = await loadMembership(services, viewer, space)
  return way === 'window' && windows.some((one) => one.party === party && one.state === 'free') ? 'after-window' : way
}

function AdmitReview({
  visit,
  space,
  way,
  peer,
  role,
  errors,
}: {
  visit: Visit
  space: SpaceFacts
  way: string
  peer: { party: string; fingerprint: string }
  role: string
  errors: Record<string, string>
}) {
  const { services, t, language, values } = visit
  const party = services.nameOf(peer.party, language)
  const present = activeMembers(space, services.party).map((one) => one.party)
  const action = `/spaces/${space.id}/members/admit`
  return (
    <StepPage
      visit={visit}
      space={space}
      title={t(way === 'window' ? 'spaces.change.propose.of' : 'spaces.change.admit.of', { party })}
      lead={t(`spaces.change.admit.how.${way}`, { party })}
    >
      <ErrorSummary errors={errors} labels={{ reason: t('spaces.change.reason'), within: t('spaces.change.within') }} />
      <LeavesStays
        leaves={[
          t(way === 'window' ? 'spaces.change.propose.leaves' : 'spaces.change.admit.leaves', {
            party,
            role: t(`spaces.role.${role}`),
          }),
        ]}
        stays={[t('spaces.change.admit.stays')]}
      />
      <Pairs
        items={[
          { term: t('spaces.change.reads-now'), detail: listNames(present, services, language) },
          { term: t('spaces.change.afterwards'), detail: t('spaces.change.admit.afterwards', { party }) },
          { term: t('spaces.change.fingerprint'), detail: <Reg text={peer.fingerprint} /> },
        ]}
      />
      <Form action={action}>
        <Hidden name="id" value={String(values?.id ?? newId())} />
        <Hidden name="party" value={peer.party} />
        <Hidden name="role" value={role} />
        {way === 'window' && (
          <>
            <Select
              name="within"
              label={t('spaces.change.within')}
              hint={t('spaces.change.within-hint')}
              value={String(values?.within ?? 'PT24H')}
              error={errors.within}
              options={offeredWindows.map((one) => ({ value: one, label: t(`spaces.duration.${one}`) }))}
            />
            <TextArea
              name="reason"
              label={t('spaces.change.reason')}
              hint={t('spaces.change.reason-hint')}
              value={String(values?.reason ?? '')}
              error={errors.reason}
              rows={4}
              maxlength={10_000}
              required
            />
          </>
        )}
        <Row>
          <Button label={t(way === 'window' ? 'spaces.change.propose.do' : 'spaces.change.admit.do')} />
        </Row>
      </Form>
    </StepPage>
  )
}

export async function admit(visit: Visit<z.infer<typeof admitInput>>): Promise<Answer> {
  const { party, role, within, reason: why = '' } = visit.input
  const change = await changing(visit)
  // Only the form of a window asks how long it lasts.
  if (within === undefined) return changed(visit, await admitMember(change, { party, role }))
  if (why === '') throw InvalidInput.at('reason', 'http.invalid.required')
  return changed(visit, await proposeAdmission(change, { party, role, within, reason: why }))
}

/** What the other member signed, and what our agreement does. */
export async function agreeForm(visit: Visit): Promise<Answer> {
  const { services, viewer, t, language, params } = visit
  const space = await getSpace(services, params.space)
  const { awaited } = await loadMembership(services, viewer, space)
  const asked = awaited.find((one) => one.act.hash === hash.safeParse(params.act).data)
  if (!asked || asked.agreedBy.includes(services.party)) throw new Refusal('spaces.nothing-to-agree')
  const peer = await services.peers.find(asked.party)
  const party = services.nameOf(asked.party, language)
  const facts = { party, role: t(`spaces.role.${asked.role}`), by: services.nameOf(asked.agreedBy[0] ?? '', language) }
  const isSame = peer?.state === 'pinned' && peer.fingerprint === asked.fingerprint
  return {
    page: (
      <StepPage
        visit={visit}
        space={space}
        title={t('spaces.change.agree.title', facts)}
        lead={t('spaces.change.agree.lead', facts)}
      >
        <LeavesStays leaves={[t('spaces.change.admit.leaves', facts)]} stays={[t('spaces.change.admit.stays')]} />
        <Pairs
          items={[
            { term: t('spaces.members.signed'), detail: formatDateTime(asked.act.time, viewer.person.zone, language) },
            { term: t('spaces.change.afterwards'), detail: t('spaces.change.admit.afterwards', facts) },
            { term: t('spaces.change.fingerprint'), detail: <Reg text={asked.fingerprint} /> },
          ]}
        />
        {isSame ? (
          <Form action={`/spaces/${space.id}/members/agree/${asked.act.hash}`}>
            <Hidden name="id" value={newId()} />
            <Row>
              <Button label={t('spaces.change.agree.do')} />
            </Row>
          </Form>
        ) : (
          <Quiet>
            {t(peer?.state === 'pinned' ? 'refusal.spaces.snapshot-differs' : 'refusal.spaces.not-compared')}{' '}
            <a href="/peers">{t('spaces.open.to-peers')}</a>
          </Quiet>
        )}
      </StepPage>
    ),
  }
}

export async function agree(visit: Visit<z.infer<typeof agreeInput>>): Promise<Answer> {
  return changed(visit, await agreeToAdmission(await changing(visit), visit.params.act ?? ''))
}

/** An objection, with its reason; it stops the admission. */
export async function vetoForm(visit: Visit, errors: Record<string, string> = {}): Promise<Answer> {
  const { services, viewer, t, language, params, values } = visit
  const space = await getSpace(services, params.space)
  const { windows } = await loadMembership(services, viewer, space)
  const window = windows.find((one) => one.proposal === params.proposal)
  if (window?.state !== 'open' || window.author === services.party) throw new Refusal('spaces.nothing-to-veto')
  const facts = { party: services.nameOf(window.party, language), by: services.nameOf(window.author, language) }
  const present = activeMembers(space, services.party).map((one) => one.party)
  return {
    page: (
      <StepPage
        visit={visit}
        space={space}
        title={t('spaces.change.veto.title', facts)}
        lead={t('spaces.change.veto.lead', facts)}
      >
        <ErrorSummary errors={errors} labels={{ reason: t('spaces.change.reason') }} />
        <Form action={`/spaces/${space.id}/members/admissions/${window.proposal}/veto`}>
          <Hidden name="id" value={String(values?.id ?? newId())} />
          <TextArea
            name="reason"
            label={t('spaces.change.veto.reason')}
            hint={t('spaces.change.reason-hint')}
            value={String(values?.reason ?? '')}
            error={errors.reason}
            rows={4}
            maxlength={10_000}
            required
          />
          <LeavesStays leaves={[t('spaces.change.veto.leaves', facts)]} stays={[t('spaces.change.admit.stays')]} />
          <Quiet>{t('spaces.change.read-by', { parties: listNames(present, services, language) })}</Quiet>
          <Row>
            <Button label={t('spaces.change.veto.do')} />
          </Row>
        </Form>
      </StepPage>
    ),
  }
}

export async function veto(visit: Visit<z.infer<typeof vetoInput>>): Promise<Answer> {
  const done = await vetoAdmission(await changing(visit), visit.params.proposal ?? '', visit.input.reason)
  return changed(visit, done)
}

/** Our own leaving: what we keep and what ends. */
export async function leaveForm(visit: Visit): Promise<Answer> {
  const { services, t } = visit
  const space = await getSpace(services, visit.params.space)
  if (!isMember(space, services.party)) throw new Refusal('spaces.not-a-member')
  const isHost = space.host === services.party
  return {
    page: (
      <StepPage
        visit={visit}
        space={space}
        title={t('spaces.change.leave.title')}
        lead={t(isHost ? 'refusal.spaces.host-stays' : 'spaces.change.leave.lead')}
      >
        {!isHost && <EndForm visit={visit} space={space} party={services.party} what="leave" />}
      </StepPage>
    ),
  }
}

/** Ending somebody else's membership, where we preside. */
export async function removeForm(visit: Visit): Promise<Answer> {
  const { services, viewer, t, language, query, values } = visit
  const space = await getSpace(services, visit.params.space)
  const party = String(values?.party ?? query.get('party') ?? '')
  const { presides } = await loadMembership(services, viewer, space)
  if (!isMember(space, party)) throw new Refusal('spaces.not-a-member')
  if (!presides || party === space.host || party === services.party) throw new Refusal('spaces.not-ours-to-remove')
  const name = services.nameOf(party, language)
  return {
    page: (
      <StepPage
        visit={visit}
        space={space}
        title={t('spaces.change.remove.title', { party: name })}
        lead={t('spaces.change.remove.lead')}
      >
        <EndForm visit={visit} space={space} party={party} what="remove" />
      </StepPage>
    ),
  }
}

function EndForm({
  visit,
  space,
  party,
  what,
}: {
  visit: Visit
  space: SpaceFacts
  party: string
  what: 'leave' | 'remove'
}) {
  const { services, t, language } = visit
  const facts = { party: services.nameOf(party, language) }
  const others = activeMembers(space, services.party)
    .map((one) => one.party)
    .filter((one) => one !== party)
  return (
    <>
      <LeavesStays
        leaves={[t(`spaces.change.${what}.leaves`, facts)]}
        stays={[t(`spaces.change.${what}.stays`, facts)]}
      />
      <Pairs
        items={[
          { term: t('spaces.change.reads-after'), detail: listNames(others, services, language) },
          { term: t('spaces.change.afterwards'), detail: t(`spaces.change.${what}.afterwards`, facts) },
        ]}
      />
      <Form action={`/spaces/${space.id}/members/${what}`}>
        <Hidden name="id" value={newId()} />
        {what === 'remove' && <Hidden name="party" value={party} />}
        <Row>
          <Button label={t(`spaces.change.${what}.do`, facts)} danger />
        </Row>
      </Form>
    </>
  )
}

export async function leave(visit: Visit<z.infer<typeof leaveInput>>): Promise<Answer> {
  return changed(visit, await endMembership(await changing(visit), visit.services.party))
}

export async function remove(visit: Visit<z.infer<typeof removeInput>>): Promise<Answer> {
  return changed(visit, await endMembership(await changing(visit), visit.input.party))
}
