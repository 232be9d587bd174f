import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { RegisteredHub } from '../../../../../schemas/grid/hubs.ts'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { Page } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { registrationQuery } from '../../../hub-queries.ts'
import { waitingQuery } from '../../../proposal-queries.ts'
import { hubsQuery } from '../../../queries.ts'
import { useRefusal } from '../../../session.ts'
import { WaitingFor } from '../../proposals/proposal-view.tsx'
import { RegistrationForm } from './registration-form.tsx'

/** How a hub is reached and read, and the form that changes it. */
export function RegistrationPage() {
  const { hubId } = useParams({ from: '/inside/hubs/$hubId/registration' })
  const query = useQuery(registrationQuery(hubId))
  return (
    <Page
      title={query.data ? `Registration of ${query.data.name}` : 'Registration'}
      subtitle="How the hub is reached, and what its points and feeders mean."
      actions={
        <LinkButton to="/hubs" search={{ hub: hubId }}>
          Back to the hub
        </LinkButton>
      }
    >
      <WaitingFor subjectId={hubId} operation="registerHub" />
      <Loaded query={query}>
        {(hub) => (
          <Change
            hub={hub}
            onReload={async () => {
              await query.refetch()
            }}
          />
        )}
      </Loaded>
    </Page>
  )
}

function Change({ hub, onReload }: { hub: RegisteredHub; onReload: () => Promise<void> }) {
  const ownership = useQuery(hubsQuery).data?.find(({ hubId }) => hubId === hub.hubId)?.ownership
  const [outcome, setOutcome] = useState<'saved' | 'proposed' | null>(null)
  // Counts how often the stored values were loaded over what was entered.
  const [round, setRound] = useState(0)
  const queries = useQueryClient()
  const again = async () => {
    await onReload()
    setRound((before) => before + 1)
  }
  if (ownership === 'customer')
    return (
      <Notice title="This monitor belongs to the customer">
        It sends by itself and no gateway polls it, so there is nothing to reach. Its own page has its credentials.
      </Notice>
    )
  return (
    <>
      {outcome && (
        <Notice>
          {outcome === 'saved'
            ? 'Saved. Its gateway has the change within a minute.'
            : 'Proposed. Everything stays as it is until a second person has approved it.'}
        </Notice>
      )}
      <RegistrationForm
        key={round}
        hubId={hub.hubId}
        stored={hub}
        onReload={() => void again()}
        onSaved={async (answer) => {
          await queries.invalidateQueries({ queryKey: waitingQuery.queryKey })
          await queries.invalidateQueries({ queryKey: hubsQuery.queryKey })
          await again()
          setOutcome('proposalId' in answer ? 'proposed' : 'saved')
        }}
      />
    </>
  )
}

/** Registers a hub of the DNO’s. */
export function NewHub() {
  const [hubId] = useState(() => crypto.randomUUID())
  const navigate = useNavigate()
  const queries = useQueryClient()
  const refusal = useRefusal('operator', 'planner')
  return (
    <Page title="Register a hub" actions={<LinkButton to="/hubs">All hubs</LinkButton>}>
      {refusal !== null && <Notice>{refusal}</Notice>}
      <RegistrationForm
        hubId={hubId}
        stored={null}
        onReload={() => void navigate({ to: '/hubs' })}
        onSaved={async (answer) => {
          await queries.invalidateQueries({ queryKey: waitingQuery.queryKey })
          await queries.invalidateQueries({ queryKey: hubsQuery.queryKey })
          if ('proposalId' in answer) await navigate({ to: '/proposals' })
          else await navigate({ to: '/hubs', search: { hub: hubId } })
        }}
      />
    </Page>
  )
}
