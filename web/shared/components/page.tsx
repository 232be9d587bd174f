import { type ReactNode, useEffect } from 'react'
import styles from './page.module.css'

interface PageProps {
  title: string
  /** What the page is about, in a line below the title. */
  subtitle?: ReactNode
  actions?: ReactNode
  /** Details of one item, beside the content. */
  panel?: ReactNode
  children: ReactNode
}

/** A screen: heading, actions, content, and a side panel while something is open. */
export function Page({ title, subtitle, actions, panel, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Ringmain`
  }, [title])
  return (
    <div className={styles.page} data-panel={panel ? true : undefined}>
      <main className={styles.main}>
        <header className={styles.head}>
          <div>
            <h1 className={styles.title}>{title}</h1>
            {subtitle && <div className={styles.subtitle}>{subtitle}</div>}
          </div>
          {actions && <div className={styles.actions}>{actions}</div>}
        </header>
        {children}
      </main>
      {panel}
    </div>
  )
}

/** A titled part of a screen on a surface of its own. `flush` lets a table or board reach its edges. */
export function Section({
  title,
  actions,
  flush,
  children,
}: {
  title?: string
  actions?: ReactNode
  flush?: boolean
  children: ReactNode
}) {
  return (
    <section className={styles.section} data-flush={flush || undefined}>
      {(title || actions) && (
        <div className={styles.sectionHead}>
          {title && <h2 className={styles.sectionTitle}>{title}</h2>}
          {actions && <div className={styles.actions}>{actions}</div>}
        </div>
      )}
      <div className={styles.sectionBody}>{children}</div>
    </section>
  )
}

/** Parts of a section below one another. */
export function Stack({ children }: { children: ReactNode }) {
  return <div className={styles.stack}>{children}</div>
}

/** Facts about one thing: terms and their values. */
export function Facts({ items }: { items: readonly (readonly [term: string, value: ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {items.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
