import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type FormEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { LogInFault } from '../../../../schemas/access/sessions.ts'
import { operations } from '../../../../schemas/operations.ts'
import { ApiProblem, addressOf, api } from '../../../shared/api/client.ts'
import { LogInBox, type NameAndPassword, NameAndPasswordFields } from '../../../shared/components/log-in-box.tsx'
import { Notice, ProofRefused } from '../../../shared/components/notice.tsx'
import styles from '../../../shared/log-in.module.css'
import { DemoAccounts } from './demo-accounts.tsx'

const faultWords: Record<LogInFault, string> = {
  expired: 'The log-in took too long, or was started in another window. Start again.',
  refused: 'The log-in was not completed. Start again.',
  'no-role': 'Your account has no role here. Ask an administrator for one, then start again.',
  unreachable: 'The service that people log in with does not answer. Try again in a moment.',
}

const purpose = 'Connections, dispatch and settlement'

/** Where a log-in begins: the server leads to the issuer, and that back to this page or to one of its own. */
function beginning(next: string | undefined): string {
  return addressOf(operations.beginLogIn, { query: next ? { next } : {} })
}

/** The page of this server’s own issuer. Without an interaction there is nothing to log in to yet: it begins, or says what went wrong. */
export function LogIn() {
  const { next, interaction, fault } = useSearch({ from: '/log-in' })
  useEffect(() => {
    document.title = 'Log in · Ringmain'
    if (!interaction && !fault) window.location.replace(beginning(next))
  }, [interaction, fault, next])
  if (interaction) return <PasswordPage interaction={interaction} next={next} />
  if (!fault) return null
  return (
    <LogInBox purpose={purpose}>
      <Notice tone="fault">{faultWords[fault]}</Notice>
      <Button component="a" href={beginning(next)} variant="filled" size="sm" mt="md">
        Log in
      </Button>
    </LogInBox>
  )
}

/** Name and password, and the code if the account has a second factor; in a demo the accounts are listed and one click uses one. */
function PasswordPage({ interaction, next }: { interaction: string; next: string | undefined }) {
  const [given, setGiven] = useState<NameAndPassword>({ username: '', password: '' })
  const [code, setCode] = useState('')
  const [needsCode, setNeedsCode] = useState(false)
  const codeField = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (needsCode) codeField.current?.focus()
  }, [needsCode])
  const logIn = useMutation({
    mutationFn: ({ username, password, code }: NameAndPassword & { code?: string | undefined }) =>
      api.call(operations.sendPassword, { body: { username, password, code, interaction } }),
    onSuccess: ({ redirectTo }) => window.location.assign(redirectTo),
    onError: (error) => {
      if (error instanceof ApiProblem && error.kind === 'second-factor-needed') setNeedsCode(true)
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    logIn.mutate({ ...given, code: code.trim() || undefined })
  }
  const isOver = logIn.error instanceof ApiProblem && logIn.error.status === 409
  return (
    <LogInBox purpose={purpose} below={<DemoAccounts onChoose={logIn.mutate} />}>
      <form onSubmit={onSubmit} className={styles.form}>
        <NameAndPasswordFields given={given} onChange={setGiven} />
        {needsCode && <Code ref={codeField} value={code} onText={setCode} />}
        {logIn.isError && <ProofRefused error={logIn.error} />}
        {isOver ? (
          <Button component="a" href={beginning(next)} variant="filled" size="sm">
            Start again
          </Button>
        ) : (
          <Button type="submit" variant="filled" size="sm" loading={logIn.isPending}>
            Log in
          </Button>
        )}
      </form>
    </LogInBox>
  )
}

function Code({
  ref,
  value,
  onText,
}: {
  ref: RefObject<HTMLInputElement | null>
  value: string
  onText: (text: string) => void
}) {
  return (
    <TextInput
      ref={ref}
      label="Code"
      autoComplete="one-time-code"
      inputMode="numeric"
      required
      withAsterisk={false}
      minLength={6}
      maxLength={40}
      value={value}
      onChange={(event) => onText(event.currentTarget.value)}
    />
  )
}
