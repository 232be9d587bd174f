import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ServiceToOthers } from '../../../../../schemas/market/services-to-others.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { useNow } from '../../../../shared/clock.ts'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../../shared/components/side-panel.tsx'
import { TwoStep } from '../../../../shared/components/two-step.tsx'
import { dayAndTime, dayOf, duration, instantOfLocal, timeOfDay } from '../../../../shared/format/time.ts'
import { contractsQuery } from '../../../market-queries.ts'
import { useOwnFsp, useRefusal } from '../../../session.ts'
import { serviceState, spanInWords } from './words.ts'

interface ServicePanelProps {
  service: ServiceToOthers
  fuName: string
  fspName: string
  onClose: () => void
}

/** One service to others: what shows it, which contracts it runs into, and the way to end it early. */
export function ServicePanel({ service, fuName, fspName, onClose }: ServicePanelProps) {
  const now = useNow()
  const { word, tone, shape } = serviceState(service, now)
  const wasEver = Date.parse(service.from) < Date.parse(service.to)
  return (
    <SidePanel title={`${fuName}: ${service.service}`} onClose={onClose}>
      <Mark word={word} tone={tone} shape={shape} />
      <PanelFacts
        items={[
          ['Time', spanInWords(service)],
          ['Buyer', service.buyer],
          ...(fspName ? [['FSP', fspName] as const] : []),
          ['Shown by', service.reference],
          ['Registered', `${dayAndTime(service.registeredAt)} by ${service.registeredBy}`],
          ...(service.endedAt ? [['Ended early', dayAndTime(service.endedAt)] as const] : []),
          ...(service.reason ? [['Reason', service.reason] as const] : []),
        ]}
      />
      <Conflicts service={service} />
      {wasEver && (
        <PanelPart title="What follows">
          <span>Its days are event days: the FU’s baselines do not average them.</span>
        </PanelPart>
      )}
      {wasEver && Date.parse(service.to) > now && <EndForm key={service.to} service={service} />}
    </SidePanel>
  )
}

function Conflicts({ service: { conflicts } }: { service: ServiceToOthers }) {
  const contracts = useQuery(contractsQuery).data
  if (conflicts.length === 0)
    return (
      <PanelPart title="Contracts at that time">
        <span>None: no contract of the FU has a window then.</span>
      </PanelPart>
    )
  return (
    <PanelPart title="Contracts at that time">
      <Notice tone="risk">
        The FU cannot give the same turn-down twice. End the service, or release the contract’s days.
      </Notice>
      <PanelFacts
        items={conflicts.map(({ contractId, product, from }) => [
          <Link key={contractId} to="/market/contracts/$contractId" params={{ contractId }}>
            {contracts?.find((each) => each.contractId === contractId)?.reference ?? `Contract for product ${product}`}
          </Link>,
          `from ${dayAndTime(from)}`,
        ])}
      />
    </PanelPart>
  )
}

const quarterHourMs = 900_000

/** Ends a service early. An FSP states what is ahead, so the form begins with the next quarter-hour. */
function EndForm({ service }: { service: ServiceToOthers }) {
  const now = useNow()
  const [at, setAt] = useState(() => localOf(Math.ceil((now + 1) / quarterHourMs) * quarterHourMs))
  const [reason, setReason] = useState('')
  const isFsp = useOwnFsp() !== null
  const refusal = useRefusal('flexibility-engineer')
  const queries = useQueryClient()
  const end = useMutation<unknown, Error, void>({
    mutationFn: () =>
      api.call(operations.endServiceToOthers, {
        params: { id: service.serviceId },
        body: { at: instantOfLocal(at), reason: reason.trim() },
      }),
    onSettled: () => queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false }),
  })
  const missing = at === '' || reason.trim().length < 3 ? 'State when it ends and why.' : null
  return (
    <PanelPart title="End it early">
      <label>
        Ends at (local time){' '}
        <input
          type="datetime-local"
          className="rm-select"
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
        />
      </label>
      <input
        className="rm-select"
        aria-label="Reason for the end"
        placeholder="Reason"
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <span>
        <TwoStep
          label="End the service"
          refusal={(isFsp ? null : refusal) ?? missing}
          action={end}
          consequence={at === '' ? '' : consequenceOf(service, instantOfLocal(at))}
        />
      </span>
    </PanelPart>
  )
}

/** A local time as a `datetime-local` field takes it. */
function localOf(ms: number): string {
  return `${dayOf(ms)}T${timeOfDay(ms).slice(0, 5)}`
}

/** What is left of a service that ends at an instant. */
function consequenceOf({ service, buyer, from, to }: ServiceToOthers, at: string): string {
  const last = `It cannot be taken back: what is wrong then is registered anew.`
  if (Date.parse(at) <= Date.parse(from))
    return `${service} for ${buyer} is then never in force: the day is no event day because of it. ${last}`
  const less = duration(Date.parse(to) - Date.parse(at))
  return `${service} for ${buyer} ends at ${dayAndTime(at)}, ${less} before its time. ${last}`
}
