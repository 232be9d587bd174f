import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import type { LogInFault } from '../../../../schemas/access/sessions.ts'
import { operations } from '../../../../schemas/operations.ts'
import { ApiProblem, addressOf, api } from '../../../shared/api/client.ts'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { roleWords } from '../../../shared/format/words.ts'
import { demoAccountsQuery } from '../../queries.ts'
import styles from './log-in.module.css'

const faultWords: Record<LogInFault, string> = {
  expired: 'The log-in took too long, or was begun in another window. Begin again.',
  refused: 'The log-in was not completed. Begin again.',
  'no-role': 'You are known, but have no role here. Ask an administrator for one, and begin again.',
  unreachable: 'The service that people log in with does not answer. Try again in a moment.',
}

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
  if (interaction) return <PasswordPage interaction={interaction} />
  if (!fault) return null
  return (
    <main className={styles.page}>
      <div className={styles.box}>
        <Title />
        <Notice tone="fault">{faultWords[fault]}</Notice>
        <Button component="a" href={beginning(next)} variant="filled" size="sm" mt="md">
          Log in
        </Button>
      </div>
    </main>
  )
}

/** Name and password; in a demo the accounts are listed and one click uses one. */
function PasswordPage({ interaction }: { interaction: string }) {
  const demo = useQuery(demoAccountsQuery)
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const logIn = useMutation({
    mutationFn: ({ username, password }: { username: string; password: string }) =>
      api.call(operations.sendPassword, { body: { username, password, interaction } }),
    onSuccess: ({ redirectTo }) => window.location.assign(redirectTo),
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    logIn.mutate({ username, password })
  }
  return (
    <main className={styles.page}>
      <div className={styles.box}>
        <Title />
        <form onSubmit={onSubmit} className={styles.form}>
          <TextInput
            label="User name"
            autoComplete="username"
            required
            withAsterisk={false}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {logIn.isError && <LogInFailed error={logIn.error} />}
          <Button type="submit" variant="filled" size="sm" loading={logIn.isPending}>
            Log in
          </Button>
        </form>
      </div>
      {demo.data && demo.data.length > 0 && (
        <section className={styles.box} aria-label="Demo accounts">
          <h2 className={styles.demoTitle}>
            <span>Demo</span> Everything here is simulated. Log in as:
          </h2>
          <ul className={styles.accounts}>
            {demo.data.map((account) => (
              <li key={account.username}>
                <button type="button" onClick={() => logIn.mutate(account)}>
                  <strong>{account.fullName}</strong>
                  <span>{account.roles.map((role) => roleWords[role]).join(', ')}</span>
                  <code>
                    {account.username} / {account.password}
                  </code>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </main>
  )
}

function Title() {
  return (
    <>
      <h1 className={styles.title}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="4.4" />
          <path d="M8 0.8v4M8 11.2v4" />
        </svg>
        Ringmain
      </h1>
      <p className={styles.purpose}>Connections, dispatch and settlement</p>
    </>
  )
}

function LogInFailed({ error }: { error: Error }) {
  if (error instanceof ApiProblem && [401, 409, 429, 503].includes(error.status))
    return <Notice tone="fault">{error.message}</Notice>
  return <ProblemNotice error={error} />
}
