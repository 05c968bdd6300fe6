import { plant } from './plant.ts'

// `node --import` this before a test, with the name of a bug in CHANCERY_PLANT: the test has to fail.
const name = process.env.CHANCERY_PLANT
if (name === undefined) throw new Error('CHANCERY_PLANT names the bug to plant')
plant(name)
