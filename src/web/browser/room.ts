import { openRoom } from './room/open-room.ts'

for (const box of document.querySelectorAll<HTMLElement>('[data-room]')) openRoom(box)
