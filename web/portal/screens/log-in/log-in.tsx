import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { session } from '../../../../schemas/portal.ts'
import { ApiProblem, ask } from '../../../shared/api/client.ts'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { roleWords } from '../../../shared/format/words.ts'
import { demoAccountsQuery, sessionQuery } from '../../queries.ts'
import styles from './log-in.module.css'

/** Log in; in a demo the accounts are listed and one click fills them in. */
export function LogIn() {
  const { next } = useSearch({ from: '/log-in' })
  const navigate = useNavigate()
  const queries = useQueryClient()
  const demo = useQuery(demoAccountsQuery)
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  useEffect(() => {
    document.title = 'Log in · Ringmain'
  }, [])
  const logIn = useMutation({
    mutationFn: (given: { username: string; password: string }) =>
      ask(session, '/session', { method: 'POST', body: given }),
    onSuccess: (opened) => {
      queries.setQueryData(sessionQuery.queryKey, opened)
      // Only a path of this portal: an address elsewhere is not followed.
      const path = next?.startsWith('/') && !next.startsWith('//') ? next : '/'
      void navigate({ href: path, replace: true })
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    logIn.mutate({ username, password })
  }
  return (
    <main className={styles.page}>
      <div className={styles.box}>
        <h1 className={styles.title}>
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <circle cx="8" cy="8" r="4.4" />
            <path d="M8 0.8v4M8 11.2v4" />
          </svg>
          Ringmain
        </h1>
        <p className={styles.purpose}>Connections, dispatch and settlement</p>
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

function LogInFailed({ error }: { error: Error }) {
  if (error instanceof ApiProblem && error.status === 401) return <Notice tone="fault">{error.message}</Notice>
  return <ProblemNotice error={error} />
}
