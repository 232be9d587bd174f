import { RailEntries, RailFrame } from '../../shared/frame/rail-frame.tsx'

const entries = [
  { to: '/', label: 'Your sites', icon: 'M8 1v5M5 6h6v3a3 3 0 0 1-6 0ZM8 12v3' },
  { to: '/applications', label: 'Applications', icon: 'M3 1.5h7l3 3v10H3ZM10 1.5v3h3M5.5 8h5M5.5 11h3' },
  { to: '/plans', label: 'Plans', icon: 'M2 13.5h12M3.5 11V6.5M6.5 11V3.5M9.5 11V8M12.5 11V5' },
  {
    to: '/help',
    label: 'Help',
    icon: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM6 6a2 2 0 1 1 2 2.5V10M8 11.5v1',
  },
] as const

/** Whether an address belongs to an entry: a site is below the sites. */
function isUnder(path: string, to: string): boolean {
  if (to === '/') return path === '/' || path.startsWith('/sites')
  return path === to || path.startsWith(`${to}/`)
}

/** The way to every screen. */
export function Rail({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <RailFrame open={open} onClose={onClose}>
      <RailEntries entries={entries} isUnder={isUnder} />
    </RailFrame>
  )
}
