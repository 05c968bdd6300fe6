import type { Module } from '../../core/module/types.ts'
import {
  answeredComposer,
  endedComposer,
  passedOnComposer,
  saidComposer,
  tabledComposer,
} from './composers/office-composers.tsx'
import {
  agreedFace,
  allowedFace,
  answeredFace,
  consentedFace,
  endedFace,
  passedOnFace,
  saidFace,
  tabledFace,
} from './faces/office-faces.tsx'
import { goodOfficesTables } from './migrations/0001-good-offices.ts'
import { goodOfficesNeeds } from './needs.ts'
import { findJoint } from './offices.ts'
import { goodOfficesActs } from './projection.ts'
import { registered } from './registered.ts'
import { officeSpace } from './roles.ts'
import { goodOfficesRoutes } from './routes.tsx'

/** A mediator between two sides: separate confidences, a single text, and nothing between them but by its act. */
export const goodOffices: Module = {
  name: 'good-offices',
  acts: goodOfficesActs,
  faces: [consentedFace, saidFace, allowedFace, passedOnFace, tabledFace, answeredFace, agreedFace, endedFace],
  composers: [saidComposer, passedOnComposer, tabledComposer, answeredComposer, endedComposer],
  migrations: [goodOfficesTables],
  views: ['view.good_offices_state', 'view.good_offices_said', 'view.good_offices_text', 'view.good_offices_answer'],
  registered,
  routes: goodOfficesRoutes,
  needs: goodOfficesNeeds,
  neverOnDevices: (space) => officeSpace(space) !== undefined,
  async spaceActions(services, viewer, space) {
    const joint = viewer.may('good-offices:read') ? await findJoint(services, space) : undefined
    return joint ? [{ label: 'good-offices.action.see', method: 'GET', href: `/good-offices/${joint.id}` }] : []
  },
  navigation: [
    {
      href: '/good-offices',
      label: 'good-offices.navigation',
      permission: 'good-offices:read',
      order: 28,
      group: 'meetings',
    },
  ],
}
