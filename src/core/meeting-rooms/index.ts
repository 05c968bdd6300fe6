export { createMeetingRooms } from './create-meeting-rooms.ts'
export { byInput, roomLimits, roomSignal } from './wire-messages.ts'
