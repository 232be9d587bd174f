import { LinkTab, LinkTabs } from '../../../shared/components/link-tabs.tsx'
import { useRefusal } from '../../session.ts'

/** EV demand: its runs, runs side by side, and the files that they are worked out from, which planners alone read. */
export function PlanningTabs() {
  const isPlanner = useRefusal('planner') === null
  return (
    <LinkTabs label="Planning">
      <LinkTab to="/planning" activeOptions={{ exact: true }}>
        EV demand
      </LinkTab>
      <LinkTab to="/planning/comparison">Side by side</LinkTab>
      {isPlanner && <LinkTab to="/planning/fleet">Fleet</LinkTab>}
      {isPlanner && <LinkTab to="/planning/editions">Editions</LinkTab>}
      <LinkTab to="/experiments">Experiments</LinkTab>
    </LinkTabs>
  )
}
