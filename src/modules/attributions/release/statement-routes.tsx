import { Refusal } from '../../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { formRoute, incidentOf, path } from '../form-route.ts'
import * as inputs from '../inputs.ts'
import { type LoadedRegister, loadRegister } from '../load-register.ts'
import type { Returned } from '../../frame/index.ts'
import { type Level, levels } from '../vocabulary.ts'
import { publishedOf } from '../publish/find-published.ts'
import { publicSheet, publicText } from './public-file.ts'
import { SayPage } from './say-page.tsx'
import { StatementPage } from './statement-page.tsx'
import {
  ceilingOf,
  isStillNamable,
  namableAt,
  proposeStatement,
  releaseStatement,
  returnStatement,
  type Statement,
  withdrawStatement,
} from './statements.ts'

const releasePower = 'incidents.attribution:release'

/** What is said of a decision at each level: proposed by one person, released by another. */
export function statementRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: `${path}/decisions/:decision/say`,
      permission: 'incidents:draft',
      summary: 'The form that proposes what is said at a level',
      handle: (visit) => showSay(visit),
    },
    formRoute({
      at: 'decisions/:decision/say',
      permission: 'incidents:draft',
      input: inputs.statementInput,
      summary: 'Propose what is said at a level',
      show: showSay,
      async act({ services, viewer, params, input: { corrects, ...input } }) {
        await proposeStatement(services, viewer, incidentOf({ params }), {
          ...input,
          decision: params.decision ?? '',
          ...(corrects !== undefined && { corrects }),
        })
        return `/statements/${input.id}`
      },
    }),
    {
      method: 'GET',
      path: `${path}/statements/:statement`,
      permission: 'incidents:read',
      summary: 'What is said at a level, to whom and under which marking',
      handle: (visit) => showStatement(visit),
    },
    formRoute({
      at: 'statements/:statement/release',
      permission: releasePower,
      input: inputs.releaseInput,
      summary: 'Release what another person proposed',
      show: showStatement,
      async act({ services, viewer, params, input: { seen } }) {
        const statement = params.statement ?? ''
        await releaseStatement(services, viewer, incidentOf({ params }), { statement, seen })
        return `/statements/${statement}`
      },
    }),
    ...(['return', 'withdraw'] as const).map((step) =>
      formRoute({
        at: `statements/:statement/${step}`,
        permission: releasePower,
        input: inputs.reasonInput,
        summary: step === 'return' ? 'Give a proposal back' : 'Withdraw what was released',
        show: showStatement,
        async act({ services, viewer, params, input: { why } }) {
          const statement = params.statement ?? ''
          const end = step === 'return' ? returnStatement : withdrawStatement
          await end(services, viewer, incidentOf({ params }), { statement, why })
          return `/statements/${statement}`
        },
      }),
    ),
    {
      method: 'GET',
      path: `${path}/statements/:statement/file.pdf`,
      permission: 'incidents:read',
      summary: 'A publication as PDF',
      async handle(visit) {
        const { publication, name } = await publicationOf(visit)
        return download(await publicSheet(publication), 'application/pdf', `${name}.pdf`)
      },
    },
    {
      method: 'GET',
      path: `${path}/statements/:statement/file.txt`,
      permission: 'incidents:read',
      summary: 'A publication as plain text',
      async handle(visit) {
        const { publication, name } = await publicationOf(visit)
        return download(new TextEncoder().encode(publicText(publication)), 'text/plain; charset=utf-8', `${name}.txt`)
      },
    },
  ]
}

const load = (visit: Visit) => loadRegister(visit.services, visit.viewer, incidentOf(visit))

function levelOf({ query, values }: Visit): Level {
  const named = String(values?.level ?? query.get('level') ?? '')
  return levels.find((one) => one === named) ?? 'internal'
}

async function showSay(visit: Visit, returned?: Returned): Promise<Answer> {
  const register = await load(visit)
  const decision = register.decisions.find(({ id }) => id === visit.params.decision)
  if (!decision) throw new Refusal('attributions.decision-not-found')
  const level = levelOf(visit)
  const tlp = ceilingOf(level, register.loaded.incident)
  const namable = await namableAt(visit.services, visit.viewer, decision, { level, tlp })
  const corrects = register.statements.find(({ id }) => id === (visit.query.get('corrects') ?? ''))
  return {
    page: (
      <SayPage
        visit={visit}
        register={register}
        decision={decision}
        level={level}
        namable={namable}
        corrects={corrects}
        returned={returned}
      />
    ),
    ...(returned && { status: 422 }),
  }
}

function statementOf(visit: Visit, { statements }: LoadedRegister): Statement {
  const found = statements.find(({ id }) => id === visit.params.statement)
  if (!found) throw new Refusal('attributions.statement-not-found')
  return found
}

async function showStatement(visit: Visit, returned?: Returned): Promise<Answer> {
  const register = await load(visit)
  const statement = statementOf(visit, register)
  const { services, viewer } = visit
  const isNamable = await isStillNamable(services, viewer, statement)
  const published = (await publishedOf(services.db, [statement.id])).get(statement.id)
  return {
    page: (
      <StatementPage
        visit={visit}
        register={register}
        statement={statement}
        isNamable={isNamable}
        {...(published && { published })}
        {...(published?.row && { fingerprint: await services.peers.ownFingerprint() })}
        returned={returned}
      />
    ),
    ...(returned && { status: 422 }),
  }
}

/** What is handed out: words that stand on the record of the bulletin, and what became of them there since. */
async function publicationOf(visit: Visit) {
  const { services } = visit
  const register = await load(visit)
  const statement = statementOf(visit, register)
  const { reference, language } = statement
  const near = register.statements.filter(({ id, corrects }) => id === statement.corrects || corrects === statement.id)
  const published = await publishedOf(services.db, [statement.id, ...near.map(({ id }) => id)])
  const row = published.get(statement.id)?.row
  if (reference === undefined || row === undefined) throw new Refusal('attributions.not-signed-yet')
  const said = near.filter(({ id }) => published.get(id)?.row)
  const corrects = said.find(({ id }) => id === statement.corrects)?.reference
  const correctedBy = said.find((one) => one.corrects === statement.id)?.reference
  return {
    name: reference.toLowerCase().replaceAll(/[ /]/g, '-'),
    publication: {
      statement,
      row,
      fingerprint: await services.peers.ownFingerprint(),
      incident: register.loaded.incident,
      issuer: services.partyName[language] ?? services.partyName.en ?? services.party,
      ...(corrects !== undefined && { corrects }),
      ...(correctedBy !== undefined && { correctedBy }),
    },
  }
}

const download = (bytes: Uint8Array, media: string, name: string): Response =>
  new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': media, 'content-disposition': `attachment; filename="${name}"` },
  })
