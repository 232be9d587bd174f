import type { MonitorCredentials } from '../../../../schemas/grid/measurements.ts'
import { operations } from '../../../../schemas/operations.ts'
import { addressOf } from '../../../shared/api/client.ts'
import { Copy } from '../../../shared/components/copy.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Facts, Section } from '../../../shared/components/page.tsx'
import styles from './how-to-send.module.css'

interface HowToSendProps {
  hubId: string
  /** Known only right after the monitor was registered, or was given another secret. */
  credentials: MonitorCredentials | null
}

/** What the customer needs: the credentials, and the two calls that a monitor makes. */
export function HowToSend({ hubId, credentials }: HowToSendProps) {
  const origin = credentials ? new URL(credentials.tokenEndpoint).origin : window.location.origin
  const clientId = `monitor-${hubId}`
  const secret = credentials?.clientSecret ?? 'SECRET'
  const calls = callsAsTyped({ origin, clientId, secret, hubId })
  return (
    <>
      {credentials?.clientSecret && (
        <Section title="Credentials">
          <Notice tone="risk">
            The secret is shown only once and is not stored. Pass it to the customer securely before you leave this
            page.
          </Notice>
          <Facts
            items={[
              ['Client', <code key="client">{clientId}</code>],
              ['Secret', <code key="secret">{credentials.clientSecret}</code>],
              ['Token endpoint', <code key="endpoint">{credentials.tokenEndpoint}</code>],
              ['Scope', <code key="scope">{credentials.scope}</code>],
            ]}
          />
        </Section>
      )}
      <Section title="How the monitor sends">
        <p>
          It fetches an access token with its client and secret, and posts batches of readings with it. The sequence
          grows by one with each batch; a batch that is sent again is acknowledged and not stored twice.
          {!credentials?.clientSecret && ' The secret was shown when the monitor was registered.'}
        </p>
        {calls.map(({ title, typed }) => (
          <div key={title} className={styles.call}>
            <div className={styles.head}>
              <h3>{title}</h3>
              <Copy label={`Copy: ${title}`} text={typed} />
            </div>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
            <pre tabIndex={0}>{typed}</pre>
          </div>
        ))}
      </Section>
    </>
  )
}

function callsAsTyped(given: { origin: string; clientId: string; secret: string; hubId: string }) {
  const { origin, clientId, secret, hubId } = given
  const reading = { feeder: 1, phase: 'L1', quantity: 'active-power', value: 12_500, unit: 'W', quality: 'good' }
  const stamps = { deviceTime: null, receivedTime: '2026-01-15T12:00:00Z' }
  const batches = [{ hubId, sequence: 1, readings: [{ ...reading, ...stamps }] }]
  return [
    {
      title: 'Fetch an access token',
      typed: [
        `curl -u '${clientId}:${secret}' \\`,
        `  -d grant_type=client_credentials -d scope=gateway -d resource=${origin}/api \\`,
        `  ${origin}/oidc/token`,
      ].join('\n'),
    },
    {
      title: 'Send readings',
      typed: [
        "curl -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' \\",
        `  -d '${JSON.stringify({ batches }, null, 2)}' \\`,
        `  ${origin}${addressOf(operations.storeMeasurements, {})}`,
      ].join('\n'),
    },
  ]
}
