import { useHotkeys } from '@mantine/hooks'
import { lazy, Suspense, useState } from 'react'
import styles from './search.module.css'

const SearchDialog = lazy(() => import('./search-dialog.tsx').then((at) => ({ default: at.SearchDialog })))

/** Finds a site, MPAN, hub, FU, FSP or statement, by ⌘K or Ctrl-K from anywhere. */
export function Search() {
  const [open, setOpen] = useState(false)
  const [isAsked, setIsAsked] = useState(false)
  const ask = () => {
    setIsAsked(true)
    setOpen(true)
  }
  useHotkeys([['mod+K', ask]], [])
  return (
    <>
      <button type="button" className={styles.opener} onClick={ask}>
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path
            d="M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.4 10.4 14 14"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
          />
        </svg>
        <span className={styles.openerText}>Search</span>
        <kbd className={styles.key}>⌘K</kbd>
      </button>
      {isAsked && (
        <Suspense>
          <SearchDialog isOpen={open} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
