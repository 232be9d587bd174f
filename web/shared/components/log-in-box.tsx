import { PasswordInput, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from '../log-in.module.css'

interface LogInBoxProps {
  /** What the face is for, in a line. */
  purpose: string
  children: ReactNode
  /** What stands below the box. */
  below?: ReactNode
}

/** The page of a log-in: who we are, what this is for, and what a person has to do. */
export function LogInBox({ purpose, children, below }: LogInBoxProps) {
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
        <p className={styles.purpose}>{purpose}</p>
        {children}
      </div>
      {below}
    </main>
  )
}

/** The name and password of an account. */
export interface NameAndPassword {
  username: string
  password: string
}

/** Their fields. */
export function NameAndPasswordFields({
  given,
  onChange,
}: {
  given: NameAndPassword
  onChange: (given: NameAndPassword) => void
}) {
  return (
    <>
      <TextInput
        label="User name"
        autoComplete="username"
        required
        withAsterisk={false}
        value={given.username}
        onChange={(event) => onChange({ ...given, username: event.currentTarget.value })}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={given.password}
        onChange={(event) => onChange({ ...given, password: event.currentTarget.value })}
      />
    </>
  )
}
