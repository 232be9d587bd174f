import type { Role } from '../../../../schemas/vocabulary/roles.ts'
import { RoleTour, type TourStep } from '../../../shared/components/role-tour.tsx'
import { roleWords } from '../../../shared/format/words.ts'

/** What each kind of person can try in the demo, in the order in which it tells a story. */
const tours: Record<Exclude<Role, 'customer'>, readonly TourStep[]> = {
  planner: [
    {
      to: '/applications',
      where: 'Applications',
      what: 'Victoria asks for what its substation can carry, Orpington for more than that. Open both, read why, and decide as planner2: nobody decides on an application of their own.',
    },
    {
      to: '/network',
      where: 'Network',
      what: 'Open a substation: its load of the last days, what can still be agreed, and tomorrow’s forecast with its band. The half-hours of the demo are made up.',
    },
    {
      to: '/planning',
      where: 'Planning',
      what: 'Open the growth to 2050, look at its first node year by year and at what turn-down there would cost. Then compare the two methods side by side. Areas, growth and trips of the demo are made up.',
    },
    {
      to: '/connections',
      where: 'Connections',
      what: 'Open Islington and follow its import against a limit that varies over the day.',
    },
  ],
  'flexibility-engineer': [
    {
      to: '/market',
      where: 'Market',
      what: 'A tender for Hurst is open for two weeks; those for the evening peak are awarded about half an hour after the first start.',
    },
    {
      to: '/dispatch',
      where: 'Dispatch',
      what: 'Follow this evening’s turn-downs from 16:30: instructed, acknowledged, delivered. Look at tomorrow’s schedules.',
    },
    {
      to: '/planning',
      where: 'Planning',
      what: 'Open a node that EV demand will exceed, put in your own prices, and draft the tender of a winter in one step.',
    },
    {
      to: '/proposals',
      where: 'Second person',
      what: 'Propose a change to a timetable, then log in as flex2 and approve it.',
    },
    {
      to: '/rehearsals',
      where: 'Rehearsals',
      what: 'See what would be chosen for 60 kW on either side of the Thames, and rehearse another evening. Nothing is sent.',
    },
  ],
  settlement: [
    {
      to: '/settlement',
      where: 'Settlement',
      what: 'Northbank Flexibility disputes a line of the last settled month. Open the statement, open the line to its arithmetic, and decide.',
    },
    {
      to: '/settlement',
      where: 'Settlement',
      what: 'Check the draft of this month, then approve it as settlement2. Issue the approved statement of product C.',
    },
    {
      to: '/baselines',
      where: 'Baselines',
      what: 'Compare the methods for a unit on a day on which it was turned down.',
    },
  ],
  operator: [
    {
      to: '/alarms',
      where: 'Alarms',
      what: 'The monitor of Howick Place Data Hall has gone quiet: take the alarm and acknowledge it.',
    },
    {
      to: '/alarms',
      search: { show: 'shelved' },
      where: 'Shelved alarms',
      what: 'See why the monitor of Essex Road Laundry is out of sight, and until when.',
    },
    {
      to: '/hubs',
      where: 'Hubs',
      what: 'Provoke a communication failure or a breach on the demo’s control page, whose address npm start prints, and watch it arrive here.',
    },
    {
      to: '/proposals',
      where: 'Second person',
      what: 'A dead band is proposed for the point map of another model of hub. Log in as operator2, see what it changes, and approve it.',
    },
  ],
  administrator: [
    { to: '/accounts', where: 'Accounts', what: 'Give somebody a role, and look at who has a session open.' },
    { to: '/settings', where: 'Settings', what: 'Propose another figure, and let a second person approve it.' },
  ],
  'fsp-user': [
    { to: '/market', where: 'Market', what: 'Respond to the open tender, or look at what your company was awarded.' },
    { to: '/instructions', where: 'Instructions', what: 'See what your units are asked this evening.' },
  ],
}

/** A short tour of the demo for each role of a person. Customers have theirs among their own pages. */
export function Tour({ roles }: { roles: readonly Role[] }) {
  return roles.map((role) => role !== 'customer' && <RoleTour key={role} who={roleWords[role]} steps={tours[role]} />)
}
