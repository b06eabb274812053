import { Button, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Example, Term, Theme, Topics, WordsAnswer } from '../../../../src/insights/words/schema.ts'
import { api, reply } from '../../lib/api.ts'
import { useMay } from '../../lib/session.ts'
import { number } from '../../lib/words.ts'
import { toast, toastFailure } from '../../parts/actions.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { Card, EmptyState } from '../../parts/page.tsx'
import { Claim, DateText, Share } from '../../parts/words.tsx'
import { QuestionPage } from '../question-page.tsx'

export function WordsPage() {
  return (
    <QuestionPage<WordsAnswer>
      name="words"
      title="In their words"
      about="What customers say where it is good and where it is bad, in any language, and what it is about. Words go along with an experience; they don’t explain it."
      sheets={[
        { name: 'terms', title: 'Words that separate good from bad' },
        { name: 'topics', title: 'What they speak of' },
      ]}
    >
      {(answer) =>
        answer.texts === 0 ? (
          <EmptyState title="Nothing was said in words in this time">
            Reviews, answers to surveys and notes of what customers said appear here once they come in.
          </EmptyState>
        ) : (
          <>
            {answer.themes.map((theme) => (
              <ThemeCard key={theme.touchpointId ?? 0} theme={theme} />
            ))}
            <TopicsCard topics={answer.topics} />
          </>
        )
      }
    </QuestionPage>
  )
}

function ThemeCard({ theme }: { theme: Theme }) {
  const nothing = theme.good.length + theme.bad.length === 0
  // Everywhere always stands there; a moment where nothing can be told would only take room.
  if (nothing && theme.touchpointId !== null) return null
  return (
    <Card title={theme.name} tools={<Claim kind={nothing ? 'not enough to tell' : 'goes along with'} />}>
      {nothing ? (
        <p className="faint">
          {theme.cannotTell
            ? `This can’t be told, because ${theme.cannotTell}.`
            : 'No word is said more often on one side than chance allows.'}
        </p>
      ) : (
        <div className="learn-pair">
          <Side
            title={`Where it was bad (${number(theme.badTexts)} texts)`}
            tone="bad"
            terms={theme.bad}
            of={theme}
          />
          <Side
            title={`Where it was good (${number(theme.goodTexts)} texts)`}
            tone="good"
            terms={theme.good}
            of={theme}
          />
        </div>
      )}
    </Card>
  )
}

function Side({ title, tone, terms, of }: { title: string; tone: 'good' | 'bad'; terms: Term[]; of: Theme }) {
  return (
    <section className="said-side">
      <h3 className={tone}>
        <span aria-hidden="true">{tone === 'good' ? '▲' : '▼'}</span> {title}
      </h3>
      {terms.length === 0 ? <p className="faint">Nothing that is said here more than there.</p> : null}
      <ul>
        {terms.map((term) => (
          <li key={term.term}>
            <b>{term.term}</b>{' '}
            <span className="n">
              {number(term.bad)} of {number(of.badTexts)} bad, {number(term.good)} of {number(of.goodTexts)}{' '}
              good
            </span>
            {term.examples.slice(0, 1).map((example) => (
              <Words key={example.interactionId} example={example} />
            ))}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Words({ example }: { example: Example }) {
  return (
    <p className="said">
      <q>{example.text}</q>{' '}
      <Link className="n" to="/customers/$id" params={{ id: `${example.customerId}` }}>
        <DateText at={example.at} />
      </Link>
    </p>
  )
}

function TopicsCard({ topics }: { topics: Topics }) {
  const { measured } = topics
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
        {topics.topics.length > 0 ? (
          <DataTable
            caption="What they speak of"
            rows={topics.topics}
            rowKey={(each) => each.topic}
            columns={[
              { key: 'topic', header: 'Topic', value: (each) => each.topic },
              {
                key: 'texts',
                header: 'Texts',
                value: (each) => each.texts,
                align: 'end',
                cell: (each) => number(each.texts),
              },
              {
                key: 'labelled',
                header: 'Labelled',
                value: (each) => each.labelled,
                align: 'end',
                cell: (each) => number(each.labelled),
              },
              {
                key: 'good',
                header: 'Good',
                value: (each) => each.good,
                align: 'end',
                cell: (each) => number(each.good),
              },
              {
                key: 'bad',
                header: 'Bad',
                value: (each) => each.bad,
                align: 'end',
                cell: (each) => number(each.bad),
              },
            ]}
          />
        ) : null}
        {topics.topics.length > 0 ? <p className="n">Unsure: {number(topics.unsure)} texts.</p> : null}
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
        <Words example={text} />
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
      <Words example={text} />
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
