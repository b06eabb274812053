// Round times for an axis: days, weeks, months or years, whichever give about as many as fit.
const day = 86_400_000

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Beginnings of days, months or years between two times (ms), in UTC: hours don't show on such an axis. */
export function timeTicks([from, to]: [number, number], most: number): { time: number; text: string }[] {
  const days = (to - from) / day
  for (const step of [1, 2, 7, 14]) if (days / step <= most) return everyDays(from, to, step)
  for (const step of [1, 2, 3, 6]) if (days / 30.44 / step <= most + 0.5) return everyMonths(from, to, step)
  const years = days / 365.25
  const step =
    [1, 2, 5, 10, 25, 50, 100].find((each) => years / each <= most + 0.5) ?? Math.ceil(years / most)
  return everyMonths(from, to, 12 * step)
}

function everyDays(from: number, to: number, step: number) {
  const found: { time: number; text: string }[] = []
  for (let time = Math.ceil(from / day) * day; time <= to; time += step * day) {
    const at = new Date(time)
    found.push({ time, text: `${at.getUTCDate()} ${months[at.getUTCMonth()]}` })
  }
  return found
}

function everyMonths(from: number, to: number, step: number) {
  const found: { time: number; text: string }[] = []
  const start = new Date(from)
  const first = start.getUTCFullYear() * 12 + start.getUTCMonth()
  for (let month = Math.ceil(first / step) * step; ; month += step) {
    const time = Date.UTC(Math.floor(month / 12), month % 12, 1)
    if (time > to || !Number.isFinite(time)) return found
    if (time < from) continue
    const year = String(Math.floor(month / 12))
    // the year stands at its beginning, and at the first mark
    const text = month % 12 === 0 ? year : (months[month % 12] ?? '')
    found.push({ time, text: found.length === 0 && month % 12 !== 0 ? `${text} ${year}` : text })
  }
}
