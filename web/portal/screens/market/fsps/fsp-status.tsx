import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Fsp } from '../../../../../schemas/market/parties.ts'
import { useNow, useToday } from '../../../../shared/clock.ts'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { PanelFacts, PanelPart } from '../../../../shared/components/side-panel.tsx'
import { dayAndTime } from '../../../../shared/format/time.ts'
import { clientsQuery } from '../../../account-queries.ts'
import { instructionsQuery } from '../../../dispatch-queries.ts'
import { useRefusal } from '../../../session.ts'
import { conditionOf, credentialName, endInWords } from '../../clients/conditions.ts'
import { answersInWords } from './answers.ts'

/** How an FSP's control API has answered today, and until when its own programs can authenticate here. */
export function FspStatus({ fsp }: { fsp: Fsp }) {
  const isAdministrator = useRefusal('administrator') === null
  const today = useToday()
  const instructions = useQuery(instructionsQuery(today))
  return (
    <>
      <PanelPart title="Its answers to instructions of today">
        <Loaded query={instructions}>
          {(all) => {
            const { wording, facts } = answersInWords(all.filter(({ fspId }) => fspId === fsp.fspId))
            return (
              <>
                <Mark {...wording} />
                {facts.length > 0 && <PanelFacts items={facts} />}
              </>
            )
          }}
        </Loaded>
      </PanelPart>
      <PanelPart title="Its API clients here">
        {isAdministrator ? (
          <FspClients fsp={fsp} />
        ) : (
          <span>Administrators see its keys and secrets, and their ends.</span>
        )}
      </PanelPart>
    </>
  )
}

function FspClients({ fsp }: { fsp: Fsp }) {
  const query = useQuery(clientsQuery)
  const now = useNow()
  return (
    <Loaded query={query}>
      {(clients) =>
        clients
          .filter(({ kind, subjectId }) => kind === 'fsp' && subjectId === fsp.fspId)
          .map((client) => (
            <div key={client.clientId}>
              <Mark {...conditionOf(client, now)} />
              <PanelFacts
                items={[
                  ['Last fetched a token', client.lastUsedAt ? dayAndTime(client.lastUsedAt) : 'never'],
                  ...client.credentials.map(
                    (credential) => [`The ${credentialName(credential)} ends`, endInWords(credential, now)] as const,
                  ),
                ]}
              />
              <Link to="/clients" search={{ client: client.clientId }}>
                Its keys and secrets
              </Link>
            </div>
          ))
      }
    </Loaded>
  )
}
