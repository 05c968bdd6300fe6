import type { z } from 'zod'
import type { Permission, Route, Visit } from '../../core/module/types.ts'
import { type Again, formRoute } from '../frame/index.ts'
import { clearLine, confirmLine } from './clear-lines.ts'
import * as inputs from './inputs.ts'
import { type Audience, audiences } from './kinds.ts'
import { listSayable, type SayQuestion } from './list-sayable.ts'
import { SayPage } from './pages/say-page.tsx'
import { readOutRoutes } from './read-outs/read-out-routes.tsx'
import { choiceOf } from './releases/hold-back.ts'
import { releaseRoutes } from './releases/release-routes.tsx'
import { saySheet, sayText } from './say-sheet.ts'
import { answerRequest, askToClear } from './second-person/ask-to-clear.ts'
import { idOf, showLine, showLines, showWho } from './show-lines.tsx'
import { changeLine, holdLine, moveLine, translateLine, withdrawLine, writeLine } from './write-lines.ts'

const path = '/incidents/:incident/lines'

/** Lines to take of an incident, and what may be said of all of them now. */
export function linesRoutes(): Route[] {
  return [
    ...sayRoutes('/lines', 'What may be said now, of every open incident in sight'),
    {
      method: 'GET',
      path,
      permission: 'incidents:read',
      summary: 'Lines to take of an incident',
      handle: (visit) => showLines(visit),
    },
    ...sayRoutes(`${path}/say`, 'What may be said now of one incident'),
    {
      method: 'GET',
      path: `${path}/:line`,
      permission: 'incidents:read',
      summary: 'One line to take, what it rests on, its languages and its history',
      handle: (visit) => showLine(visit),
    },
    form(
      { at: '', name: 'write', input: inputs.writeInput, summary: 'Write a line to take', show: showLines },
      async ({ services, viewer, input }, incident) => {
        await writeLine(services, viewer, incident, input)
        return `/${input.id}`
      },
    ),
    {
      method: 'GET',
      path: `${path}/:line/who`,
      permission: 'incidents:read',
      summary: 'Who can be the second person for a line now, and how they are reached',
      handle: (visit) => showWho(visit),
    },
    ...lineForms(),
    ...secondPersonForms(),
    ...readOutRoutes(),
    ...releaseRoutes(),
  ]
}

function lineForms(): Route[] {
  const of = ({ params }: Visit) => params.line ?? ''
  const onPage = (name: string, summary: string) => ({ at: `/:line/${name}`, name, summary, show: showLine })
  return [
    form({ ...onPage('change', 'Change a line to take'), input: inputs.changeInput }, async (visit, incident) => {
      await changeLine(visit.services, visit.viewer, incident, { ...visit.input, line: of(visit) })
      return `/${of(visit)}`
    }),
    form(
      { ...onPage('translate', 'Set a translation beside it'), input: inputs.translateInput },
      async (visit, incident) => {
        await translateLine(visit.services, visit.viewer, incident, { ...visit.input, line: of(visit) })
        return `/${of(visit)}`
      },
    ),
    form(
      {
        ...onPage('clear', 'Clear a line in one language as it stands'),
        input: inputs.clearInput,
        permission: 'incidents.brief:release',
      },
      async (visit, incident) => {
        await clearLine(visit.services, visit.viewer, incident, { ...visit.input, line: of(visit) })
        return `/${of(visit)}`
      },
    ),
    form(
      {
        ...onPage('stands', 'Say that a flagged line still stands'),
        input: inputs.standsInput,
        permission: 'incidents.brief:release',
      },
      async (visit, incident) => {
        await confirmLine(visit.services, visit.viewer, incident, { ...visit.input, line: of(visit) })
        return `/${of(visit)}`
      },
    ),
    form(
      { ...onPage('until', 'Let a line wait for a time of release, or free it'), input: inputs.untilInput },
      async ({ services, viewer, input, params }, incident) => {
        const { id, until } = input
        await holdLine(services, viewer, incident, { id, line: params.line ?? '', until: choiceOf(until) })
        return `/${params.line}`
      },
    ),
    form({ ...onPage('withdraw', 'Withdraw a line'), input: inputs.withdrawInput }, async (visit, incident) => {
      await withdrawLine(visit.services, visit.viewer, incident, of(visit))
      return ''
    }),
    form(
      { ...onPage('move', 'Move a line up or down'), input: inputs.moveInput, show: showLines },
      async ({ services, viewer, input, params }, incident) => {
        await moveLine(services, viewer, incident, {
          line: params.line ?? '',
          seen: input.seen,
          by: input.by === 'up' ? -1 : 1,
        })
        return ''
      },
    ),
  ]
}

function secondPersonForms(): Route[] {
  return [
    form(
      {
        at: '/:line/ask',
        name: 'ask',
        input: inputs.askInput,
        summary: 'Page colleagues who can be the second person for a line',
        show: showWho,
        notice: 'lines.notice.paged',
      },
      async ({ services, viewer, input, params }, incident) => {
        const { askWhy: why, ...asked } = input
        await askToClear(services, viewer, incident, { ...asked, why, line: params.line ?? '' })
        return `/${params.line}#asked`
      },
    ),
    form(
      {
        at: '/:line/answer',
        name: 'answer',
        input: inputs.answerInput,
        summary: 'Say whether one comes to a line one was asked for',
        show: showLine,
        permission: 'incidents.brief:release',
      },
      async ({ services, viewer, input, params }, incident) => {
        const { answerWords: words, ...said } = input
        await answerRequest(services, viewer, incident, { ...said, words, line: params.line ?? '' })
        return `/${params.line}#asked`
      },
    ),
  ]
}

/** The page, the plain text and the sheet of what may be said now. */
function sayRoutes(at: string, summary: string): Route[] {
  return [
    {
      method: 'GET',
      path: at,
      permission: 'incidents:read',
      summary,
      async handle(visit) {
        const asked = askedOf(visit)
        const found = await listSayable(visit.services, visit.viewer, asked)
        if (visit.wantsJson) return { data: found.sayable.map(dataOf) }
        return { page: <SayPage visit={visit} asked={asked} {...found} /> }
      },
    },
    {
      method: 'GET',
      path: `${at}/text`,
      permission: 'incidents:read',
      summary: `${summary}: as plain text`,
      async handle(visit) {
        const asked = askedOf(visit)
        const { sayable } = await listSayable(visit.services, visit.viewer, asked, 'print')
        return handedOut(sayText(visit, sayable, asked), 'text/plain; charset=utf-8', 'lines.txt')
      },
    },
    {
      method: 'GET',
      path: `${at}/pdf`,
      permission: 'incidents:read',
      summary: `${summary}: as a sheet to print`,
      async handle(visit) {
        const asked = askedOf(visit)
        const { sayable } = await listSayable(visit.services, visit.viewer, asked, 'print')
        const pdf = await saySheet(visit, sayable, asked)
        return handedOut(new Uint8Array(pdf), 'application/pdf', 'lines.pdf')
      },
    },
  ]
}

const handedOut = (body: string | Uint8Array<ArrayBuffer>, type: string, name: string): Response =>
  new Response(body, {
    headers: {
      'content-type': type,
      'content-disposition': `inline; filename="${name}"`,
      'cache-control': 'private, no-store',
    },
  })

const dataOf = ({ incident, lines, kept }: Awaited<ReturnType<typeof listSayable>>['sayable'][number]) => ({
  incident: incident.id,
  codeName: incident.codeName,
  lines: lines.map(({ line, said }) => ({
    id: line.id,
    kind: line.kind,
    language: said.language,
    question: said.question,
    words: said.words,
    validUntil: line.wording.validUntil,
  })),
  kept,
})

function askedOf(visit: Visit): SayQuestion {
  const { query, language, params } = visit
  const [wanted, before] = [query.get('language') ?? language, query.get('audience') ?? 'public']
  const audience = audiences.includes(before as Audience) ? (before as Audience) : 'public'
  const isTag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(wanted)
  return {
    language: isTag ? wanted : language,
    audience,
    ...(params.incident !== undefined && { incident: idOf(visit) }),
  }
}

/** One form about the lines of an incident; `act` says where to go on, below them. */
function form<S extends z.ZodType>(
  of: { at: string; name: string; input: S; summary: string; show: Again; permission?: Permission; notice?: string },
  act: (visit: Visit<z.infer<S>>, incident: string) => Promise<string>,
): Route {
  const { at, show: again, permission = 'incidents:draft', notice = 'lines.notice.saved', ...rest } = of
  return formRoute(
    { ...rest, path: `${path}${at}`, permission, notice, again },
    async (visit) => `/incidents/${idOf(visit)}/lines${await act(visit, idOf(visit))}`,
  )
}
