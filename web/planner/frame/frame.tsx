import { useQueryClient } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { lazy, useEffect } from 'react'
import { listenToNews, useLiveState } from '../../shared/api/live.ts'
import { useSession } from '../../shared/api/session.ts'
import { Notice } from '../../shared/components/notice.tsx'
import { Page } from '../../shared/components/page.tsx'
import { Account } from '../../shared/frame/account.tsx'
import { DemoBadge, Liveness, ScreensFrame } from '../../shared/frame/screens-frame.tsx'
import bar from '../../shared/frame/top-bar.module.css'
import { Rail } from './rail.tsx'

const AccountMenu = lazy(() => import('./account-menu.tsx').then((at) => ({ default: at.CustomerAccountMenu })))

/** What stands around every screen, and the stream of news that keeps what is shown up to date. */
export function Frame() {
  const queries = useQueryClient()
  const session = useSession()
  useEffect(() => listenToNews(queries), [queries])
  return (
    <ScreensFrame rail={Rail} bar={<TopBar />}>
      {session?.customerId === null ? <ForCustomers /> : <Outlet />}
    </ScreensFrame>
  )
}

function TopBar() {
  const session = useSession()
  return (
    <>
      {session?.environment === 'demo' && <DemoBadge />}
      <Liveness isLost={useLiveState() === 'lost'} />
      <span className={bar.space} />
      <Account session={session} menu={AccountMenu} />
    </>
  )
}

/** For somebody of the DNO or of an FSP, who has no sites. */
function ForCustomers() {
  return (
    <Page title="For customers">
      <Notice tone="risk" title="These pages are for customers of the network operator">
        Your own pages are in <a href="/">the portal</a>.
      </Notice>
    </Page>
  )
}
