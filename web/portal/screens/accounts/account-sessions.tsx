import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { PortalAccount } from '../../../../schemas/access/accounts.ts'
import type { AccountSession } from '../../../../schemas/access/own-account.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Loaded } from '../../../shared/components/query.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { dayAndTime } from '../../../shared/format/time.ts'
import { accountSessionsQuery } from '../../account-queries.ts'
import { agentInWords } from '../account/agent.ts'
import styles from './account-sessions.module.css'

/** The open sessions of an account, each with its browser and address, and the way to end it. */
export function AccountSessions({ account }: { account: PortalAccount }) {
  const query = useQuery(accountSessionsQuery(account.username))
  return (
    <Loaded query={query}>
      {(sessions) =>
        sessions.length === 0 ? (
          <span>Nowhere.</span>
        ) : (
          <ul className={styles.sessions} aria-label="Open sessions">
            {sessions.map((session) => (
              <li key={session.sessionId}>
                <OneSession account={account} session={session} />
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  )
}

function OneSession({ account: { username, fullName }, session }: { account: PortalAccount; session: AccountSession }) {
  const { sessionId, agent, address, createdAt, lastSeenAt } = session
  const queries = useQueryClient()
  const end = useMutation({
    mutationFn: () => api.call(operations.endAccountSession, { params: { username, sessionId } }),
    onSettled: () => queries.invalidateQueries({ queryKey: accountSessionsQuery(username).queryKey }),
  })
  const where = `${agentInWords(agent)} at ${address ?? 'an unknown address'}`
  return (
    <>
      <span title={agent ?? undefined}>{where}</span>
      <span className="rm-secondary">
        since {dayAndTime(createdAt)}, last seen {dayAndTime(lastSeenAt)}
      </span>
      <span>
        <TwoStep
          label={`End the session since ${dayAndTime(createdAt)}`}
          refusal={null}
          action={end}
          consequence={`${fullName} is logged out of ${where}, and what is not saved there is lost.`}
        />
      </span>
    </>
  )
}
