import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { guessPlace } from '../lib/places.ts'
import { useSubmit } from '../lib/submit.ts'
import { type Company, CompanyFields } from './company-fields.tsx'
import { Gate, Wrong } from './gate.tsx'
import { emptyPerson, PersonFields } from './person-fields.tsx'

export function FirstRunPage() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const form = useSubmit()
  const [owner, setOwner] = useState(emptyPerson)
  const [company, setCompany] = useState<Company>(() => ({ name: '', buying: 'again', ...guessPlace() }))

  async function submit(event: FormEvent) {
    event.preventDefault()
    const good = await form.submit(() =>
      reply(api.api['first-run'].$post({ json: { owner, workspace: company } })),
    )
    if (!good) return
    // What nobody was shown is not what this person is shown.
    queries.clear()
    await navigate({ to: '/welcome' })
  }

  return (
    <Gate
      title="Welcome to Troth"
      lead="Two things first: who you are, and whose customers these will be. Everything stays on this machine."
    >
      <form onSubmit={(event) => void submit(event)}>
        <fieldset className="plain">
          <legend>You, the owner</legend>
          <PersonFields
            value={owner}
            onChange={setOwner}
            wrong={(field) => form.wrong(`owner.${field}`) ?? form.wrong(field)}
          />
        </fieldset>
        <fieldset className="plain">
          <legend>Your company</legend>
          <CompanyFields
            value={company}
            onChange={setCompany}
            wrong={(field) => form.wrong(`workspace.${field}`)}
          />
        </fieldset>
        <Wrong message={form.message} />
        <Button type="submit" loading={form.busy}>
          Begin
        </Button>
      </form>
    </Gate>
  )
}
