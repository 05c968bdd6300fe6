import { parties } from '../parties.ts'

export const borovia = parties.borovia.party
export const aurelia = parties.aurelia.party
export const calenia = parties.calenia.party
export const mosc = parties.mosc.party
export const markedAmber = { tlp: 'AMBER' }
