import { Link, type LinkProps, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import styles from './rail.module.css'

/** What stands around the way to every screen. On small screens it lies over the content until a choice is made. */
export function RailFrame({ open, onClose, children }: { open: boolean; onClose: () => void; children: ReactNode }) {
  return (
    <>
      {open && <button type="button" className={styles.veil} aria-label="Close the menu" onClick={onClose} />}
      <nav className={styles.rail} data-open={open || undefined} aria-label="Main">
        <div className={styles.brand}>
          <svg viewBox="0 0 16 16" aria-hidden="true" className={styles.logo}>
            <circle cx="8" cy="8" r="4.4" />
            <path d="M8 0.8v4M8 11.2v4" />
          </svg>
          Ringmain
        </div>
        <ul>{children}</ul>
      </nav>
    </>
  )
}

/** An entry of the rail: where it leads, and its sign as a path of 16 by 16. */
export interface RailEntry {
  readonly to: NonNullable<LinkProps['to']>
  readonly label: string
  readonly icon: string
}

/** The ways to the screens; `isUnder` says whether an address belongs to an entry. */
export function RailEntries({
  entries,
  isUnder,
}: {
  entries: readonly RailEntry[]
  isUnder: (path: string, to: string) => boolean
}) {
  const path = useRouterState({ select: (state) => state.location.pathname })
  return entries.map(({ to, label, icon }) => (
    <li key={to}>
      <Link
        to={to}
        activeOptions={{ exact: to === '/' }}
        className={styles.entry}
        data-active={isUnder(path, to) || undefined}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d={icon} />
        </svg>
        {label}
      </Link>
    </li>
  ))
}

/** An entry that leads to another face of the same server. */
export function RailWayOut({ href, label, icon }: { href: string; label: string; icon: string }) {
  return (
    <li>
      <a href={href} className={styles.entry}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d={icon} />
        </svg>
        {label}
      </a>
    </li>
  )
}
