import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import { ProofRefused } from '../../../shared/components/notice.tsx'
import styles from '../../../shared/log-in.module.css'
import { api, token } from '../../api.ts'
import { queryClient } from '../../queries.ts'

/** Name and password of an account at the FSP. */
export function LogIn() {
  const { next } = useSearch({ from: '/log-in' })
  const router = useRouter()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  useEffect(() => {
    document.title = 'Log in · Ringmain'
  }, [])
  const logIn = useMutation({
    mutationFn: () => api.call(fspOperations.logIn, { body: { username, password } }),
    onSuccess: (session) => {
      queryClient.clear()
      token.keep(session.token)
      // An address of our own only: anything else would lead a person who has just logged in to a stranger's page.
      router.history.push(router.basepath + (next?.startsWith('/') && !next.startsWith('//') ? next : '/'))
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    logIn.mutate()
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
        <p className={styles.purpose}>Charging and flexibility of fleets</p>
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
          {logIn.isError && <ProofRefused error={logIn.error} />}
          <Button type="submit" variant="filled" size="sm" loading={logIn.isPending}>
            Log in
          </Button>
        </form>
      </div>
    </main>
  )
}
