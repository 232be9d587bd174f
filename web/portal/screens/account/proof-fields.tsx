import type { ComponentProps } from 'react'
import { Field } from '../../../shared/components/fields.tsx'

type GivenField = Pick<ComponentProps<typeof Field>, 'value' | 'hint' | 'fault' | 'disabled'> & {
  label?: string
  onText: (text: string) => void
}

/** What a field for a code takes. */
export const codeHint = 'From your authenticator app, or a recovery code'

/** The present password. */
export function PasswordField({ label = 'Password', onText, ...field }: GivenField) {
  return (
    <Field
      label={label}
      type="password"
      autoComplete="current-password"
      required
      onChange={(event) => onText(event.currentTarget.value)}
      data-mantine-stop-propagation
      {...field}
    />
  )
}

/** A code of the authenticator app, or a recovery code, which has letters. */
export function CodeField({ label = 'Code', onText, ...field }: GivenField) {
  return (
    <Field
      label={label}
      autoComplete="one-time-code"
      inputMode="numeric"
      required
      minLength={6}
      maxLength={40}
      onChange={(event) => onText(event.currentTarget.value)}
      data-mantine-stop-propagation
      {...field}
    />
  )
}
