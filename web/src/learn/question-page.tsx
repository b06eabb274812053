import './learn.css'
import { Button, Menu } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { ScopePickers } from '../journey/scope-pickers.tsx'
import { Failure, Page } from '../parts/page.tsx'
import { Claim, DateText } from '../parts/words.tsx'
import { Counting, Stopped } from './counting.tsx'
import { KeepView } from './keep-view.tsx'
import { askedOf, type QuestionSearch, readQuestionSearch } from './question-search.ts'
import { type Answered, type Statement, useQuestion } from './use-question.ts'

const SqlDrawer = lazy(async () => ({ default: (await import('./sql-drawer.tsx')).SqlDrawer }))

/** A table of the answer that can be taken away: its name in the address, and in words. */
export interface SheetName {
  name: string
  title: string
}

/**
 * A question's page: pickers, what is true in sentences (each with how it is known), then the pictures. While
 * it counts it says how far it is and can be stopped.
 */
export function QuestionPage<Answer>(props: {
  name: string
  title: string
  /** One sentence on what is asked and how, under the title. */
  about: string
  sheets: SheetName[] | ((answer: Answer) => SheetName[])
  /** Whether it can be compared with another segment. */
  compares?: boolean
  /** False where the question is about everybody and all time. */
  scope?: boolean
  /** What the page always asks, whatever stands in its address. Must keep its identity. */
  always?: Record<string, string>
  /** Beside the pickers of customers and time. */
  pickers?: (search: QuestionSearch, set: SetSearch) => ReactNode
  children: (answer: Answer & Answered, search: QuestionSearch, set: SetSearch) => ReactNode
}) {
  const { name, title, about, sheets } = props
  const search = readQuestionSearch(useSearch({ strict: false }))
  const navigate = useNavigate()
  const set: SetSearch = (changes) =>
    void navigate({
      to: '.',
      search: readQuestionSearch({ ...search, ...changes }) as never,
      replace: true,
    })
  const asked = { ...askedOf(search, props.compares), ...props.always }
  const found = useQuestion<Answer>(name, asked)
  const answer = found.data
  const stopped = found.fetchStatus === 'idle'
  return (
    <Page
      title={title}
      tools={
        <>
          {props.scope === false ? null : (
            <ScopePickers
              search={search}
              change={(next) => set({ ...emptyScope, ...next })}
              compares={props.compares ?? false}
            />
          )}
          {props.pickers?.(search, set)}
          {answer ? (
            <Take
              name={name}
              asked={asked}
              sheets={typeof sheets === 'function' ? sheets(answer) : sheets}
              answer={answer}
            />
          ) : null}
          <KeepView question={name} search={search} suggested={title} />
        </>
      }
    >
      <p className="about">{about}</p>
      {found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !answer ? (
        stopped ? (
          <Stopped again={() => void found.refetch()} />
        ) : (
          <Counting name={name} />
        )
      ) : (
        <div
          className={`stack ${found.isPlaceholderData ? 'aging' : ''}`}
          aria-busy={found.isPlaceholderData}
        >
          {!found.isPlaceholderData ? null : stopped ? (
            <Stopped again={() => void found.refetch()} older />
          ) : (
            <Counting name={name} small />
          )}
          <Statements
            statements={answer.statements.filter(({ n }) => n !== 0 || answer.statements.length > 1)}
          />
          {props.children(answer, search, set)}
          <p className="n">
            Counted <DateText at={answer.counted.countedAt} as="ago" /> in{' '}
            {answer.counted.tookMs < 50 ? 'no time' : `${(answer.counted.tookMs / 1000).toFixed(1)} s`}.
          </p>
        </div>
      )}
    </Page>
  )
}

export type SetSearch = (changes: { [asked: string]: string | number | undefined }) => void
const emptyScope = {
  period: undefined,
  from: undefined,
  to: undefined,
  segment: undefined,
  compare: undefined,
}

/** More sentences than this under the first are read by those who ask for them. */
const readAtOnce = 5

/** What is true, sentence by sentence, each with how it is known. */
export function Statements({ statements }: { statements: Statement[] }) {
  const [all, setAll] = useState(false)
  const [first, ...rest] = statements
  if (!first) return null
  // one more is not worth a button
  const shown = all || rest.length <= readAtOnce + 1 ? rest : rest.slice(0, readAtOnce)
  return (
    <div className="statements">
      <p className="sentence">
        {first.text} <Claim kind={first.claim} />
      </p>
      {rest.length > 0 ? (
        <ul>
          {shown.map((statement) => (
            <li key={statement.text}>
              {statement.text} <Claim kind={statement.claim} />
            </li>
          ))}
        </ul>
      ) : null}
      {shown.length < rest.length ? (
        <Button size="compact-xs" variant="default" onClick={() => setAll(true)}>
          {rest.length - shown.length} more sentences
        </Button>
      ) : null}
    </div>
  )
}

/** The answer to take away: tables as CSV, and the SQL behind each number. */
function Take(props: { name: string; asked: Record<string, string>; sheets: SheetName[]; answer: Answered }) {
  const { name, asked, sheets, answer } = props
  const [open, setOpen] = useState(false)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default">
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {sheets.map((sheet) => (
            <Menu.Item
              key={sheet.name}
              component="a"
              href={`/api/insights/${name}.csv?${new URLSearchParams({ ...asked, sheet: sheet.name })}`}
              download
            >
              {sheet.title}, as CSV
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setOpen(true)}>Copy SQL</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {open ? <SqlDrawer queries={answer.counted.queries} close={() => setOpen(false)} /> : null}
      </Suspense>
    </>
  )
}
