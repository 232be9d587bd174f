import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, ReactNode } from 'react'
import styles from './link-tabs.module.css'

/** Sister screens, side by side: each a link, so that the address says which one is open. */
export function LinkTabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {children}
    </nav>
  )
}

function Base(props: AnchorHTMLAttributes<HTMLAnchorElement>) {
  return <a {...props} className={styles.tab} />
}

export const LinkTab = createLink(Base)
