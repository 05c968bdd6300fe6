const mostLines = 4

/** What happens in the room, in words: each line is read out, and the last few stay to be seen. */
export function createRoomLog(place: HTMLElement): (text: string) => void {
  return (text) => {
    if (!text) return
    const line = document.createElement('p')
    line.textContent = text
    place.append(line)
    while (place.childElementCount > mostLines) place.firstElementChild?.remove()
  }
}
