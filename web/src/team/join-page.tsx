import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, reply, said } from '../lib/api.ts'
import { useSubmit } from '../lib/submit.ts'
import { Waiting } from '../parts/page.tsx'
import { Gate, Wrong } from './gate.tsx'
import { emptyPerson, PersonFields } from './person-fields.tsx'

export function JoinPage() {
  const { token } = useParams({ from: '/join/$token' })
  const navigate = useNavigate()
  const queries = useQueryClient()
  const form = useSubmit()
  const [person, setPerson] = useState(emptyPerson)
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => reply(api.api.invitations['by-token'][':token'].$get({ param: { token } })),
    retry: false,
  })
  const email = invitation.data?.email ?? person.email

  async function submit(event: FormEvent) {
    event.preventDefault()
    const good = await form.submit(() =>
      reply(
        api.api.invitations['by-token'][':token'].acceptance.$post({
          param: { token },
          json: { ...person, email },
        }),
      ),
    )
    if (!good) return
    // What nobody was shown is not what this person is shown.
    queries.clear()
    await navigate({ to: '/' })
  }

  if (invitation.isPending)
    return (
      <Gate title="Join">
        <Waiting />
      </Gate>
    )
  if (invitation.isError)
    return (
      <Gate title="This invitation does not open" lead={said(invitation.error)}>
        <Link to="/sign-in">Sign in</Link>
      </Gate>
    )
  const { company, invitedBy } = invitation.data
  return (
    <Gate title={`Join ${company || 'the team'}`} lead={invitedBy ? `${invitedBy} invited you.` : undefined}>
      <form onSubmit={(event) => void submit(event)}>
        <PersonFields
          value={{ ...person, email }}
          onChange={setPerson}
          wrong={(field) => form.wrong(field)}
          fixedEmail={invitation.data.email !== null}
        />
        <Wrong message={form.message} />
        <Button type="submit" loading={form.busy}>
          Join
        </Button>
      </form>
    </Gate>
  )
}
