import { ActionIcon } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { z } from 'zod'
import type { AlarmPriority, alarmCounts } from '../../../schemas/grid/alarms.ts'
import { useLiveState } from '../../shared/api/live.ts'
import { Glyph } from '../../shared/components/mark.tsx'
import { priorityWords } from '../../shared/format/words.ts'
import { AccountButton } from '../../shared/frame/account-button.tsx'
import { Clock } from '../../shared/frame/clock.tsx'
import styles from '../../shared/frame/top-bar.module.css'
import { overviewQuery } from '../queries.ts'
import { useSession } from '../session.ts'
import { Search } from './search.tsx'

/** Trading day, clock, environment, alarms, search and who is logged in. */
export function TopBar({ onOpenRail }: { onOpenRail: () => void }) {
  const session = useSession()
  // Alarms are the DNO’s.
  const { data } = useQuery({ ...overviewQuery, enabled: session?.fspId === null && session.customerId === null })
  return (
    <header className={styles.bar}>
      <ActionIcon className={styles.burger} size={32} aria-label="Open the menu" onClick={onOpenRail}>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d="M2 4h12M2 8h12M2 12h12" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      </ActionIcon>
      <Clock />
      {session?.environment === 'demo' && (
        <span className={styles.demo} title="Simulated hubs, charge points and vehicles; demo accounts">
          Demo
        </span>
      )}
      <Liveness />
      <span className={styles.space} />
      {data && <AlarmCounts counts={data.alarms} />}
      <Search />
      <Account />
    </header>
  )
}

/** Says so when news do not reach this page; silent while they do. */
function Liveness() {
  if (useLiveState() !== 'lost') return null
  return (
    <output className={styles.lost}>
      <Glyph shape="dashed" tone="doubt" />
      Not live, reconnecting
    </output>
  )
}

const priorities = Object.keys(priorityWords) as AlarmPriority[]

function AlarmCounts({ counts }: { counts: z.infer<typeof alarmCounts> }) {
  const open = priorities.filter((priority) => counts[priority] > 0)
  return (
    <Link to="/alarms" className={styles.alarms}>
      <span className="rm-sr-only">Open alarms: </span>
      {open.length === 0 && <span className={styles.calm}>No alarms</span>}
      {open.map((priority) => {
        const { word, shape, tone } = priorityWords[priority]
        return (
          <span
            key={priority}
            className={styles.alarm}
            data-tone={tone}
            title={`${counts[priority]} ${word.toLowerCase()}`}
          >
            <Glyph shape={shape} tone={tone} />
            {counts[priority]} <span className={styles.priority}>{word.toLowerCase()}</span>
          </span>
        )
      })}
    </Link>
  )
}

const AccountMenu = lazy(() => import('./account-menu.tsx').then((at) => ({ default: at.AccountMenu })))

/** The menu is loaded with the first click: few people open it on most of their visits. */
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
