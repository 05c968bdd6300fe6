import { actHref } from '../../../core/module/act-href.ts'
import type { ActAction, Answer, LoggedAct, Peer, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { inertHeaders, Refusal } from '../../../core/http/index.ts'
import { formatReceipt, leafHash, toBase64url } from '../../../protocol/index.ts'
import { formatDateTime, formatList, isolate } from '../../../text/index.ts'
import { Details, LinkButton, PageHead, Pairs, Quiet, Reg, Row, Section, Table, TlpLabel } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { clockStateText, owedText } from '../clock-words.ts'
import { listErasureConfirmations } from '../confirm-erasures.ts'
import { missingText } from '../finality.ts'
import { getAct, getSpace } from '../find-space.ts'
import { listNames, titleOf } from '../space-words.ts'
import { dress, type TimelineAct } from '../timeline.ts'
import { ActActions, ActDocument, formOf, headlineOf } from './act-entry.tsx'
import { EraseForm } from './erase-part.tsx'
import { keyText } from './members-page.tsx'

/** One act, what is proved about it in five sentences, and the files that prove it. */
export async function showProof(visit: Visit): Promise<Answer> {
  const { services, params, t, language } = visit
  const space = await getSpace(services, params.space)
  const logged = await getAct(services, space, params.hash)
  const [act] = await dress(visit, space, [logged], space.size)
  if (!act) throw new Refusal('not-found')
  const peer = await services.peers.find(logged.statement.author)
  const now = await services.ledger.scenarioNow(space)
  const confirmed = act.erased.length > 0 ? await listErasureConfirmations(services, logged) : []
  const title = headlineOf(act)
  return {
    page: (
      <Framed visit={visit} title={title} current="/spaces" drill={space.drill} marking={logged.statement.marking}>
        <PageHead
          form={`${formOf(act)} · ${services.nameOf(logged.statement.author, language)} · ${titleOf(space, language)}`}
          title={title}
        />
        <h2 class="aside">{t('spaces.proof.act')}</h2>
        <ActDocument act={act} />
        <p>
          <TlpLabel marking={logged.statement.marking} />
        </p>
        <ActActions actions={act.actions.filter(leadsOn)} act={act} />
        <Section title={t('spaces.proof.title')} id="proof">
          <Sentences visit={visit} act={act} peer={peer} now={now} />
        </Section>
        <Section title={t('spaces.proof.check')}>
          <p>{t('spaces.proof.check-how')}</p>
          <Row>
            <LinkButton
              href={`/spaces/${space.id}/acts/${logged.hash}/receipt`}
              label={t('spaces.proof.receipt')}
              plain
              download
            />
            <LinkButton
              href={`/spaces/${space.id}/acts/${logged.hash}/entry`}
              label={t('spaces.proof.entry')}
              plain
              download
            />
          </Row>
        </Section>
        {act.erased.length > 0 && <Confirmations visit={visit} confirmed={confirmed} />}
        {logged.withoutEffect === 'not-as-signed' && <Conviction visit={visit} act={logged} />}
        <ProofDetails visit={visit} act={act} />
        <EraseForm visit={visit} act={act} />
        <p>
          <a href={actHref(space.id, logged.hash)}>{t('spaces.proof.back')}</a>
        </p>
      </Framed>
    ),
  }
}

/** Answers are given where the act stands in its space; what only leads on does so from here too. */
const leadsOn = ({ method }: ActAction) => method === 'GET'

/** Who · when · delivered and acknowledged · how final · what this does not prove. */
function Sentences({ visit, act, peer, now }: { visit: Visit; act: TimelineAct; peer?: Peer; now: number }) {
  const { services, t, language, viewer } = visit
  const {
    shown: { act: logged, space },
    clocks,
    standing,
  } = act
  const zone = viewer.person.zone
  const party = services.nameOf(logged.statement.author, language)
  const at = (ms: number) => formatDateTime(ms, zone, language, { seconds: true })
  const missing = missingText(standing, {
    t,
    nameOf: (name) => services.nameOf(name, language),
    list: (names) => formatList(names, language),
  })
  const isHeldByNobody = standing.holders.length === 0
  return (
    <ol class="proof">
      <li>
        {t('spaces.proof.who', { party, office: isolate(act.office) })} {keyText(visit, logged.statement.author, peer)}
      </li>
      <li>
        {t('spaces.proof.when', {
          host: services.nameOf(space.host, language),
          number: logged.index,
          time: at(logged.time),
          said: at(logged.statement.at),
        })}
        {space.drill && ` ${t('spaces.proof.in-drill', { time: at(logged.scenarioTime) })}`}
      </li>
      <li>
        {isHeldByNobody
          ? t('spaces.proof.not-delivered')
          : standing.holders
              .map((one) =>
                t('spaces.proof.delivered', { party: services.nameOf(one.party, language), time: at(one.at) }),
              )
              .join(' ')}
        {clocks.map(
          (clock) =>
            ` ${owedText(clock, { services, t, language, zone, now })} – ${clockStateText(clock, { services, t, language, zone, now })}.`,
        )}
      </li>
      <li>
        {t(`spaces.proof.final.${standing.word}`, { count: standing.holders.length + standing.witnesses.length })}{' '}
        {missing !== undefined && `${missing} `}
        <a href={`/spaces/${space.id}/witnessing`}>{t('spaces.witnessing.link')}</a>{' '}
        {t('spaces.proof.copies', {
          parties: listNames(holdersOf(visit, space, standing.holders), services, language),
        })}
      </li>
      <li>{t('spaces.proof.not-proved')}</li>
    </ol>
  )
}

/** Which members say that the erased content is gone from their database. */
function Confirmations({
  visit: { services, t, language, viewer },
  confirmed,
}: {
  visit: Visit
  confirmed: readonly { party: string; at: number }[]
}) {
  return (
    <Section title={t('spaces.sealed.erasure.title')} id="erasure">
      {confirmed.length === 0 ? (
        <p>{t('spaces.sealed.erasure.none')}</p>
      ) : (
        <ul>
          {confirmed.map(({ party, at }) => (
            <li key={party}>
              {t('spaces.sealed.erasure.confirmed', {
                party: services.nameOf(party, language),
                time: formatDateTime(at, viewer.person.zone, language),
              })}
            </li>
          ))}
        </ul>
      )}
      <Quiet small>{t('spaces.sealed.erasure.explained')}</Quiet>
    </Section>
  )
}

/** The author sealed something else than it signed: what proves it to a stranger. */
function Conviction({ visit: { t }, act }: { visit: Visit; act: LoggedAct }) {
  return (
    <Section title={t('spaces.sealed.convict.download')}>
      <p>{t('spaces.sealed.convict.explained')}</p>
      <Row>
        <LinkButton
          href={`/spaces/${act.space}/acts/${act.hash}/evidence`}
          label={t('spaces.sealed.convict.download')}
          plain
          download
        />
      </Row>
    </Section>
  )
}

function holdersOf({ services }: Visit, space: SpaceFacts, holders: readonly { party: string }[]): string[] {
  return [...new Set([space.host, services.party, ...holders.map((one) => one.party)])]
}

function ProofDetails({
  visit: { t },
  act: {
    shown: { act: logged },
    erased,
  },
}: {
  visit: Visit
  act: TimelineAct
}) {
  const { statement } = logged
  return (
    <Details summary={t('common.details')}>
      <Pairs
        items={[
          { term: t('spaces.proof.act-hash'), detail: <code>{logged.hash}</code> },
          { term: t('spaces.proof.place'), detail: <Reg text={`${logged.space} / ${logged.index}`} /> },
          { term: t('spaces.proof.type'), detail: <code>{statement.type}</code> },
          { term: t('spaces.proof.seen'), detail: <code>{`${statement.seen.size} ${statement.seen.root}`}</code> },
        ]}
      />
      {statement.parts.length === 0 ? (
        <Quiet>{t('spaces.proof.no-parts')}</Quiet>
      ) : (
        <Table
          caption={t('spaces.proof.parts')}
          head={[t('spaces.proof.part'), t('spaces.proof.commitment'), t('spaces.proof.bytes')]}
          rows={statement.parts.map((part) => [
            erased.includes(part.role) ? `${part.role} (${t('spaces.proof.erased')})` : part.role,
            <code>{part.hash}</code>,
            String(part.size),
          ])}
          numeric={[2]}
        />
      )}
    </Details>
  )
}

/** The receipt as a C2SP `.tlog-proof` file. */
export async function downloadReceipt({ services, params }: Visit): Promise<Answer> {
  const act = await getAct(services, await getSpace(services, params.space), params.hash)
  const receipt = await services.ledger.receipt(act.hash)
  if (!receipt) throw new Refusal('spaces.no-receipt')
  return file(new TextEncoder().encode(formatReceipt(receipt)), {
    name: `entry-${act.index}.tlog-proof`,
    media: 'text/plain; charset=utf-8',
  })
}

/** Envelope, sealed bytes and one-use key: with them anybody sees that the author committed to something else. */
export async function downloadSealedEvidence({ services, params }: Visit): Promise<Answer> {
  const act = await getAct(services, await getSpace(services, params.space), params.hash)
  const proof = await services.ledger.sealedProof(act.hash)
  if (!proof?.file) throw new Refusal('not-found')
  return file(proof.file, { name: `sealed-evidence-${act.index}.json`, media: 'application/json' })
}

/** The very bytes of the entry, whose hash the receipt proves to be in the log. */
export async function downloadEntry({ services, params }: Visit): Promise<Answer> {
  const act = await getAct(services, await getSpace(services, params.space), params.hash)
  const entry = await entryOf(services, act)
  return file(entry, { name: `entry-${act.index}.json`, media: 'application/json', hash: toBase64url(leafHash(entry)) })
}

async function entryOf(services: Visit['services'], act: LoggedAct): Promise<Uint8Array> {
  const [entry] = (await services.ledger.entries?.(act.space, act.index, 1)) ?? []
  if (!entry) throw new Refusal('not-found')
  return entry
}

/** Bytes as a download that no browser opens in our name. */
export function file(
  content: Uint8Array,
  { name, media, hash }: { name: string; media: string; hash?: string },
): Response {
  return new Response(Uint8Array.from(content), {
    headers: {
      ...inertHeaders({ name, media, size: content.byteLength }),
      ...(hash !== undefined && { 'X-Leaf-Hash': hash }),
    },
  })
}
