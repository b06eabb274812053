import { Alert, Button, Skeleton } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { said } from '../lib/api.ts'
import { Sentence } from './words.tsx'

/** A page: its title bar with tools, the sentence that says what is true, and the evidence under it. */
export function Page(props: {
  title: string
  beside?: ReactNode
  tools?: ReactNode
  sentence?: ReactNode
  children?: ReactNode
}) {
  const { title, beside, tools, sentence, children } = props
  useTitle(title)
  return (
    <div className="page">
      <div className="page-bar">
        <h1>{title}</h1>
        {beside}
        {tools ? <div className="tools">{tools}</div> : null}
      </div>
      {sentence ? <Sentence>{sentence}</Sentence> : <div style={{ height: 18 }} />}
      {children}
    </div>
  )
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Troth`
  }, [title])
}

export function Card({
  title,
  tools,
  children,
}: {
  title?: ReactNode
  tools?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="card">
      {title ? (
        <h2>
          {title}
          {tools ? <span className="tools">{tools}</span> : null}
        </h2>
      ) : null}
      {children}
    </section>
  )
}

/** Says that there is nothing, why, and what to do next. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="empty">
      <p className="title">{title}</p>
      {children ? <p>{children}</p> : null}
      {action}
    </div>
  )
}

/** In the place of something that could not be fetched: what happened, and a way to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <Alert color="red" variant="outline" title="This could not be shown" role="alert">
      <p style={{ margin: '0 0 8px' }}>{said(error)}</p>
      {retry ? (
        <Button size="xs" variant="default" onClick={retry}>
          Try again
        </Button>
      ) : null}
    </Alert>
  )
}

/** Holds the place of something on its way, so that nothing jumps when it comes. */
export function Waiting({ height = 160 }: { height?: number }) {
  return <Skeleton height={height} radius={14} aria-label="Loading" role="status" />
}
