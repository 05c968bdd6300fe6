import { takeUploads } from './uploads/take-uploads.ts'

for (const box of document.querySelectorAll<HTMLElement>('[data-uploads]')) takeUploads(box)
