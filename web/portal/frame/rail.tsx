import { RailEntries, RailFrame, RailWayOut } from '../../shared/frame/rail-frame.tsx'
import { useOwnCustomer, useOwnFsp, useRefusal } from '../session.ts'
import { customersFace } from './to-own-pages.tsx'

/** One entry per kind of work of the DNO’s people that has a screen. */
const entries = [
  { to: '/', label: 'Overview', icon: 'M2 2h5v5H2ZM9 2h5v5H9ZM2 9h5v5H2ZM9 9h5v5H9Z' },
  { to: '/network', label: 'Network', icon: 'M8 1.5v4M3 14.5v-4h10v4M8 5.5v5M6.5 1.5h3M1.5 14.5h3M11.5 14.5h3' },
  { to: '/connections', label: 'Connections', icon: 'M8 1v5M5 6h6v3a3 3 0 0 1-6 0ZM8 12v3' },
  { to: '/applications', label: 'Applications', icon: 'M3 1.5h7l3 3v10H3ZM10 1.5v3h3M5.5 8h5M5.5 11h3' },
  { to: '/hubs', label: 'Hubs', icon: 'M3 9h10v5H3ZM8 9V5M5 5a4 4 0 0 1 6 0M2.8 3a7.5 7.5 0 0 1 10.4 0M5.5 11.5h1' },
  { to: '/market', label: 'Market', icon: 'M2 13.5h12M3.5 11V6.5M6.5 11V3.5M9.5 11V8M12.5 11V5' },
  { to: '/dispatch', label: 'Dispatch', icon: 'M2 3h8M2 8h12M2 13h5M13 1v4M10 11v4' },
  {
    to: '/settlement',
    label: 'Settlement',
    icon: 'M3 1.5h10v13l-2-1.3-1.6 1.3L8 13.2l-1.5 1.3L5 13.2l-2 1.3ZM5.5 5h5M5.5 8h5',
  },
  { to: '/planning', label: 'Planning', icon: 'M1.5 13.5h13M2.5 10.5l3-3 3 2 5-6M10.5 3.5h3v3' },
  { to: '/alarms', label: 'Alarms', icon: 'M8 2a4 4 0 0 1 4 4v4l1.5 2h-11L4 10V6a4 4 0 0 1 4-4ZM6.5 14h3' },
  {
    to: '/proposals',
    label: 'Second person',
    icon: 'M5.5 7a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1 14a4.5 4.5 0 0 1 9 0M9.5 9.5l2 2 3.5-4',
  },
  {
    to: '/settings',
    label: 'Settings',
    icon: 'M2 4h7M13 4h1M11 2v4M2 12h3M9 12h5M7 10v4M2 8h1M7 8h7M5 6v4',
  },
] as const

/** What administrators have besides. */
const administration = {
  to: '/accounts',
  label: 'Administration',
  icon: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.5 14.5a5.5 5.5 0 0 1 11 0Z',
} as const

const iconOf = (to: (typeof entries)[number]['to']) => entries.find((entry) => entry.to === to)?.icon ?? ''

/** What an FSP’s people see: their own side of the market. */
const fspEntries = [
  { to: '/', label: 'Overview', icon: iconOf('/') },
  { to: '/market', label: 'Market', icon: iconOf('/market') },
  { to: '/instructions', label: 'Instructions', icon: iconOf('/dispatch') },
  { to: '/settlement', label: 'Settlement', icon: iconOf('/settlement') },
] as const

/** Whether an address is one of the screens that an FSP’s people have. */
export function isForFsps(path: string): boolean {
  if (path === ownPage) return true
  return fspEntries.some(({ to }) => isUnder(path, to)) && !dnoOnly.some((own) => path.startsWith(own))
}

/** Everybody’s own account. */
export const ownPage = '/account'

/** Screens below an FSP’s entries that are the DNO’s all the same. */
const dnoOnly = ['/market/new-tender', '/market/new-contract', '/market/fsps', '/market/new-fsp']

/** Screens that belong to an entry though their address begins otherwise. */
const alsoUnder: Record<string, string> = {
  '/audit': '/accounts',
  '/clients': '/accounts',
  '/map': '/network',
  '/network-import': '/network',
  '/network-layouts': '/network',
  '/new-network-layout': '/network',
  '/licence-areas': '/network',
  '/load-history': '/network',
  '/load-forecasts': '/network',
  '/load-models': '/network',
  '/weather': '/network',
  '/connections-import': '/connections',
  '/connection-capacities': '/connections',
  '/new-connection': '/connections',
  '/connection-groups': '/connections',
  '/compliance': '/connections',
  '/customers': '/connections',
  '/feeds': '/hubs',
  '/data-feeds': '/hubs',
  '/new-hub': '/hubs',
  '/point-maps': '/hubs',
  '/new-point-map': '/hubs',
  '/gateway-pools': '/hubs',
  '/experiments': '/planning',
  '/daily-report': '/',
  '/baselines': '/settlement',
  '/non-delivery': '/settlement',
  '/metering': '/settlement',
  '/held-uploads': '/settlement',
  '/instructions': '/dispatch',
  '/import-limits': '/dispatch',
  '/rehearsals': '/dispatch',
  '/alarm-figures': '/alarms',
  '/alarm-targets': '/alarms',
}

function homeOf(path: string): string | undefined {
  return alsoUnder[path] ?? alsoUnder[`/${path.split('/')[1]}`]
}

function isUnder(path: string, to: string): boolean {
  const home = path === '/instructions' && to === path ? path : (homeOf(path) ?? path)
  return to === '/' ? home === '/' : home === to || home.startsWith(`${to}/`)
}

/** The way to every screen. On small screens it lies over the content until a choice is made. */
export function Rail({ open, onClose }: { open: boolean; onClose: () => void }) {
  const isFsp = useOwnFsp() !== null
  const isAdministrator = useRefusal('administrator') === null
  const isCustomer = useOwnCustomer() !== null
  const ofDno = isAdministrator ? [...entries, administration] : entries
  return (
    <RailFrame open={open} onClose={onClose}>
      {isCustomer ? (
        <RailWayOut href={customersFace} label="Your sites" icon={iconOf('/connections')} />
      ) : (
        <RailEntries entries={isFsp ? fspEntries : ofDno} isUnder={isUnder} />
      )}
    </RailFrame>
  )
}
