// How Troth writes money, days and counts in its English sentences, on the server and in the terminal.

/** Minor units as a person writes them: "€ 2,340", "£ 12.50". Whole amounts without decimals. */
export function money(minor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2
  const parts = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: minor % 10 ** decimals === 0 ? 0 : decimals,
  }).formatToParts(minor / 10 ** decimals)
  const number = parts
    .filter((part) => part.type !== 'currency')
    .map((part) => part.value)
    .join('')
    .trim()
  return `${parts.find((part) => part.type === 'currency')?.value ?? currency}\u00a0${number}`
}

/** "12 May", with the year when it isn't this year's: "12 May 2024". */
export function day(at: Date, timeZone: string, now: Date): string {
  const year = (date: Date) => new Intl.DateTimeFormat('en', { timeZone, year: 'numeric' }).format(date)
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'long',
    ...(year(at) === year(now) ? {} : { year: 'numeric' as const }),
  }).format(at)
}

const numberWords = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

/** "two calls", "one call", "no calls", "24 calls". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${numberWords[n] ?? n.toLocaleString('en')} ${n === 1 ? one : many}`
}

/** "a", "a and b", "a, b and c". */
export function list(items: string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`
}

const spans: [number, string][] = [
  [31_557_600, 'year'],
  [2_629_800, 'month'],
  [604_800, 'week'],
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
]

/** A length of time in its largest unit that it fills one and a half times: "3 weeks", "40 minutes". */
export function waited(seconds: number): string {
  const [size, unit] = spans.find(([each]) => seconds >= each * 1.5) ?? [1, 'second']
  const n = Math.round(seconds / size)
  return `${n.toLocaleString('en')} ${unit}${n === 1 ? '' : 's'}`
}

/** First letter large. */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
