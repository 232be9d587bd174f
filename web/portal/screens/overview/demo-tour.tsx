import { lazy, Suspense } from 'react'
import { useSession } from '../../../shared/api/session.ts'

// A live system never loads it.
const Tour = lazy(() => import('./tour.tsx').then((at) => ({ default: at.Tour })))

/** What to try as the person who is logged in, in a demo; nothing in a live system. */
export function DemoTour() {
  const session = useSession()
  if (session?.environment !== 'demo') return null
  return (
    <Suspense>
      <Tour roles={session.roles} />
    </Suspense>
  )
}
