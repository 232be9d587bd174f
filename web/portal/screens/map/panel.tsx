import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { DemandRun } from '../../../../schemas/planning/demand-runs.ts'
import { useToday } from '../../../shared/clock.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { count, power } from '../../../shared/format/power.ts'
import { nodeQuery } from '../../grid-queries.ts'
import { runNodeQuery } from '../../planning-queries.ts'
import { HeadroomCell } from '../network/headroom-cell.tsx'
import { nodeKindWords } from '../network/words.ts'
import styles from './map.module.css'
import type { MapRow } from './subject.ts'
import { headroomInWords } from './words.ts'

interface NodePanelProps {
  nodeId: string
  /** The node in the table; missing if it is not among the first. */
  row: MapRow | undefined
  /** The run that is shown, if one is. */
  run: DemandRun | undefined
  year: number | undefined
  onClose: () => void
}

/** The node that was chosen on the map or in the table, with ways to everything that is known of it. */
export function NodePanel({ nodeId, row, run, year, onClose }: NodePanelProps) {
  const query = useQuery(nodeQuery(nodeId))
  const today = useToday()
  return (
    <SidePanel
      title={query.data?.node.name ?? row?.name ?? nodeId}
      onClose={onClose}
      footer={
        <>
          <LinkButton to="/network/$nodeId" params={{ nodeId }}>
            Open the node’s page
          </LinkButton>
          {run && (
            <LinkButton to="/planning/runs/$runId/nodes/$nodeId" params={{ runId: run.runId, nodeId }}>
              Open it in the run
            </LinkButton>
          )}
        </>
      }
    >
      <Loaded query={query}>
        {({ node, path, connections, hubs, children }) => (
          <PanelPart>
            <PanelFacts
              items={[
                ['Kind', nodeKindWords[node.kind]],
                ...(row?.wording ? [['State', <Mark key="state" {...row.wording} />] as const] : []),
                ['Least headroom today', <HeadroomCell key="headroom" nodeId={nodeId} day={today} />],
                ['Fed from', <FedFrom key="fed" path={path} />],
                ['Nodes fed from here', count(children.length, 'node')],
                ['Connections', count(connections.length, 'connection')],
                ['Hubs', <HubsHere key="hubs" hubs={hubs} />],
              ]}
            />
          </PanelPart>
        )}
      </Loaded>
      {run && <RunYears runId={run.runId} title={run.title} nodeId={nodeId} year={year} />}
    </SidePanel>
  )
}

function FedFrom({ path }: { path: readonly { nodeId: string; name: string }[] }) {
  const above = path.at(-2)
  if (!above) return 'nothing above it'
  return (
    <Link to="/network/$nodeId" params={{ nodeId: above.nodeId }}>
      {above.name}
    </Link>
  )
}

function HubsHere({ hubs }: { hubs: readonly { hubId: string; name: string; communicationFailure: boolean }[] }) {
  if (hubs.length === 0) return 'none at the node itself'
  return hubs.map(({ hubId, name, communicationFailure }) => (
    <div key={hubId}>
      <Link to="/hubs" search={{ hub: hubId }}>
        {name}
      </Link>
      {communicationFailure && ' (silent)'}
    </div>
  ))
}

/** What a run expects of a node, year by year. */
function RunYears({
  runId,
  title,
  nodeId,
  year,
}: {
  runId: string
  title: string
  nodeId: string
  year: number | undefined
}) {
  const query = useQuery(runNodeQuery(runId, nodeId))
  return (
    <PanelPart title={title}>
      <Loaded query={query}>
        {({ years }) => (
          <table className={styles.years}>
            <thead>
              <tr>
                <th scope="col">Year</th>
                <th scope="col">Peak of EV demand</th>
                <th scope="col">Headroom</th>
              </tr>
            </thead>
            <tbody>
              {years.map((each) => (
                <tr key={each.year} data-chosen={each.year === year || undefined}>
                  <th scope="row">{each.year}</th>
                  <td>{power(each.peakW)}</td>
                  <td>{headroomInWords(each.leastHeadroomW)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </PanelPart>
  )
}
