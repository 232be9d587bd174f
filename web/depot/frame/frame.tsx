import { ActionIcon } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { DepotAlarmLevel } from '../../../schemas/fsp/alarms.ts'
import { Glyph } from '../../shared/components/mark.tsx'
import { AccountButton } from '../../shared/frame/account-button.tsx'
import { Clock } from '../../shared/frame/clock.tsx'
import styles from '../../shared/frame/frame.module.css'
import bar from '../../shared/frame/top-bar.module.css'
import { ApiProblem } from '../api.ts'
import { alarmsQuery, sessionQuery } from '../queries.ts'
import { useSession } from '../session.ts'
import { levelWords } from '../words.ts'
import { Rail } from './rail.tsx'

const AccountMenu = lazy(() => import('./account-menu.tsx').then((at) => ({ default: at.AccountMenu })))

/** What stands around every screen: the rail and the top bar. */
export function Frame() {
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
        <Liveness />
        <span className={bar.space} />
        <AlarmCounts />
        <Account />
      </header>
      <div id="content" tabIndex={-1} className={styles.content}>
        <Outlet />
      </div>
    </div>
  )
}

/** Says so when the FSP does not answer; what is on the screen is then old. */
function Liveness() {
  const { error } = useQuery(sessionQuery)
  const isOfDepots = useSession()?.runs === 'depots'
  const { error: also } = useQuery({ ...alarmsQuery(), enabled: isOfDepots })
  const isLost = [error, also].some((each) => each instanceof ApiProblem && each.status === 0)
  if (!isLost) return null
  return (
    <output className={bar.lost}>
      <Glyph shape="dashed" tone="doubt" />
      Not live, reconnecting
    </output>
  )
}

const levels: readonly DepotAlarmLevel[] = ['red', 'amber']

function AlarmCounts() {
  // An FSP of homes has no alarms of depots.
  const isOfDepots = useSession()?.runs === 'depots'
  const { data } = useQuery({ ...alarmsQuery(), enabled: isOfDepots })
  if (!data) return null
  return (
    <Link to="/alarms" className={bar.alarms}>
      <span className="rm-sr-only">Open alarms: </span>
      {data.length === 0 && <span className={bar.calm}>No alarms</span>}
      {levels.map((level) => {
        const open = data.filter((alarm) => alarm.level === level).length
        const { word, shape, tone } = levelWords[level]
        if (open === 0) return null
        return (
          <span key={level} className={bar.alarm} data-tone={tone} title={`${open} ${word.toLowerCase()}`}>
            <Glyph shape={shape} tone={tone} />
            {open} <span className={bar.priority}>{word.toLowerCase()}</span>
          </span>
        )
      })}
    </Link>
  )
}

function Account() {
  const session = useSession()
  const [isAsked, setIsAsked] = useState(false)
  if (!session) return null
  const button = <AccountButton fullName={session.fullName} onClick={() => setIsAsked(true)} />
  if (!isAsked) return button
  return (
    <Suspense fallback={button}>
      <AccountMenu session={session} />
    </Suspense>
  )
}
