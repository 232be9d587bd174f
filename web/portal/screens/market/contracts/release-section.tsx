import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '../../../../../schemas/market/contracts.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { useToday } from '../../../../shared/clock.ts'
import { Field, Fields } from '../../../../shared/components/fields.tsx'
import { Facts, Section } from '../../../../shared/components/page.tsx'
import { TwoStep } from '../../../../shared/components/two-step.tsx'
import { useUnsavedGuard } from '../../../../shared/components/unsaved-guard.ts'
import { count, fixed, kw } from '../../../../shared/format/power.ts'
import { addDays, dayInWords, daySpanInWords } from '../../../../shared/format/time.ts'
import { day } from '../../../../shared/search.ts'
import { productsQuery } from '../../../market-queries.ts'
import { useOwnFsp, useRefusal } from '../../../session.ts'
import { daysInWords, hoursOn, mostDays, releasableDays } from './release.ts'

/** Days of reserve that were given back, and the form that gives back more; only a forward option is reserve. */
export function ReleaseSection({ contract }: { contract: Contract }) {
  const products = useQuery(productsQuery).data
  const isReserve = products?.some(({ product, kind }) => product === contract.product && kind === 'forward-option')
  const isFsp = useOwnFsp() !== null
  if (!isReserve) return null
  const released = daysInWords(contract.releasedDays)
  return (
    <Section title="Released reserve">
      <Facts
        items={[
          ['Released days', contract.releasedDays.length === 0 ? 'none' : `${released.join('; ')}`],
          ['On released days', 'nothing is instructed, and no availability is paid'],
        ]}
      />
      {!isFsp && <ReleaseForm key={contract.releasedDays.length} contract={contract} />}
    </Section>
  )
}

function ReleaseForm({ contract }: { contract: Contract }) {
  const today = useToday()
  const tomorrow = addDays(today, 1)
  const [first = tomorrow] = releasableDays(contract, tomorrow, contract.validTo, today)
  const [from, setFrom] = useState(first)
  const [to, setTo] = useState(first)
  const [reason, setReason] = useState('')
  const refusal = useRefusal('flexibility-engineer')
  const queries = useQueryClient()
  const letGo = useUnsavedGuard(reason !== '')
  const isSpan = day(from) !== undefined && day(to) !== undefined && from <= to
  const days = isSpan ? releasableDays(contract, from, to, today) : []
  const release = useMutation<unknown, Error, void>({
    mutationFn: () =>
      api.call(operations.releaseReserve, {
        params: { id: contract.contractId },
        body: { days, reason: reason.trim() },
      }),
    onSuccess: letGo,
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ meta }) => ['market', 'dispatch'].some((topic) => meta?.topics?.includes(topic as 'market')),
      }),
  })
  if (tomorrow > contract.validTo) return <p className="rm-secondary">No day of the contract is ahead any more.</p>
  return (
    <div style={{ display: 'grid', gap: 12, marginTop: 12 }}>
      <Fields>
        <Field
          label="First day to release"
          type="date"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <Field
          label="Last day to release"
          type="date"
          value={to}
          fault={isSpan ? null : 'Choose a last day that is not before the first.'}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Field
          label="Why it is not needed"
          hint="It is kept in the audit trail."
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Fields>
      <span>
        <TwoStep
          label="Release the reserve"
          refusal={refusal ?? reasonNotTo(isSpan, days, reason)}
          action={release}
          consequence={<Consequence contract={contract} days={days} />}
        />{' '}
        <span className="rm-secondary">
          {refusal ?? reasonNotTo(isSpan, days, reason) ?? count(days.length, 'day')}
        </span>
      </span>
    </div>
  )
}

/** Why the form cannot be sent as it stands; `null` if it can. */
function reasonNotTo(isSpan: boolean, days: readonly string[], reason: string): string | null {
  if (!isSpan) return 'Choose the days to release.'
  if (days.length === 0) return 'No day of this span can be released: it has begun, has no window, or is released.'
  if (days.length > mostDays) return `Release at most ${mostDays} days at once; these are ${fixed(days.length, 0)}.`
  return reason.trim().length < 3 ? 'State why it is not needed.' : null
}

function Consequence({ contract, days }: { contract: Contract; days: readonly string[] }) {
  const [first = '', last = ''] = [days[0], days.at(-1)]
  const hours = hoursOn(contract, days)
  const worth = hours * (contract.turnDownW / 1e6) * Number(contract.availabilityGbpPerMwH)
  return (
    <>
      <p>
        Gives back {kw(contract.turnDownW)} of {contract.fuName} on {count(days.length, 'day')},{' '}
        {days.length === 1 ? dayInWords(first) : daySpanInWords(first, last)}: {fixed(hours, 1)} contracted hours, £
        {fixed(worth, 2)} of availability that is not paid.
      </p>
      <p>
        Nothing is instructed on these days, and {contract.fspName} may use its FU otherwise. A released day cannot be
        taken back.
      </p>
    </>
  )
}
