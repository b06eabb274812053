import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useSubmit } from '../lib/submit.ts'
import { Gate, Wrong } from './gate.tsx'

export function SignInPage() {
  const { link, to } = useSearch({ from: '/sign-in' })
  const navigate = useNavigate()
  const queries = useQueryClient()
  const form = useSubmit()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')

  async function submit(event: FormEvent) {
    event.preventDefault()
    const good = await form.submit(() => reply(api.api.session.$post({ json: { email, password } })))
    if (!good) return
    // What nobody was shown is not what this person is shown.
    queries.clear()
    await navigate({ href: to?.startsWith('/') && !to.startsWith('//') ? to : '/' })
  }

  return (
    <Gate
      title="Sign in"
      lead={
        link === 'old'
          ? 'That link is used up or too old. Sign in with your password, or get a new link.'
          : undefined
      }
    >
      <form onSubmit={(event) => void submit(event)}>
        <TextInput
          label="Email address"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        />
        <Wrong message={form.message ?? form.wrong('email')} />
        <Button type="submit" loading={form.busy}>
          Sign in
        </Button>
        <p className="n" style={{ margin: 0 }}>
          No password, or forgotten? An owner of your company can make you a sign-in link under Settings,
          Team.
        </p>
      </form>
    </Gate>
  )
}
