import type { Module } from '../../core/module/types.ts'
import { meetingComposer, readOutComposer } from './composers.tsx'
import { talksFaces } from './faces/talks-faces.tsx'
import { talksTables } from './migrations/0001-talks.ts'
import { talksNeeds } from './needs.ts'
import { talksActs } from './projection.ts'
import { talksRoutes } from './routes.tsx'

/** Talks: a time found across zones, who comes, a written conversation, minutes and read-outs beside each other. */
export const talks: Module = {
  name: 'talks',
  acts: talksActs,
  faces: talksFaces,
  composers: [meetingComposer, readOutComposer],
  migrations: [talksTables],
  views: ['view.talks_meeting', 'view.talks_confirmation', 'view.talks_said'],
  routes: talksRoutes,
  needs: talksNeeds,
  navigation: [{ href: '/talks', label: 'talks.title', permission: 'talks:read', order: 24 }],
}
