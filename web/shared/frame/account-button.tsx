import type { ComponentProps } from 'react'
import styles from './top-bar.module.css'

/** Who is logged in, by initials; opens the menu of the account. */
export function AccountButton({ fullName, ...button }: { fullName: string } & ComponentProps<'button'>) {
  const initials = fullName
    .split(/\s+/)
    .map((name) => name[0])
    .join('')
    .slice(0, 2)
  return (
    <button type="button" className={styles.account} aria-label={`${initials}, account of ${fullName}`} {...button}>
      {initials}
    </button>
  )
}
