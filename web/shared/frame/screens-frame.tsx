import { ActionIcon } from '@mantine/core'
import { useRouterState } from '@tanstack/react-router'
import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { Glyph } from '../components/mark.tsx'
import type { Wording } from '../format/words.ts'
import { Clock } from './clock.tsx'
import styles from './frame.module.css'
import bar from './top-bar.module.css'

interface ScreensFrameProps {
  rail: ComponentType<{ open: boolean; onClose: () => void }>
  /** What the top bar shows after the clock: how live the page is, alarms, and who is logged in. */
  bar: ReactNode
  children: ReactNode
}

/** What stands around every screen of a face: the rail and the top bar. */
export function ScreensFrame({ rail: Rail, bar: items, children }: ScreensFrameProps) {
  const [railOpen, setRailOpen] = useState(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the address closes the rail of small screens
  useEffect(() => setRailOpen(false), [path])
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <Rail open={railOpen} onClose={() => setRailOpen(false)} />
      <header className={bar.bar}>
        <ActionIcon className={bar.burger ?? ''} size={32} aria-label="Open the menu" onClick={() => setRailOpen(true)}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d="M2 4h12M2 8h12M2 12h12" stroke="currentColor" strokeWidth="1.5" />
          </svg>
        </ActionIcon>
        <Clock />
        {items}
      </header>
      <div id="content" tabIndex={-1} className={styles.content}>
        {children}
      </div>
    </div>
  )
}

/** Says so when what is on the screen is no longer brought up to date; silent while it is. */
export function Liveness({ isLost }: { isLost: boolean }) {
  if (!isLost) return null
  return (
    <output className={bar.lost}>
      <Glyph shape="dashed" tone="doubt" />
      Not live, reconnecting
    </output>
  )
}

/** Tells a demo from a live system, in plain sight. */
export function DemoBadge() {
  return (
    <span className={bar.demo} title="Simulated hubs, charge points and vehicles; demo accounts">
      Demo
    </span>
  )
}

/** Open alarms by urgency, for the link that leads to them. */
export function AlarmCounts({ counts }: { counts: readonly (Wording & { open: number })[] }) {
  const some = counts.filter(({ open }) => open > 0)
  return (
    <>
      <span className="rm-sr-only">Open alarms: </span>
      {some.length === 0 && <span className={bar.calm}>No alarms</span>}
      {some.map(({ word, shape, tone, open }) => (
        <span key={word} className={bar.alarm} data-tone={tone} title={`${open} ${word.toLowerCase()}`}>
          <Glyph shape={shape} tone={tone} />
          {open} <span className={bar.priority}>{word.toLowerCase()}</span>
        </span>
      ))}
    </>
  )
}
