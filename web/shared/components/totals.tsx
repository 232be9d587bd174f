import type { ReactNode } from 'react'
import styles from './totals.module.css'

interface Total {
  term: string
  value: ReactNode
  /** In words rather than in figures, and as wide as there is room. */
  isWords?: boolean
}

/** The few figures that a screen is about, side by side at its head. */
export function Totals({ items }: { items: readonly Total[] }) {
  return (
    <dl className={styles.totals}>
      {items.map(({ term, value, isWords }) => (
        <div key={term} className={isWords ? styles.words : undefined}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
