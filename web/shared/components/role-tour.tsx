import { Link, type LinkProps } from '@tanstack/react-router'
import styles from './role-tour.module.css'

/** Something to try in a demo: where, and what to look for there. */
export interface TourStep {
  to: NonNullable<LinkProps['to']>
  search?: Record<string, string>
  where: string
  what: string
}

/** What a person of a role can try in a demo, in the order in which it tells a story. */
export function RoleTour({ who, steps }: { who: string; steps: readonly TourStep[] }) {
  return (
    <details className={styles.tour}>
      <summary>What to try as {who}</summary>
      <ol>
        {steps.map(({ to, search, where, what }) => (
          <li key={what}>
            <Link to={to} search={search ?? {}}>
              {where}
            </Link>
            : {what}
          </li>
        ))}
      </ol>
    </details>
  )
}
