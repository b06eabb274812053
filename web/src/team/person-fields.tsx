import { PasswordInput, TextInput } from '@mantine/core'

export interface Person {
  name: string
  email: string
  password: string
}

export const emptyPerson: Person = { name: '', email: '', password: '' }

/** Name, email address and a new password, for whoever makes an account. */
export function PersonFields(props: {
  value: Person
  onChange: (value: Person) => void
  wrong: (field: keyof Person) => string | undefined
  /** The address is given by the invitation. */
  fixedEmail?: boolean
}) {
  const { value, onChange, wrong } = props
  return (
    <>
      <TextInput
        label="Your name"
        autoComplete="name"
        required
        maxLength={120}
        value={value.name}
        error={wrong('name')}
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
      />
      <TextInput
        label="Email address"
        type="email"
        autoComplete="username"
        required
        readOnly={props.fixedEmail ?? false}
        value={value.email}
        error={wrong('email')}
        onChange={(event) => onChange({ ...value, email: event.currentTarget.value })}
      />
      <PasswordInput
        label="Password"
        description="At least 10 characters; a few words are easy to remember."
        autoComplete="new-password"
        required
        minLength={10}
        value={value.password}
        error={wrong('password')}
        onChange={(event) => onChange({ ...value, password: event.currentTarget.value })}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
      />
    </>
  )
}
