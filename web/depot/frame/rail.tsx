import { RailEntries, RailFrame } from '../../shared/frame/rail-frame.tsx'
import { useSession } from '../session.ts'

const entries = [
  { to: '/', label: 'Overview', icon: 'M2 2h5v5H2ZM9 2h5v5H9ZM2 9h5v5H2ZM9 9h5v5H9Z' },
  { to: '/registers', label: 'Registers', icon: 'M3 1.5h10v13H3ZM5.5 4.5h5M5.5 7.5h5M5.5 10.5h3' },
  {
    to: '/unknown',
    label: 'Not registered',
    icon: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM6 6a2 2 0 1 1 2 2.5V10M8 11.5v1',
  },
  { to: '/feeds', label: 'Feeds', icon: 'M3 9h10v5H3ZM8 9V5M5 5a4 4 0 0 1 6 0M2.8 3a7.5 7.5 0 0 1 10.4 0M5.5 11.5h1' },
  { to: '/earnings', label: 'Earnings', icon: 'M2 13.5h12M3.5 11V6.5M6.5 11V3.5M9.5 11V8M12.5 11V5' },
  { to: '/alarms', label: 'Alarms', icon: 'M8 2a4 4 0 0 1 4 4v4l1.5 2h-11L4 10V6a4 4 0 0 1 4-4ZM6.5 14h3' },
] as const

/** Whether an address belongs to an entry: depots are below the overview. */
function isUnder(path: string, to: string): boolean {
  if (to === '/') return path === '/' || path.startsWith('/depots') || path.startsWith('/homes')
  return path === to || path.startsWith(`${to}/`)
}

/** The way to every screen, by kind of work. */
export function Rail({ open, onClose }: { open: boolean; onClose: () => void }) {
  const isOfDepots = useSession()?.runs === 'depots'
  const shown = entries.filter(({ to }) => isOfDepots || to !== '/alarms')
  return (
    <RailFrame open={open} onClose={onClose}>
      <RailEntries entries={shown} isUnder={isUnder} />
    </RailFrame>
  )
}
