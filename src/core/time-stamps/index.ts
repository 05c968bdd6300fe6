export { requestTimeStamp, TimeStampTrouble } from './request-time-stamp.ts'
export { readRoots } from './read-roots.ts'
