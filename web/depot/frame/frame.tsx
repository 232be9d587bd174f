import { useQuery } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import { lazy } from 'react'
import type { DepotAlarmLevel } from '../../../schemas/fsp/alarms.ts'
import { Account } from '../../shared/frame/account.tsx'
import { AlarmCounts, Liveness, ScreensFrame } from '../../shared/frame/screens-frame.tsx'
import bar from '../../shared/frame/top-bar.module.css'
import { ApiProblem } from '../api.ts'
import { alarmsQuery, sessionQuery } from '../queries.ts'
import { useSession } from '../session.ts'
import { levelWords } from '../words.ts'
import { Rail } from './rail.tsx'

const AccountMenu = lazy(() => import('./account-menu.tsx').then((at) => ({ default: at.DepotAccountMenu })))

/** What stands around every screen: the rail and the top bar. */
export function Frame() {
  return (
    <ScreensFrame rail={Rail} bar={<TopBar />}>
      <Outlet />
    </ScreensFrame>
  )
}

const levels: readonly DepotAlarmLevel[] = ['red', 'amber']

function TopBar() {
  const session = useSession()
  const { error } = useQuery(sessionQuery)
  // An FSP of homes has no alarms of depots.
  const { data, error: also } = useQuery({ ...alarmsQuery(), enabled: session?.runs === 'depots' })
  // The FSP does not answer: what is on the screen is old.
  const isLost = [error, also].some((each) => each instanceof ApiProblem && each.status === 0)
  const open = (level: DepotAlarmLevel) => data?.filter((alarm) => alarm.level === level).length ?? 0
  return (
    <>
      <Liveness isLost={isLost} />
      <span className={bar.space} />
      {data && (
        <Link to="/alarms" className={bar.alarms}>
          <AlarmCounts counts={levels.map((level) => ({ ...levelWords[level], open: open(level) }))} />
        </Link>
      )}
      <Account session={session} menu={AccountMenu} />
    </>
  )
}
