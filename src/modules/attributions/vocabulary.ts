/** On whose word an attribution rests: the coded values of EuRepoC 1.1, but for `contested`, which is a record of its own here. */
export const bases = [
  'attacker',
  'industry',
  'government',
  'media',
  'third-party',
  'receiver',
  'eu',
  'organisation',
] as const
export type Basis = (typeof bases)[number]

/** How it was made: the coded values of EuRepoC 1.1. */
export const kinds = [
  'technical',
  'political',
  'legal',
  'political-and-legal',
  'media',
  'named-media',
  'anonymous-media',
  'media-and-report',
  'media-and-legal',
  'self',
  'unclear',
] as const
export type Kind = (typeof kinds)[number]

/** Who made it. */
export const makers = ['us', 'party', 'other', 'attacker'] as const
export type Maker = (typeof makers)[number]

/** What a party decides about an attribution. None is the absence of another. */
export const choices = ['affirm', 'defer', 'decline'] as const
export type Choice = (typeof choices)[number]

/** How far what was decided is told, each step after the one before it. */
export const levels = ['internal', 'partners', 'public'] as const
export type Level = (typeof levels)[number]
