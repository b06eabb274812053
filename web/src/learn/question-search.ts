// What a question is asked with, as it stands in the page's address: so that any view can be linked, saved
// and gone back to. The journey's scope (period, segment) and, beside it, whatever the question knows.
import { type JourneySearch, readSearch, scopeOf } from '../journey/scope.ts'

export type QuestionSearch = JourneySearch & { [asked: string]: string | number | undefined }

const scopeNames = new Set(['period', 'from', 'to', 'segment', 'compare'])

export function readQuestionSearch(search: Record<string, unknown>): QuestionSearch {
  const own = Object.entries(search).flatMap(([name, value]): [string, string | number][] =>
    !scopeNames.has(name) && (typeof value === 'number' || (typeof value === 'string' && value !== ''))
      ? [[name, value]]
      : typeof value === 'boolean'
        ? [[name, String(value)]]
        : [],
  )
  return { ...readSearch(search), ...Object.fromEntries(own) }
}

/** The query that the server is asked with. */
export function askedOf(
  search: QuestionSearch,
  compares = false,
  today = new Date(),
): Record<string, string> {
  const own = Object.entries(search).flatMap(([name, value]): [string, string][] =>
    scopeNames.has(name) || value === undefined ? [] : [[name, String(value)]],
  )
  return {
    ...scopeOf(search, today),
    ...(compares && search.compare ? { compare: search.compare } : {}),
    ...Object.fromEntries(own),
  }
}

/** The same for the router, which would otherwise take every page's search for one with any name in it. */
export function questionAddress(search: Record<string, unknown>): JourneySearch {
  return readQuestionSearch(search)
}
