import type { Module } from '../../core/module/types.ts'
import { reportComposer } from './composers/report-composer.tsx'
import { agreedComposer, textComposer } from './composers/text-composers.tsx'
import { reportFace } from './faces/report-face.tsx'
import { agreedFace, textFace } from './faces/text-faces.tsx'
import { agreementsTables } from './migrations/0001-agreements.ts'
import { agreementNeeds } from './needs.ts'
import { agreementActs } from './projection.ts'
import { registered } from './registered.ts'
import { agreementRoutes } from './routes.tsx'

export { mayProposeText } from './composers/text-composers.tsx'
export { type Commitment, listCommitments, listTexts } from './queries.ts'
export { hashOfText } from './text-hash.ts'

/** Joint texts agreed over one hash, and the commitments their paragraphs become. */
export const agreements: Module = {
  name: 'agreements',
  acts: agreementActs,
  faces: [textFace, agreedFace, reportFace],
  composers: [textComposer, agreedComposer, reportComposer],
  migrations: [agreementsTables],
  views: ['view.agreements_text', 'view.agreements_party', 'view.agreements_commitment'],
  registered,
  routes: agreementRoutes,
  needs: agreementNeeds,
  navigation: [
    {
      href: '/agreements',
      label: 'agreements.navigation',
      permission: 'agreements:read',
      order: 40,
      group: 'undertakings',
    },
  ],
}
