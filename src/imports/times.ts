// Times and numbers as people's files write them.

export interface TimeReading {
  /** The zone that times without one are in. */
  zone: string
  /** How 03/04/2024 is read. Without it the reading is month-first only where day-first can't be. */
  dates: 'day-first' | 'month-first'
}

export interface ReadTime {
  at: Date
  /** Only a day was said: `day` is it ("2024-05-03"), and `at` its noon, which no time zone moves to another day. */
  day?: string
}

/** Reads a time; undefined when the text is none. Two-digit years from 70 on are of the last century. */
export function readTime(text: string, reading: TimeReading): ReadTime | undefined {
  const trimmed = text.trim()
  const iso =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?$/i.exec(
      trimmed,
    )
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, zone] = iso
    return instant(
      { year: Number(year), month: Number(month), day: Number(day) },
      hour === undefined ? undefined : clock(hour, minute, second, fraction),
      zone,
      reading.zone,
    )
  }
  if (/^\d{8}$/.test(trimmed) && /^(19|20)/.test(trimmed))
    return instant(
      {
        year: Number(trimmed.slice(0, 4)),
        month: Number(trimmed.slice(4, 6)),
        day: Number(trimmed.slice(6)),
      },
      undefined,
      undefined,
      reading.zone,
    )
  // Seconds, milliseconds or microseconds since 1970.
  if (/^\d{9,10}(\.\d+)?$/.test(trimmed)) return { at: new Date(Number(trimmed) * 1000) }
  if (/^\d{12,13}$/.test(trimmed)) return { at: new Date(Number(trimmed)) }
  if (/^\d{15,16}$/.test(trimmed)) return { at: new Date(Math.floor(Number(trimmed) / 1000)) }
  return readWritten(trimmed, reading)
}

/** A day as people write it: 27.08.2018, 8/27/18 2:05 pm, 27 Aug 2018, August 27, 2018 14:05. */
function readWritten(text: string, reading: TimeReading): ReadTime | undefined {
  const parts =
    /^(?:[\p{L}]{2,12}\.?,?\s+)?(.{5,30}?)(?:[T,\s]+(?:um |at |à )?(\d{1,2})[:h.](\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([ap]\.?m\.?)?\s*(Uhr)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$/iu.exec(
      text,
    )
  if (!parts) return undefined
  const [, dayText = '', hour, minute, second, fraction, half, , zone] = parts
  const date = readDay(dayText.trim(), reading) ?? readDay(text, reading)
  if (!date) return undefined
  const time = hour === undefined ? undefined : clock(hour, minute, second, fraction)
  if (time && half) time.hour = (time.hour % 12) + (/^p/i.test(half) ? 12 : 0)
  return instant(date, time, zone, reading.zone)
}

interface Day {
  year: number
  month: number
  day: number
}

function readDay(text: string, reading: TimeReading): Day | undefined {
  const numeric = /^(\d{1,2})([./-])(\d{1,2})\2(\d{2}|\d{4})$/.exec(text)
  if (numeric) {
    const [, a, separator, b, year] = numeric
    const first = Number(a)
    const second = Number(b)
    const monthFirst =
      separator === '.' ? false : reading.dates === 'month-first' ? second > 0 && first <= 12 : second > 12
    return {
      year: fullYear(year ?? ''),
      month: monthFirst ? first : second,
      day: monthFirst ? second : first,
    }
  }
  const yearFirst = /^(\d{4})[./](\d{1,2})[./](\d{1,2})$/.exec(text)
  if (yearFirst) return { year: Number(yearFirst[1]), month: Number(yearFirst[2]), day: Number(yearFirst[3]) }
  const dayFirst =
    /^(\d{1,2})\.?(?:st|nd|rd|th)?[\s-]+(?:de\s+)?(\p{L}{3,12})\.?,?[\s-]+(?:de\s+)?(\d{4}|\d{2})$/iu.exec(
      text,
    )
  if (dayFirst) {
    const month = monthNamed(dayFirst[2] ?? '')
    return month ? { year: fullYear(dayFirst[3] ?? ''), month, day: Number(dayFirst[1]) } : undefined
  }
  const monthNameFirst = /^(\p{L}{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/iu.exec(text)
  if (monthNameFirst) {
    const month = monthNamed(monthNameFirst[1] ?? '')
    return month ? { year: Number(monthNameFirst[3]), month, day: Number(monthNameFirst[2]) } : undefined
  }
  return undefined
}

function fullYear(text: string): number {
  const year = Number(text)
  return text.length === 4 ? year : year >= 70 ? 1900 + year : 2000 + year
}

// By their first letters, in English, German, French, Spanish, Portuguese, Italian and Dutch.
const monthStarts: [RegExp, number][] = [
  [/^(jan|jän|janv|ene|gen)/, 1],
  [/^(feb|fév|fev)/, 2],
  [/^(mar|mär|mrz|maa|mrt)/, 3],
  [/^(apr|avr|abr)/, 4],
  [/^(may|mai|mag|mei)/, 5],
  [/^(jun|juin|giu)/, 6],
  [/^(jul|juil|lug)/, 7],
  [/^(aug|aoû|aou|ago)/, 8],
  [/^(sep|set)/, 9],
  [/^(oct|okt|out|ott)/, 10],
  [/^(nov)/, 11],
  [/^(dec|dez|déc|dic)/, 12],
]

function monthNamed(name: string): number | undefined {
  const lower = name.toLowerCase()
  return monthStarts.find(([start]) => start.test(lower))?.[1]
}

interface Clock {
  hour: number
  minute: number
  second: number
  milliseconds: number
}

function clock(hour = '0', minute = '0', second = '0', fraction = ''): Clock {
  return {
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    milliseconds: Math.floor(Number(`0.${fraction || '0'}`) * 1000),
  }
}

function instant(
  date: Day,
  time: Clock | undefined,
  zone: string | undefined,
  home: string,
): ReadTime | undefined {
  const { year, month, day } = date
  const { hour, minute, second, milliseconds } = time ?? { hour: 12, minute: 0, second: 0, milliseconds: 0 }
  if (month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || second > 60) return undefined
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds)
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined
  const at = new Date(zone ? wall - offsetOf(zone) : fromWallClock(wall, home))
  if (time) return { at }
  return { at, day: `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}` }
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}

function offsetOf(zone: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)
  if (!parts) return 0
  return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3] ?? 0)) * 60_000
}

/** What the clock on the wall shows, as if it were UTC, to the instant. In a gap or an overlap: as before the change. */
function fromWallClock(wall: number, zone: string): number {
  const guess = wall - zoneOffset(zone, wall)
  const offset = zoneOffset(zone, guess)
  return wall - offset
}

const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, Map<number, number>>()

/** Milliseconds that the zone's clocks are ahead of UTC; they change at most once in a quarter of an hour. */
function zoneOffset(zone: string, at: number): number {
  if (zone === 'UTC') return 0
  let known = offsets.get(zone)
  if (!known) {
    known = new Map()
    offsets.set(zone, known)
  }
  const quarter = Math.floor(at / 900_000)
  const stored = known.get(quarter)
  if (stored !== undefined) return stored
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  const start = quarter * 900_000
  const part = Object.fromEntries(format.formatToParts(start).map(({ type, value }) => [type, Number(value)]))
  const wall = Date.UTC(
    part['year'] ?? 0,
    (part['month'] ?? 1) - 1,
    part['day'] ?? 1,
    part['hour'] ?? 0,
    part['minute'] ?? 0,
    part['second'] ?? 0,
  )
  if (known.size > 200_000) known.clear()
  known.set(quarter, wall - start)
  return wall - start
}

/**
 * Reads a number as written in many countries: 1.234,56 and 1,234.56, with or without a currency sign.
 * Without `marks`, the last mark is the decimal one, and "1,234" or "1.234.567" are thousands.
 */
export function readNumber(text: string, marks?: 'point' | 'comma'): number | undefined {
  const bare = text
    .trim()
    .replace(/^\((.*)\)$/, '-$1')
    .replaceAll(/[\s\u00a0\u202f'’_]|\p{Sc}|%|^[A-Z]{3}|[A-Z]{3}$/gu, '')
  if (!/^[-+]?[\d.,]*\d[.,]?-?$/.test(bare)) return undefined
  const sign = bare.startsWith('-') || bare.endsWith('-') ? -1 : 1
  const digits = bare.replaceAll(/[-+]/g, '')
  const decimal = marks ?? decimalMark(digits)
  const plain =
    decimal === 'comma' ? digits.replaceAll('.', '').replace(',', '.') : digits.replaceAll(',', '')
  const value = Number(plain)
  return Number.isFinite(value) ? sign * value : undefined
}

function decimalMark(digits: string): 'point' | 'comma' {
  const comma = digits.lastIndexOf(',')
  const point = digits.lastIndexOf('.')
  if (comma >= 0 && point >= 0) return comma > point ? 'comma' : 'point'
  if (comma >= 0) return /^\d{1,3}(,\d{3})+$/.test(digits) ? 'point' : 'comma'
  return /^\d{1,3}(\.\d{3}){2,}$/.test(digits) ? 'comma' : 'point'
}
