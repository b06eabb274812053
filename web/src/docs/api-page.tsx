// The API document as a page: every call, who may make it, what goes in and what comes back.
import { Code, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { count } from '../lib/words.ts'
import { Card, EmptyState, Failure, Page, Waiting } from '../parts/page.tsx'
import { type ApiDocument, type Operation, operationsOf, type Schema, shapeOf } from './api-document.ts'
import './api.css'

export function ApiPage() {
  const [text, setText] = useState('')
  const document = useQuery({
    queryKey: ['openapi'],
    queryFn: async () => (await (await fetch('/openapi.json')).json()) as ApiDocument,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (document.isPending)
    return (
      <Page title="API">
        <Waiting height={400} />
      </Page>
    )
  if (document.isError)
    return (
      <Page title="API">
        <Failure error={document.error} retry={() => void document.refetch()} />
      </Page>
    )
  const all = operationsOf(document.data)
  const wanted = text.trim().toLowerCase()
  const shown = all.filter((each) =>
    `${each.method} ${each.path} ${each.summary}`.toLowerCase().includes(wanted),
  )
  const groups = [...new Set(shown.map((each) => each.tag))]
  return (
    <Page
      title="API"
      sentence={
        <>
          {count(all.length, 'call')}, in <a href="/openapi.json">OpenAPI 3.1</a>. Send a key as{' '}
          <Code>Authorization: Bearer</Code> or as the user of Basic authentication.
        </>
      }
      tools={
        <TextInput
          size="xs"
          aria-label="Find a call"
          placeholder="Find a call"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      }
    >
      <div className="stack">
        {groups.map((tag) => (
          <Card key={tag} title={tag}>
            {shown
              .filter((each) => each.tag === tag)
              .map((each) => (
                <Call key={`${each.method} ${each.path}`} call={each} document={document.data} />
              ))}
          </Card>
        ))}
        {shown.length === 0 ? (
          <EmptyState title="No call matches">Try a part of its address, like “customers”.</EmptyState>
        ) : null}
      </div>
    </Page>
  )
}

function Call({ call, document }: { call: Operation; document: ApiDocument }) {
  return (
    <details className="call">
      <summary>
        <span className={`method ${call.method}`}>{call.method}</span>
        <code>{call.path}</code>
        <span className="muted">{call.summary}</span>
      </summary>
      <div className="call-body">
        {call.description ? <p>{call.description}</p> : null}
        <p className="n">{accessWords(call.access)}</p>
        {call.parameters.length > 0 ? (
          <>
            <h3>Parameters</h3>
            <ul>
              {call.parameters.map((each) => (
                <li key={`${each.in} ${each.name}`}>
                  <code>{each.name}</code>{' '}
                  <span className="n">
                    {each.in}
                    {each.required ? ', required' : ''}
                  </span>{' '}
                  {each.description}
                </li>
              ))}
            </ul>
          </>
        ) : null}
        {call.body ? <Shape title="Body" schema={call.body} document={document} /> : null}
        {call.answers.map(({ status, description, schema }) =>
          schema ? (
            <Shape key={status} title={`${status}: ${description}`} schema={schema} document={document} />
          ) : (
            <h3 key={status}>
              {status}: {description}
            </h3>
          ),
        )}
      </div>
    </details>
  )
}

function Shape({ title, schema, document }: { title: string; schema: Schema; document: ApiDocument }) {
  return (
    <>
      <h3>{title}</h3>
      <pre className="shape">{shapeOf(schema, document)}</pre>
    </>
  )
}

function accessWords(access: string): string {
  if (access === 'public') return 'For anybody.'
  if (access === 'ingest') return 'For keys that may send events, managers and owners.'
  if (access === 'viewer') return 'For everybody who is signed in, and (to read) for read keys.'
  return `For the role ${access} and above.`
}
