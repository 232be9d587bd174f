import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Connection, HubState } from '../../../../schemas/grid/connections.ts'
import type { MonitorCredentials } from '../../../../schemas/grid/measurements.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Age } from '../../../shared/components/measured.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Facts, Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { linkWords } from '../../../shared/format/words.ts'
import { connectionQuery, hubsQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import { Readings } from '../connections/readings.tsx'
import { HowToSend } from './how-to-send.tsx'
import { RegisterForm } from './register-form.tsx'

/** A monitor that the customer owns and that sends over the API: register it, hand over its credentials, and see what arrives. */
export function MonitorPage() {
  const { connectionId } = useParams({ from: '/inside/connections/$connectionId/monitor' })
  const site = useQuery(connectionQuery(connectionId))
  const hubs = useQuery(hubsQuery)
  return (
    <Page
      title={site.data ? `Customer’s monitor at ${site.data.name}` : 'Customer’s monitor'}
      actions={
        <LinkButton to="/connections/$connectionId" params={{ connectionId }}>
          Back to the connection
        </LinkButton>
      }
    >
      <Loaded query={site}>
        {(connection) => (
          <Loaded query={hubs}>
            {(known) => (
              <Content
                site={connection}
                monitor={known.find((h) => h.connectionId === connectionId && h.ownership === 'customer')}
                hub={known.find((h) => h.ownership !== 'customer' && measures(h, connectionId))}
              />
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  )
}

const measures = (hub: HubState, connectionId: string) =>
  (hub.measures ?? []).some((measured) => measured.connectionId === connectionId)

/** @param hub the DNO's own hub at the connection: with one, the monitor is only compared with it. */
function Content({
  site,
  monitor,
  hub,
}: {
  site: Connection
  monitor: HubState | undefined
  hub: HubState | undefined
}) {
  // Only this page has seen the secret: it is gone when one leaves it.
  const [credentials, setCredentials] = useState<MonitorCredentials | null>(null)
  return (
    <>
      {hub && (
        <Notice title={`${hub.name} measures this connection`}>
          The connection is judged by the DNO’s own hub. A monitor of the customer’s is compared with it, half-hour by
          half-hour, and does not count beside it.
        </Notice>
      )}
      {monitor ? (
        <>
          <Standing hub={monitor} onRenewed={setCredentials} />
          <HowToSend hubId={monitor.hubId} credentials={credentials} />
          <Readings hubId={monitor.hubId} />
        </>
      ) : (
        <RegisterForm site={site} onRegistered={setCredentials} />
      )}
    </>
  )
}

function Standing({ hub, onRenewed }: { hub: HubState; onRenewed: (made: MonitorCredentials) => void }) {
  const queries = useQueryClient()
  const renew = useMutation({
    mutationFn: () => api.call(operations.renewMonitorSecret, { params: { id: hub.hubId } }),
    onSuccess: async (made) => {
      onRenewed(made)
      await queries.invalidateQueries({ queryKey: hubsQuery.queryKey })
    },
  })
  return (
    <Section
      actions={
        <TwoStep
          label="Issue another secret"
          consequence="The monitor’s current secret stops working. Nothing arrives until the customer has entered the new one."
          refusal={useRefusal('planner', 'operator')}
          action={renew}
        />
      }
    >
      {hub.lastMeasurementAt === null && (
        <p className="rm-secondary">Nothing has arrived yet. This page updates as soon as it does.</p>
      )}
      <Facts
        items={[
          ['Monitor', hub.name],
          ['State', <Mark key="link" {...linkWords[hub.link]} />],
          ['Last measurement', hub.lastMeasurementAt ? <Age key="last" at={hub.lastMeasurementAt} /> : 'never'],
          ['Readings refused', fixed(hub.refusedReadings ?? 0, 0)],
          ['Identifier', <code key="id">{hub.hubId}</code>],
        ]}
      />
    </Section>
  )
}
