import { addStatuses } from '../../core/http/index.ts'
import type { Route, Services } from '../../core/module/types.ts'
import { challengeRoutes } from './challenge/challenge-routes.tsx'
import { takeUpRoutes } from './contest/take-up-routes.tsx'
import { diamondRoutes } from './diamond/diamond-routes.tsx'
import { evidenceFilesRoutes } from './evidence-files/evidence-files-routes.ts'
import { factRoutes } from './facts/fact-routes.tsx'
import { alikeRoutes } from './alike/alike-routes.tsx'
import { bundleRoutes } from './bundles/bundle-routes.tsx'
import { mergeRoutes } from './merge/merge-routes.tsx'
import { needToKnowRoutes } from './need-to-know/need-to-know-routes.tsx'
import { openRoutes } from './open/open-routes.tsx'
import { logRoutes } from './log/log-routes.tsx'
import { pictureRoutes } from './picture/picture-routes.tsx'
import { readRoutes } from './read/read-routes.tsx'
import { recordRoutes } from './record/record-routes.tsx'
import { vocabulariesRoutes } from './vocabularies/vocabularies-routes.tsx'
import { severityRoutes } from './severity/severity-routes.tsx'
import { sharedRoutes } from './share/shared-routes.tsx'
import { sourceRoutes } from './weigh/source-routes.tsx'
import { probabilityRoutes } from './weigh/probability-routes.tsx'
import { weighingRoutes } from './weigh/weighing-routes.tsx'

const bundleCodes = [
  'not-utf8',
  'not-json',
  'too-deep',
  'doubled-name',
  'not-a-bundle',
  'bundle-without-id',
  'bundle-empty',
  'bad-objects',
  'above-ceiling',
]

/** Pages, forms and reads of incidents. */
export function incidentRoutes(services: Services): Route[] {
  addStatuses({
    ...Object.fromEntries(bundleCodes.map((code) => [`incidents.${code}`, 422])),
    'incidents.bundle-too-large': 413,
    'incidents.too-many-objects': 413,
    'incidents.space-not-found': 404,
    'incidents.bundle-not-found': 404,
    'incidents.attachment-not-found': 404,
    'incidents.contest-not-found': 404,
    'incidents.glass-not-found': 404,
    'incidents.assessment-not-found': 404,
    'incidents.dissent-not-found': 404,
    'incidents.challenge-not-found': 404,
    'incidents.particular-not-found': 404,
    'incidents.diamond-not-found': 404,
    'incidents.diamond-placing-not-found': 404,
    'incidents.no-such-scheme': 404,
    'incidents.no-such-level': 422,
    'incidents.not-the-lead': 403,
    'incidents.not-the-handler': 403,
  })
  return [
    ...openRoutes(),
    ...needToKnowRoutes(),
    ...mergeRoutes(),
    ...vocabulariesRoutes(services),
    ...alikeRoutes(),
    // An address of a picture has the shape of one of an incident: the first that fits answers.
    ...pictureRoutes(services),
    ...probabilityRoutes(services),
    ...readRoutes(services),
    ...logRoutes(),
    ...sharedRoutes(services),
    ...recordRoutes(),
    ...bundleRoutes(),
    ...weighingRoutes(),
    ...diamondRoutes(services),
    ...challengeRoutes(),
    ...sourceRoutes(),
    ...evidenceFilesRoutes(),
    ...takeUpRoutes(),
    ...factRoutes(),
    ...severityRoutes(services),
  ]
}
