import { lazy, Suspense } from 'react'
import { useSession } from '../../../shared/api/session.ts'
import type { TourStep } from '../../../shared/components/role-tour.tsx'

// A live system never loads it.
const RoleTour = lazy(() => import('../../../shared/components/role-tour.tsx').then((at) => ({ default: at.RoleTour })))

const steps: readonly TourStep[] = [
  {
    to: '/',
    where: 'Your sites',
    what: 'Open Islington: follow its load against its limit over the day, and see how often the limit was kept.',
  },
  {
    to: '/plans',
    where: 'Plans',
    what: 'Open “Fourteen vans”, whose first scenarios are worked out already. Compare them, change the vehicles, work them out again, and apply with the result.',
  },
  {
    to: '/applications',
    where: 'Applications',
    what: 'See what was applied for, and what the network operator decided.',
  },
]

/** What to try as a customer, in a demo; nothing in a live system. */
export function DemoTour() {
  const session = useSession()
  if (session?.environment !== 'demo') return null
  return (
    <Suspense>
      <RoleTour who="customer" steps={steps} />
    </Suspense>
  )
}
