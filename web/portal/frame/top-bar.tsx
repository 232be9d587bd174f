import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy } from 'react'
import type { AlarmPriority } from '../../../schemas/grid/alarms.ts'
import { useLiveState } from '../../shared/api/live.ts'
import { useSession } from '../../shared/api/session.ts'
import { priorityWords } from '../../shared/format/words.ts'
import { Account } from '../../shared/frame/account.tsx'
import { AlarmCounts, DemoBadge, Liveness } from '../../shared/frame/screens-frame.tsx'
import styles from '../../shared/frame/top-bar.module.css'
import { overviewQuery } from '../queries.ts'
import { Search } from './search.tsx'

const AccountMenu = lazy(() => import('./account-menu.tsx').then((at) => ({ default: at.PortalAccountMenu })))
const priorities = Object.keys(priorityWords) as AlarmPriority[]

/** What the top bar shows after the clock: environment, alarms, search and who is logged in. */
export function TopBar() {
  const session = useSession()
  // Alarms are the DNO’s.
  const { data } = useQuery({ ...overviewQuery, enabled: session?.fspId === null && session.customerId === null })
  const isLost = useLiveState() === 'lost'
  return (
    <>
      {session?.environment === 'demo' && <DemoBadge />}
      <Liveness isLost={isLost} />
      <span className={styles.space} />
      {data && (
        <Link to="/alarms" className={styles.alarms}>
          <AlarmCounts counts={priorities.map((each) => ({ ...priorityWords[each], open: data.alarms[each] }))} />
        </Link>
      )}
      <Search />
      <Account session={session} menu={AccountMenu} />
    </>
  )
}
