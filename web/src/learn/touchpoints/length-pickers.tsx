import { NativeSelect } from '@mantine/core'
import type { SetSearch } from '../question-page.tsx'
import type { QuestionSearch } from '../question-search.ts'

const lengths = [7, 14, 30, 60, 90, 120, 180, 270, 365, 545, 730]

/** Up to when what a customer met counts, and for how long after that they are followed. */
export function LengthPickers({ search, set }: { search: QuestionSearch; set: SetSearch }) {
  const picker = (
    name: 'landmark' | 'horizon',
    label: string,
    words: (days: number) => string,
    own: string,
  ) => {
    const asked = Number(search[name]) || undefined
    const offered = asked && !lengths.includes(asked) ? [...lengths, asked].sort((a, b) => a - b) : lengths
    return (
      <NativeSelect
        size="xs"
        aria-label={label}
        value={asked ? String(asked) : ''}
        onChange={(event) => set({ [name]: Number(event.currentTarget.value) || undefined })}
        data={[
          { value: '', label: own },
          ...offered.map((days) => ({ value: String(days), label: words(days) })),
        ]}
      />
    )
  }
  return (
    <>
      {picker(
        'landmark',
        'Up to when what they met counts',
        (days) => `Met within ${days} days`,
        'Met within the usual time',
      )}
      {picker(
        'horizon',
        'For how long they are followed after that',
        (days) => `Followed for ${days} days more`,
        'Followed as long as usual',
      )}
    </>
  )
}
