import { Button, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Topics, WordsAnswer } from '../../../../src/insights/words/schema.ts'
import { wordsSheets } from '../../../../src/insights/words/sheets.ts'
import { api, reply } from '../../lib/api.ts'
import { useMay } from '../../lib/session.ts'
import { toast, toastFailure } from '../../parts/actions.tsx'
import { Card } from '../../parts/page.tsx'
import { Claim, Share } from '../../parts/words.tsx'
import { SheetTable, sheetNamed } from '../sheet-cards.tsx'
import { Said } from './said.tsx'

/** What they speak of, by topics of one's own, and the texts that would teach most. */
export function TopicsCard({ answer }: { answer: WordsAnswer }) {
  const { topics } = answer
  const { measured } = topics
  const sheet = sheetNamed(wordsSheets(answer), 'topics')
  return (
    <>
      <Card title="What they speak of" tools={<Claim kind={measured ? 'counted' : 'not enough to tell'} />}>
        {measured ? (
          <p>
            It answers for <Share {...measured.answers} /> of texts and is right in{' '}
            <Share {...measured.right} /> of those, measured on texts kept away from learning. Always
            answering it would be right in <Share {...measured.always} />.
          </p>
        ) : (
          <p className="faint">
            Topics are your own: say below what some texts are about, ten or more of each topic, and the
            others are sorted. {topics.cannotTell ? `Not yet, because ${topics.cannotTell}.` : ''}
          </p>
        )}
        {topics.topics.length > 0 ? <SheetTable sheet={sheet} /> : null}
      </Card>
      <ToLabel topics={topics} />
    </>
  )
}

/** The texts that would teach most, each with a place to say what it is about. */
function ToLabel({ topics }: { topics: Topics }) {
  const may = useMay('member')
  if (!may || topics.toLabel.length === 0) return null
  const known = topics.topics.map((each) => each.topic)
  return (
    <Card title="What is this about?">
      <datalist id="topics">
        {known.map((topic) => (
          <option key={topic} value={topic} />
        ))}
      </datalist>
      {topics.toLabel.map((text) => (
        <LabelOne key={text.interactionId} text={text} />
      ))}
    </Card>
  )
}

function LabelOne({ text }: { text: Topics['toLabel'][number] }) {
  const [topic, setTopic] = useState('')
  const [done, setDone] = useState('')
  const queries = useQueryClient()
  const refresh = () => queries.invalidateQueries({ queryKey: ['question', 'words'], refetchType: 'none' })
  async function save(chosen: string) {
    const { customerId, interactionId } = text
    await reply(api.api['topic-labels'].$post({ json: { customerId, interactionId, topic: chosen } }))
    setDone(chosen)
    await refresh()
    toast(`Labelled “${chosen}”.`, async () => {
      await reply(api.api['topic-labels'][':id'].$delete({ param: { id: `${interactionId}` } }))
      setDone('')
      await refresh()
    })
  }
  if (done)
    return (
      <div className="label-one">
        <Said example={text} />
        <span className="n">{done}</span>
      </div>
    )
  return (
    <form
      className="label-one"
      onSubmit={(event) => {
        event.preventDefault()
        if (topic.trim() !== '') void save(topic.trim()).catch(toastFailure)
      }}
    >
      <Said example={text} />
      <span className="label-do">
        {text.likely.slice(0, 2).map((likely) => (
          <Button
            key={likely}
            size="xs"
            variant="default"
            onClick={() => void save(likely).catch(toastFailure)}
          >
            {likely}
          </Button>
        ))}
        <TextInput
          size="xs"
          list="topics"
          placeholder="Another topic"
          aria-label="What it is about"
          value={topic}
          onChange={(event) => setTopic(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" disabled={topic.trim() === ''}>
          Label it
        </Button>
      </span>
    </form>
  )
}
