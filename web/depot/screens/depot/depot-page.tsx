import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { DepotState } from '../../../../schemas/fsp/depot-api.ts'
import { LinkTab, LinkTabs } from '../../../shared/components/link-tabs.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Page } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { depotQuery } from '../../queries.ts'
import { modeWords } from '../../words.ts'

/** What stands around every screen of one depot: its name, its control mode, and the ways to its sister screens. */
export function DepotPage({
  depotId,
  panel,
  actions,
  children,
}: {
  depotId: string
  panel?: ReactNode
  actions?: ReactNode
  children: (depot: DepotState) => ReactNode
}) {
  const query = useQuery(depotQuery(depotId))
  const depot = query.data
  return (
    <Page
      title={depot?.name ?? depotId}
      subtitle={
        depot && <Mark {...modeWords[depot.mode]} word={`Optimisation: ${modeWords[depot.mode].word.toLowerCase()}`} />
      }
      panel={panel}
      actions={actions}
    >
      <LinkTabs label="Screens of the depot">
        <LinkTab to="/depots/$depotId" params={{ depotId }} activeOptions={{ exact: true, includeSearch: false }}>
          Load and limit
        </LinkTab>
        <LinkTab to="/depots/$depotId/sockets" params={{ depotId }} activeOptions={{ includeSearch: false }}>
          Sockets
        </LinkTab>
        <LinkTab to="/depots/$depotId/control" params={{ depotId }}>
          Control
        </LinkTab>
        <LinkTab to="/depots/$depotId/processes" params={{ depotId }}>
          Processes
        </LinkTab>
        <LinkTab to="/depots/$depotId/commissioning" params={{ depotId }} activeOptions={{ includeSearch: false }}>
          Commissioning
        </LinkTab>
      </LinkTabs>
      <Loaded query={query}>{children}</Loaded>
    </Page>
  )
}
