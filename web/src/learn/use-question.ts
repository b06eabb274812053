import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Problem, problemIn } from '../lib/api.ts'

export interface Statement {
  text: string
  claim: 'counted' | 'goes along with' | 'proven by a test' | 'not enough to tell'
  n?: number | undefined
}

/** What every answer carries beside its own figures. */
export interface Answered {
  statements: Statement[]
  counted: { countedAt: string; tookMs: number; queries: { about: string; sql: string }[] }
}

export interface Run {
  id: number
  question: string
  done: number
  words: string
}

/** Asks a question. Leaving the page stops the counting, unless somebody else waits for it. */
export function useQuestion<Answer>(name: string, asked: Record<string, string>) {
  return useQuery({
    queryKey: ['question', name, asked],
    queryFn: ({ signal }) =>
      getJson<Answer & Answered>(`/api/insights/${name}?${new URLSearchParams(asked)}`, signal),
    placeholderData: keepPreviousData,
    // right after a start the figures are still being built; they are there in a moment
    retry: (times, error) => error instanceof Problem && error.status === 503 && times < 40,
    retryDelay: 1_500,
    staleTime: 30_000,
  })
}

/** How far a count is, while `waiting`. */
export function useRun(name: string, waiting: boolean): Run | undefined {
  const found = useQuery({
    queryKey: ['runs', name],
    queryFn: ({ signal }) => getJson<{ runs: Run[] }>('/api/insights/runs', signal),
    enabled: waiting,
    refetchInterval: 700,
    gcTime: 0,
  })
  return waiting ? found.data?.runs.find((run) => run.question === name) : undefined
}

export async function getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const response = await fetch(path, { credentials: 'same-origin', ...(signal ? { signal } : {}) }).catch(
    (error: unknown) => {
      if (signal?.aborted) throw error
      throw new Problem(0, 'No connection', 'Troth does not answer. Check that it is running and try again.')
    },
  )
  if (!response.ok) throw await problemIn(response)
  return (await response.json()) as Answer
}
