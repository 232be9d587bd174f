import { useQueryClient } from '@tanstack/react-query'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { listenToNews } from '../../shared/api/live.ts'
import { useOwnFsp } from '../session.ts'
import { NotForFsps } from './failures.tsx'
import styles from './frame.module.css'
import { isForFsps, Rail } from './rail.tsx'
import { TopBar } from './top-bar.tsx'

/** What stands around every screen: the rail, the top bar, and the stream of news that keeps what is shown up to date. */
export function Frame() {
  const queries = useQueryClient()
  const [railOpen, setRailOpen] = useState(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  useEffect(() => listenToNews(queries), [queries])
  const isFsp = useOwnFsp() !== null
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of the address closes the rail of small screens
  useEffect(() => setRailOpen(false), [path])
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <Rail open={railOpen} onClose={() => setRailOpen(false)} />
      <TopBar onOpenRail={() => setRailOpen(true)} />
      <div id="content" tabIndex={-1} className={styles.content}>
        {isFsp && !isForFsps(path) ? <NotForFsps /> : <Outlet />}
      </div>
    </div>
  )
}
