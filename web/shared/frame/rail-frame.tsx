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

/** The sign of an entry of the rail. */
export function RailIcon({ path }: { path: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
    </svg>
  )
}
