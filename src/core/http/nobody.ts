import type { Viewer } from '../auth/types.ts'

/** The viewer of a page nobody signed in for: holds no power, sees what is clear. */
export function nobody(language: string): Viewer {
  return {
    person: { id: '', name: '', language, zone: 'UTC' },
    office: { id: '', name: {} },
    offices: [],
    roles: [],
    ceiling: 'CLEAR',
    sessionId: '',
    may: () => false,
  }
}

export const isSignedIn = (viewer: Viewer): boolean => viewer.person.id !== ''
