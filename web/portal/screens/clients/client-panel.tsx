import { Link } from '@tanstack/react-router'
import type { ApiClient } from '../../../../schemas/access/clients.ts'
import { useNow } from '../../../shared/clock.ts'
import { Mark } from '../../../shared/components/mark.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { dayAndTime } from '../../../shared/format/time.ts'
import { AddCredential } from './add-credential.tsx'
import { ClientAccess } from './client-access.tsx'
import { conditionOf } from './conditions.ts'
import { Credentials } from './credentials.tsx'
import { authenticationWords } from './words.ts'

interface ClientPanelProps {
  client: ApiClient
  /** Whose it is. */
  owner: string
  onClose: () => void
}

/** One client: what it may do, its keys and secrets with their ends, and what an administrator does for or against it. */
export function ClientPanel({ client, owner, onClose }: ClientPanelProps) {
  const now = useNow()
  const { clientId, scopes, lastUsedAt, authentication, kind, subjectId } = client
  return (
    <SidePanel title={clientId} onClose={onClose}>
      <PanelPart>
        <Mark {...conditionOf(client, now)} />
      </PanelPart>
      <PanelPart>
        <PanelFacts
          items={[
            [
              'Whose',
              kind === 'fsp' ? (
                <Link key="fsp" to="/market/fsps" search={{ fsp: subjectId }}>
                  {owner}
                </Link>
              ) : (
                owner
              ),
            ],
            ['May do', scopes.join(', ')],
            ['Proves itself with', authenticationWords[authentication]],
            ['Last fetched a token', lastUsedAt ? dayAndTime(lastUsedAt) : 'never'],
          ]}
        />
      </PanelPart>
      <PanelPart title="Keys and secrets">
        <Credentials client={client} />
      </PanelPart>
      <PanelPart title="Another key or secret">
        <AddCredential client={client} />
      </PanelPart>
      <PanelPart title="Access">
        <ClientAccess client={client} owner={owner} />
      </PanelPart>
      <PanelPart>
        <Link to="/audit" search={{ subject: 'client', id: clientId }}>
          What was done to it, in the audit trail
        </Link>
      </PanelPart>
    </SidePanel>
  )
}
