import { z } from 'zod'
import type { Route, Services, Visit } from '../../core/module/types.ts'
import { drillsOf, listEvidence } from './list-evidence.ts'
import { measures, type MeasureStatus, statusOf } from './measures.ts'
import { measuresCsv } from './measures-csv.ts'
import { loadNetwork } from './network.ts'
import { MeasuresPage } from './pages/measures-page.tsx'
import { NetworkPage } from './pages/network-page.tsx'

const askedInput = z.object({ drill: z.string().min(1).max(200).optional() })
type Asked = Visit<z.infer<typeof askedInput>>

async function statuses(services: Services, drill?: string): Promise<MeasureStatus[]> {
  const evidence = await listEvidence(services, drill)
  return measures.map((measure) => statusOf(measure, evidence, services.clock.now()))
}

async function exercises({ ledger, party }: Services): Promise<string[]> {
  return drillsOf(await ledger.list({ member: party }))
}

export function confidenceRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/confidence',
      permission: 'confidence:read',
      input: askedInput,
      summary: 'Confidence-building measures: the state of each, from what is on the record',
      async handle(visit: Asked) {
        const { services, input } = visit
        const found = await statuses(services, input.drill)
        if (visit.wantsJson) return { data: found }
        const drills = await exercises(services)
        return { page: <MeasuresPage visit={visit} statuses={found} drill={input.drill} drills={drills} /> }
      },
    },
    {
      method: 'GET',
      path: '/confidence/measures.csv',
      permission: 'confidence:read',
      input: askedInput,
      summary: 'The measures as a table: states and counts, no party and no act',
      async handle({ services, input, t }: Asked) {
        return new Response(measuresCsv(await statuses(services, input.drill), t), {
          headers: {
            'Content-Type': 'text/csv; charset=utf-8',
            'Content-Disposition': 'attachment; filename="measures.csv"',
          },
        })
      },
    },
    {
      method: 'GET',
      path: '/confidence/network',
      permission: 'confidence:read',
      input: askedInput,
      summary: 'Who has channels, agreements and checks with whom, as we see it',
      async handle(visit: Asked) {
        const { services, input } = visit
        const network = await loadNetwork(services, input.drill)
        if (visit.wantsJson) return { data: network }
        const drills = await exercises(services)
        return { page: <NetworkPage visit={visit} network={network} drill={input.drill} drills={drills} /> }
      },
    },
  ]
}
