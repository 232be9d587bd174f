import { useQueryClient } from '@tanstack/react-query'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { AccountNeed } from '../../../schemas/access/own-account.ts'
import { listenToNews } from '../../shared/api/live.ts'
import { sessionQuery, useSession } from '../../shared/api/session.ts'
import { ScreensFrame } from '../../shared/frame/screens-frame.tsx'
import { useOwnCustomer, useOwnFsp } from '../session.ts'
import { ConfirmIdentity } from './confirm-identity.tsx'
import { ForTheDno } from './for-the-dno.tsx'
import { isForFsps, ownPage, Rail } from './rail.tsx'
import { ToOwnPages } from './to-own-pages.tsx'
import { TopBar } from './top-bar.tsx'

const FirstStep = lazy(() => import('../screens/account/first-step.tsx').then((at) => ({ default: at.FirstStep })))

/** Everything behind the log-in: what the account needs first, or what stands around every screen. */
export function Frame() {
  const queries = useQueryClient()
  const session = useSession()
  // Held until its step says that it is done: reading the session again by itself must not take recovery codes off the screen.
  const [need, setNeed] = useState<AccountNeed | null>(null)
  if (need === null && session?.needs) setNeed(session.needs)
  const onDone = async () => {
    const { needs } = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
    setNeed(needs)
  }
  if (need)
    return (
      <Suspense>
        <FirstStep key={need} need={need} onDone={() => void onDone()} />
      </Suspense>
    )
  return (
    <>
      <Screens />
      <ConfirmIdentity />
    </>
  )
}

/** What stands around every screen, and the stream of news that keeps what is shown up to date. */
function Screens() {
  const queries = useQueryClient()
  const path = useRouterState({ select: (state) => state.location.pathname })
  useEffect(() => listenToNews(queries), [queries])
  const [isFsp, isCustomer] = [useOwnFsp() !== null, useOwnCustomer() !== null]
  return (
    <ScreensFrame rail={Rail} bar={<TopBar />}>
      {isCustomer && path !== ownPage ? <ToOwnPages /> : isFsp && !isForFsps(path) ? <ForTheDno /> : <Outlet />}
    </ScreensFrame>
  )
}
