import { CloseButton } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import styles from './side-panel.module.css'

/** Details of one item beside the list that it was opened from. Escape closes it; the focus goes into it and back to where it was. */
export function SidePanel({
  title,
  onClose,
  children,
  footer,
}: {
  title: ReactNode
  onClose: () => void
  children: ReactNode
  footer?: ReactNode
}) {
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    const before = document.activeElement
    panel.current?.focus({ preventScroll: window.innerWidth > 1100 })
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  return (
    <aside
      ref={panel}
      className={styles.panel}
      aria-label="Details"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose()
      }}
    >
      <div className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        <CloseButton aria-label="Close details" onClick={onClose} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className={styles.body} tabIndex={0}>
        {children}
      </div>
      {footer && <div className={styles.footer}>{footer}</div>}
    </aside>
  )
}

/** A titled group within a panel. */
export function PanelPart({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className={styles.part}>
      {title && <h3 className={styles.partTitle}>{title}</h3>}
      {children}
    </section>
  )
}

/** Terms and values in two columns, values right-aligned. */
export function PanelFacts({ items }: { items: readonly (readonly [term: ReactNode, value: ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {items.map(([term, value], i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: terms may be drawn things, and their order is fixed
        <div key={i}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
