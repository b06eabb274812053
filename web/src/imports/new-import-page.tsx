import { Alert, Button, Group, Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type DragEvent, useState } from 'react'
import { api, Problem, reply, said } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { count } from '../lib/words.ts'
import { toastFailure } from '../parts/actions.tsx'
import { Card, EmptyState, Page } from '../parts/page.tsx'
import { Becomes } from './becomes.tsx'
import { MapFile } from './map-file.tsx'
import { bytesText } from './words.ts'
import './imports.css'

/** What is known of the files brought in so far. */
interface Brought {
  upload: string
  files: { name: string; bytes: number }[]
  /** A recipe that was dropped among the files. */
  recipe?: { name: string; text: string }
}

export function NewImportPage() {
  const may = useMay('manager')
  const { again } = useSearch({ strict: false })
  const [brought, setBrought] = useState<Brought>()
  if (!may)
    return (
      <Page title="Bring files in">
        <EmptyState title="Only managers bring files in">Ask a manager or the owner of the house.</EmptyState>
      </Page>
    )
  return (
    <Page
      title="Bring files in"
      sentence={
        brought
          ? 'Say what the columns are. Below you see exactly what the first rows become; nothing is brought in until you say so.'
          : 'Drop files; you see what their rows become before anything is brought in, and can take it back afterwards.'
      }
    >
      {brought ? (
        <Chosen brought={brought} again={again} restart={() => setBrought(undefined)} />
      ) : (
        <DropFiles done={setBrought} />
      )}
    </Page>
  )
}

function DropFiles({ done }: { done: (brought: Brought) => void }) {
  const [over, setOver] = useState(false)
  const [sending, setSending] = useState<{ name: string; share: number }>()
  const [problem, setProblem] = useState<string>()

  async function take(files: File[]) {
    if (files.length === 0) return
    setProblem(undefined)
    try {
      const { id } = await reply(api.api.imports.uploads.$post())
      const kept: Brought = { upload: id, files: [] }
      for (const file of files) {
        if (/\.ya?ml$/i.test(file.name)) {
          kept.recipe = { name: file.name, text: await file.text() }
          continue
        }
        setSending({ name: file.name, share: 0 })
        await send(id, file, (share) => setSending({ name: file.name, share }))
        kept.files.push({ name: file.name.normalize('NFC'), bytes: file.size })
      }
      if (kept.files.length === 0) setProblem('That was a recipe alone. Drop the files it reads beside it.')
      else done(kept)
    } catch (error) {
      setProblem(said(error))
    } finally {
      setSending(undefined)
    }
  }

  function dropped(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    void take([...event.dataTransfer.files])
  }

  return (
    <div className="wizard">
      <label
        className={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={dropped}
      >
        <span className="title" style={{ display: 'block' }}>
          Drop files here, or choose them
        </span>
        <input
          type="file"
          multiple
          disabled={sending !== undefined}
          accept=".csv,.tsv,.txt,.xlsx,.parquet,.jsonl,.ndjson,.json,.yaml,.yml"
          onChange={(event) => void take([...(event.currentTarget.files ?? [])])}
        />
        <span style={{ display: 'block' }}>
          CSV in any form, Excel (.xlsx up to 64 MB), Parquet or JSON lines, up to 4 GB a file. They stay on
          this system, and are deleted when they have been brought in.
        </span>
      </label>
      {sending ? (
        <Card title={`Sending ${sending.name}`}>
          <Progress value={sending.share * 100} aria-label={`Sending ${sending.name}`} radius="xl" />
        </Card>
      ) : null}
      {problem ? (
        <Alert color="red" variant="outline" title="This file can’t be taken" role="alert">
          {problem}
        </Alert>
      ) : null}
    </div>
  )
}

/** Fetch can't say how far an upload is. */
function send(upload: string, file: File, progress: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', `/api/imports/uploads/${upload}/files/${encodeURIComponent(file.name)}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total)
    }
    request.onerror = () => reject(new Problem(0, 'No connection', 'Troth does not answer. Try again.'))
    request.onload = () => {
      if (request.status === 200) resolve()
      else {
        const answer = JSON.parse(request.responseText || '{}') as { detail?: string }
        reject(
          new Problem(request.status, 'Refused', answer.detail ?? `The server answered ${request.status}.`),
        )
      }
    }
    request.send(file)
  })
}

function Chosen(props: { brought: Brought; again: number | undefined; restart: () => void }) {
  const { brought, again, restart } = props
  const { upload, files } = brought
  const [byHand, setByHand] = useState(false)
  const [begun, setBegun] = useState<Map<string, number>>(new Map())
  const left = files.filter(({ name }) => !begun.has(name))
  const [picked, setPicked] = useState<string>()
  const file = left.find(({ name }) => name === picked)?.name ?? left[0]?.name ?? ''
  const navigate = useNavigate()
  const fitting = useQuery({
    queryKey: ['imports', 'fitting', upload],
    queryFn: () => reply(api.api.imports.uploads[':upload'].recipes.$get({ param: { upload } })),
  })
  const exact = fitting.data?.items.find((recipe) => recipe.exact)
  const written = brought.recipe
    ? { recipe: brought.recipe.text }
    : again !== undefined
      ? { earlier: again }
      : exact
        ? { shipped: exact.name }
        : undefined
  const chosen = (
    <Card
      title="The files"
      tools={
        <Button variant="default" size="xs" onClick={restart}>
          Choose others
        </Button>
      }
    >
      {files.map(({ name, bytes }) => (
        <span key={name} style={{ marginInlineEnd: 16 }}>
          <FileName
            name={name}
            by={begun.get(name)}
            pick={left.length > 1 && !(written && !byHand) ? { on: file === name, choose: setPicked } : null}
          />{' '}
          <span className="n">{bytesText(bytes)}</span>
        </span>
      ))}
      {files.length > 1 && !(written && !byHand) ? (
        <p className="n" aria-live="polite">
          {begun.size === 0
            ? 'Columns are named for one file at a time; the next follows when you have brought one in.'
            : `${count(begun.size, 'file')} of ${files.length} brought in. Now ${file}.`}
        </p>
      ) : null}
    </Card>
  )
  if (written && !byHand)
    return (
      <div className="wizard">
        {chosen}
        <ByRecipe
          upload={upload}
          what={written}
          title={
            exact && !brought.recipe && again === undefined
              ? `Troth knows these files: ${exact.title}`
              : brought.recipe
                ? `By your recipe ${brought.recipe.name}`
                : 'As it was done before'
          }
          byHand={() => setByHand(true)}
        />
      </div>
    )
  return (
    <div className="wizard">
      {chosen}
      <MapFile
        key={file}
        upload={upload}
        file={file}
        started={(id) => {
          if (left.length > 1) setBegun(new Map([...begun, [file, id]]))
          else void navigate({ to: '/imports/$id', params: { id: String(id) } })
        }}
      />
    </div>
  )
}

function FileName(props: {
  name: string
  /** The import that has taken it. */
  by: number | undefined
  pick: { on: boolean; choose: (name: string) => void } | null
}) {
  const { name, by, pick } = props
  if (by !== undefined)
    return (
      <Link to="/imports/$id" params={{ id: String(by) }}>
        {name} ✓
      </Link>
    )
  if (!pick) return name
  return (
    <label>
      <input type="radio" name="file" checked={pick.on} onChange={() => pick.choose(name)} /> {name}
    </label>
  )
}

type Written = { recipe: string } | { earlier: number } | { shipped: string }

function ByRecipe(props: { upload: string; what: Written; title: string; byHand: () => void }) {
  const { upload, what, title, byHand } = props
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const preview = useQuery({
    queryKey: ['imports', 'preview', upload, what],
    queryFn: () => reply(api.api.imports.previews.$post({ json: { upload, ...what } })),
    retry: false,
  })
  async function start() {
    setBusy(true)
    try {
      const line = await reply(api.api.imports.$post({ json: { upload, ...what } }))
      await navigate({ to: '/imports/$id', params: { id: String(line.id) } })
    } catch (error) {
      toastFailure(error)
      setBusy(false)
    }
  }
  return (
    <Card title={title}>
      <Becomes preview={preview.data} error={preview.error} waiting={preview.isPending} />
      <Group mt="md">
        <Button onClick={() => void start()} loading={busy} disabled={!preview.data}>
          Bring them in
        </Button>
        <Button variant="default" onClick={byHand}>
          Name the columns myself
        </Button>
      </Group>
    </Card>
  )
}
