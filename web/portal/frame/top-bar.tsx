import { ActionIcon, Menu, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { z } from 'zod'
import type { alarmCounts } from '../../../schemas/grid/alarms.ts'
import { alarmPriority } from '../../../schemas/grid/alarms.ts'
import { useLiveState } from '../../shared/api/live.ts'
import { useNow } from '../../shared/clock.ts'
import { Glyph } from '../../shared/components/mark.tsx'
import { dayInWords, dayOf, timeWithSeconds, utc, zoneOf } from '../../shared/format/time.ts'
import { priorityWords, roleWords } from '../../shared/format/words.ts'
import { overviewQuery } from '../queries.ts'
import { useLogOut, useSession } from '../session.ts'
import { Search } from './search.tsx'
import styles from './top-bar.module.css'

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

function Clock() {
  const now = useNow()
  return (
    <span className={styles.clock} title={utc(now)}>
      <span className={styles.day}>{dayInWords(dayOf(now))}</span>
      <time dateTime={new Date(now).toISOString()}>
        {timeWithSeconds(now)} <span className={styles.zone}>{zoneOf(now)}</span>
      </time>
    </span>
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

function AlarmCounts({ counts }: { counts: z.infer<typeof alarmCounts> }) {
  const open = alarmPriority.options.filter((priority) => counts[priority] > 0)
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

function Account() {
  const session = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const logOut = useLogOut()
  if (!session) return null
  const initials = session.fullName
    .split(/\s+/)
    .map((name) => name[0])
    .join('')
    .slice(0, 2)
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <button type="button" className={styles.account} aria-label={`${initials}, account of ${session.fullName}`}>
          {initials}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.who}>
          <strong>{session.fullName}</strong>
          <span>{session.roles.map((role) => roleWords[role]).join(', ')}</span>
        </div>
        <Menu.Divider />
        <div className={styles.who}>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label="Colours"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as 'auto' | 'light' | 'dark')}
            data={[
              { value: 'auto', label: 'System' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
          />
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} to="/account">
          Your account
        </Menu.Item>
        <Menu.Item component="a" href="/docs" target="_blank">
          API reference
        </Menu.Item>
        <Menu.Item onClick={() => logOut.mutate()}>Log out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
