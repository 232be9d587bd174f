import { Button, Modal } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { FailSafePolicy } from '../../../../schemas/dispatch/import-limits.ts'
import type { Connection } from '../../../../schemas/grid/connections.ts'
import { Notice } from '../../../shared/components/notice.tsx'
import { Facts, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, kw } from '../../../shared/format/power.ts'
import { failSafePolicyQuery } from '../../dispatch-queries.ts'
import { flexibleUnitsQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import { FailSafeForm } from './fail-safe-form.tsx'

/** When the FSPs at a connection are told a lower limit, and what they fall to without contact. */
export function FailSafe({ site }: { site: Connection }) {
  const query = useQuery(failSafePolicyQuery(site.connectionId))
  const units = useQuery(flexibleUnitsQuery).data?.filter((unit) => unit.connectionId === site.connectionId)
  const queries = useQueryClient()
  const refusal = useRefusal('flexibility-engineer', 'operator')
  const [isChanging, setChanging] = useState(false)
  const reload = () => queries.invalidateQueries({ queryKey: failSafePolicyQuery(site.connectionId).queryKey })
  return (
    <Section
      title="Fail-safe limit"
      actions={
        <Button
          disabled={refusal !== null || !query.data}
          title={refusal ?? undefined}
          onClick={() => setChanging(true)}
        >
          Change the fail-safe limit
        </Button>
      }
    >
      <Loaded query={query}>
        {(policy) => (
          <>
            {units?.length === 0 && (
              <Notice>No FSP has an FU at this connection, so nobody is sent a limit whatever is set here.</Notice>
            )}
            <PolicyFacts policy={policy} />
            <Link to="/import-limits" search={{ connection: site.connectionId }}>
              Limits sent for this connection
            </Link>
            <Modal
              opened={isChanging}
              onClose={() => setChanging(false)}
              title={`Fail-safe limit at ${site.name}`}
              size={560}
            >
              {isChanging && (
                <FailSafeForm
                  key={policy.revision}
                  policy={policy}
                  site={site}
                  units={units?.length ?? 0}
                  onReload={() => void reload()}
                  onDone={() => {
                    void reload()
                    setChanging(false)
                  }}
                />
              )}
            </Modal>
          </>
        )}
      </Loaded>
    </Section>
  )
}

function PolicyFacts({ policy }: { policy: FailSafePolicy }) {
  const { onBreach, onLinkLost, failSafeW, validMinutes, revision } = policy
  if (!onBreach && !onLinkLost)
    return <p>FSPs here are sent no import limit: neither during a breach nor against a loss of the link.</p>
  return (
    <Facts
      items={[
        ['During a breach', onBreach ? 'sent until the breach is over' : 'not sent'],
        ['Against a loss of the link', onLinkLost ? 'always in force, renewed' : 'no'],
        ['Falls to', kw(failSafeW)],
        ['Valid without renewal', count(validMinutes, 'minute')],
        ['Version', String(revision)],
      ]}
    />
  )
}
