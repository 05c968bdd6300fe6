export { answersNonce, type TimeStamp, timeStampRequest, verifyTimeStamp } from './verify-time-stamp.ts'
