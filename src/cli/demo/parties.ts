import type { PartyFile } from '../../modules/entrance/index.ts'

export type PartyKey = 'aurelia' | 'borovia' | 'calenia' | 'mosc'

/** Somebody of the case: who they are in their party's file. */
export interface Role {
  party: PartyKey
  name: string
  what: string
}

/** The people of the case by what they do in it. All are invented. */
export const roles = {
  analyst: { party: 'aurelia', name: 'Ilse Maron', what: 'analyst, CERT Aurelia' },
  drafter: { party: 'aurelia', name: 'Tomas Reel', what: 'drafter, cyber desk' },
  releaser: { party: 'aurelia', name: 'Nadia Brandt', what: 'head of the cyber desk, releases' },
  aureliaLegal: { party: 'aurelia', name: 'Mara Quist', what: 'legal adviser' },
  cabinet: { party: 'aurelia', name: 'Henrik Aas', what: 'head of the minister’s office' },
  aureliaAdministrator: { party: 'aurelia', name: 'Pia Lunde', what: 'administrator' },
  dutyOfficer: { party: 'borovia', name: 'Marek Dolan', what: 'duty officer' },
  deskOfficer: { party: 'borovia', name: 'Lena Sorin', what: 'desk officer and deputy on the rota' },
  boroviaDrafter: { party: 'borovia', name: 'Jana Mirek', what: 'drafter, duty desk' },
  legal: { party: 'borovia', name: 'Iva Keller', what: 'legal adviser' },
  boroviaAdministrator: { party: 'borovia', name: 'Emil Rusk', what: 'administrator' },
  delegate: { party: 'calenia', name: 'Samira Holt', what: 'delegate' },
  caleniaAdministrator: { party: 'calenia', name: 'Jon Abela', what: 'administrator' },
  secretary: { party: 'mosc', name: 'Clara Weiss', what: 'secretary' },
  moscAdministrator: { party: 'mosc', name: 'Hugo Tan', what: 'administrator' },
} as const satisfies Record<string, Role>

export type RoleKey = keyof typeof roles

/** People who get a sign-in link at the end. */
export const printed: readonly RoleKey[] = [
  'analyst',
  'drafter',
  'releaser',
  'aureliaLegal',
  'cabinet',
  'dutyOfficer',
  'deskOfficer',
  'legal',
  'delegate',
  'secretary',
]

const drill = 'MERIDIAN DAWN'

/** The four parties, invented for the drill: what each would type into its set-up. */
export const parties: Record<PartyKey, PartyFile> = {
  aurelia: {
    party: 'mfa.aurelia.example',
    names: { en: 'Aurelia', fr: 'Aurélie', ar: 'أوريليا' },
    holders: ['Pia Lunde', 'Omar Vale'],
    offices: [
      { id: 'cyber-desk', names: { en: 'Cyber desk', fr: 'Bureau cyber', ar: 'مكتب الشؤون السيبرانية' } },
      { id: 'cabinet', names: { en: 'Minister’s office', fr: 'Cabinet du ministre', ar: 'مكتب الوزير' } },
      { id: 'cert', names: { en: 'CERT Aurelia', fr: 'CERT Aurélie', ar: 'فريق الاستجابة في أوريليا' } },
      { id: 'administration', names: { en: 'Administration', fr: 'Service informatique', ar: 'الإدارة' } },
    ],
    people: [
      {
        name: roles.analyst.name,
        role: 'analyst',
        office: 'cert',
        language: 'en',
        zone: 'Europe/Vienna',
        ceiling: 'RED',
      },
      {
        name: roles.drafter.name,
        role: 'drafter',
        office: 'cyber-desk',
        language: 'en',
        zone: 'Europe/Vienna',
        ceiling: 'RED',
      },
      {
        name: roles.releaser.name,
        role: 'releaser',
        office: 'cyber-desk',
        language: 'en',
        zone: 'Europe/Vienna',
        ceiling: 'RED',
      },
      {
        name: roles.aureliaLegal.name,
        role: 'legal',
        office: 'cyber-desk',
        language: 'en',
        zone: 'Europe/Vienna',
        ceiling: 'RED',
      },
      {
        name: roles.cabinet.name,
        role: 'head-of-office',
        office: 'cabinet',
        language: 'en',
        zone: 'Europe/Vienna',
        ceiling: 'RED',
      },
      {
        name: roles.aureliaAdministrator.name,
        role: 'administrator',
        office: 'administration',
        language: 'en',
        zone: 'Europe/Vienna',
      },
      { name: 'Omar Vale', role: 'administrator', office: 'administration', language: 'fr', zone: 'Europe/Vienna' },
    ],
    publicTelephone: '+999 1 555 0100',
    hours: 'always',
    deputy: 'Tomas Reel',
    drill,
  },
  borovia: {
    party: 'mfa.borovia.example',
    names: { en: 'Borovia', fr: 'Borovie', ar: 'بوروفيا' },
    holders: ['Emil Rusk', 'Zora Hale'],
    offices: [
      { id: 'duty-desk', names: { en: 'Duty desk', fr: 'Permanence', ar: 'مكتب المناوبة' } },
      { id: 'legal', names: { en: 'Legal department', fr: 'Direction juridique', ar: 'الإدارة القانونية' } },
      { id: 'administration', names: { en: 'Administration', fr: 'Service informatique', ar: 'الإدارة' } },
    ],
    people: [
      {
        name: roles.dutyOfficer.name,
        role: 'duty-officer',
        office: 'duty-desk',
        language: 'en',
        zone: 'Europe/Athens',
        ceiling: 'RED',
      },
      {
        name: roles.deskOfficer.name,
        role: 'desk-officer',
        office: 'duty-desk',
        language: 'en',
        zone: 'Europe/Athens',
        ceiling: 'RED',
      },
      {
        name: roles.boroviaDrafter.name,
        role: 'drafter',
        office: 'duty-desk',
        language: 'en',
        zone: 'Europe/Athens',
        ceiling: 'RED',
      },
      { name: roles.legal.name, role: 'legal', office: 'legal', language: 'en', zone: 'Europe/Athens', ceiling: 'RED' },
      {
        name: roles.boroviaAdministrator.name,
        role: 'administrator',
        office: 'administration',
        language: 'en',
        zone: 'Europe/Athens',
      },
      { name: 'Zora Hale', role: 'administrator', office: 'administration', language: 'en', zone: 'Europe/Athens' },
    ],
    publicTelephone: '+999 2 555 0100',
    hours: 'always',
    deputy: 'Lena Sorin',
    drill,
  },
  calenia: {
    party: 'mfa.calenia.example',
    names: { en: 'Calenia', fr: 'Calénie', ar: 'كالينيا' },
    holders: ['Jon Abela', 'Ruth Okoro'],
    offices: [
      { id: 'mission', names: { en: 'Mission to the MOSC', fr: 'Mission auprès de l’OMSC', ar: 'البعثة لدى المنظمة' } },
      { id: 'administration', names: { en: 'Administration', fr: 'Service informatique', ar: 'الإدارة' } },
    ],
    people: [
      {
        name: roles.delegate.name,
        role: 'delegate',
        office: 'mission',
        language: 'en',
        zone: 'Africa/Tunis',
        ceiling: 'RED',
      },
      {
        name: roles.caleniaAdministrator.name,
        role: 'administrator',
        office: 'administration',
        language: 'en',
        zone: 'Africa/Tunis',
      },
      { name: 'Ruth Okoro', role: 'administrator', office: 'administration', language: 'en', zone: 'Africa/Tunis' },
    ],
    publicTelephone: '+999 3 555 0100',
    hours: 'office',
    deputy: 'Samira Holt',
    drill,
  },
  mosc: {
    party: 'mosc.example',
    names: {
      en: 'Meridian Organisation for Security and Cooperation',
      fr: 'Organisation méridienne pour la sécurité et la coopération',
      ar: 'منظمة ميريديان للأمن والتعاون',
    },
    holders: ['Hugo Tan', 'Vera Lind'],
    offices: [
      { id: 'secretariat', names: { en: 'Secretariat', fr: 'Secrétariat', ar: 'الأمانة' } },
      { id: 'administration', names: { en: 'Administration', fr: 'Service informatique', ar: 'الإدارة' } },
    ],
    people: [
      {
        name: roles.secretary.name,
        role: 'secretary',
        office: 'secretariat',
        language: 'en',
        zone: 'Etc/UTC',
        ceiling: 'RED',
      },
      {
        name: roles.moscAdministrator.name,
        role: 'administrator',
        office: 'administration',
        language: 'en',
        zone: 'Etc/UTC',
      },
      { name: 'Vera Lind', role: 'administrator', office: 'administration', language: 'en', zone: 'Etc/UTC' },
    ],
    publicTelephone: '+999 4 555 0100',
    hours: 'office',
    deputy: 'Clara Weiss',
    drill,
  },
}
