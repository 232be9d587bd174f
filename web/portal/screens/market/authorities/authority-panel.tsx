import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Authority } from '../../../../../schemas/market/authorities.ts'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../../shared/components/side-panel.tsx'
import { dayAndTime } from '../../../../shared/format/time.ts'
import { ApplicationDecision } from './application-decision.tsx'
import { AuthorityDecisionForm } from './decision-form.tsx'
import { AuthorityEndForm } from './end-form.tsx'
import { authorityStateWords, daysInWords, giverWords } from './words.ts'

interface AuthorityPanelProps {
  authority: Authority
  /** Undecided MPANs of the same application. */
  waiting: number
  onClose: () => void
}

/** An authority with its evidence, what stands against it, and what can be done about it. */
export function AuthorityPanel({ authority, waiting, onClose }: AuthorityPanelProps) {
  const { mpan, state, reason, atDno } = authority
  return (
    <SidePanel title={`MPAN ${mpan}`} onClose={onClose}>
      <PanelPart>
        <Mark {...authorityStateWords[state]} />
        {reason && <p>{reason}</p>}
      </PanelPart>
      <PanelPart>
        <PanelFacts items={facts(authority)} />
      </PanelPart>
      {state === 'applied' && atDno && <Standing atDno={atDno} />}
      {state === 'applied' && atDno && <AuthorityDecisionForm authority={authority} />}
      {state === 'applied' && atDno && waiting > 1 && (
        <ApplicationDecision applicationId={authority.applicationId} waiting={waiting} />
      )}
      {state === 'approved' && <AuthorityEndForm authority={authority} />}
    </SidePanel>
  )
}

function facts(authority: Authority): (readonly [string, ReactNode])[] {
  const { givenBy, reference, appliedAt, decidedAt, endedAt, atDno } = authority
  const by = (who: string | null | undefined) => (who ? ` by ${who}` : '')
  return [
    ...(atDno ? [['FSP', atDno.fspName] as const] : []),
    ...(atDno?.connection
      ? [
          [
            'Connection',
            <Link key="site" to="/connections/$connectionId" params={{ connectionId: atDno.connection.connectionId }}>
              {atDno.connection.name}, {atDno.connection.customer}
            </Link>,
          ] as const,
        ]
      : []),
    ['Days', daysInWords(authority)],
    ['Given by', giverWords[givenBy]],
    ['Evidence', reference],
    ['Applied', `${dayAndTime(appliedAt)}${by(atDno?.appliedBy)}`],
    ...(decidedAt ? [['Decided', `${dayAndTime(decidedAt)}${by(atDno?.decidedBy)}`] as const] : []),
    ...(endedAt ? [['Ended', `${dayAndTime(endedAt)}${by(atDno?.endedBy)}`] as const] : []),
  ]
}

/** What the decision has to take into account. */
function Standing({ atDno: { connection, clashes } }: { atDno: NonNullable<Authority['atDno']> }) {
  if (!connection)
    return <Notice tone="risk">No connection holds this MPAN: the application can only be refused.</Notice>
  return clashes.map((clash) => (
    <Notice key={clash.authorityId} tone="risk">
      {clash.fspName} holds this MPAN {daysInWords(clash)}. Approving hands it over on a day that you state.
    </Notice>
  ))
}
