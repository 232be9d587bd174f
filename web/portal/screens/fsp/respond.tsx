import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import type { newTenderResponse, Tender } from '../../../../schemas/market/tenders.ts'
import { operations } from '../../../../schemas/operations.ts'
import type { Direction } from '../../../../schemas/vocabulary/units.ts'
import { api } from '../../../shared/api/client.ts'
import { useNow } from '../../../shared/clock.ts'
import { Nothing, Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, directionWords } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { usePaysAvailability } from '../../market-queries.ts'
import { flexibleUnitsQuery } from '../../queries.ts'
import { type DraftOffer, draftOffers, readOffers } from './offers.ts'
import styles from './respond.module.css'

/** An FSP’s answer to a tender: its FUs with power and prices, or that it does not bid. It is final. */
export function Respond({ tender }: { tender: Tender }) {
  const units = useQuery(flexibleUnitsQuery)
  const isClosed = useNow() >= Date.parse(tender.gateClosesAt)
  return (
    <Section title="Your response">
      {tender.state !== 'open' || isClosed ? (
        <Nothing>You have not responded, and the gate is closed.</Nothing>
      ) : (
        <Loaded query={units}>{(own) => <Form tender={tender} initial={draftOffers(own, tender.direction)} />}</Loaded>
      )}
    </Section>
  )
}

const fields = (direction: Direction, paysAvailability: boolean) => [
  ['kw', `${directionWords[direction]}, kW`] as const,
  ...(paysAvailability ? [['availability', 'Availability, £/MW/h'] as const] : []),
  ['utilisation', 'Utilisation, £/MWh'] as const,
]

function Form({ tender, initial }: { tender: Tender; initial: DraftOffer[] }) {
  const [offers, setOffers] = useState(initial)
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const respond = useMutation({
    mutationFn: (body: z.input<typeof newTenderResponse>) =>
      api.call(operations.respondToTender, { params: { id: tender.tenderId }, body }),
    onSettled: () => queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false }),
  })
  const paysAvailability = usePaysAvailability(tender.product)
  const priced = paysAvailability ? offers : offers.map((offer) => ({ ...offer, availability: '0' }))
  const { given, faults } = readOffers(priced, tender)
  const set = (fuId: string, change: Partial<DraftOffer>) =>
    setOffers((before) => before.map((offer) => (offer.fuId === fuId ? { ...offer, ...change } : offer)))
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (given) respond.mutate({ bid: 'offered', offers: given })
  }
  const chosen = offers.filter((offer) => offer.isOffered).length
  return (
    <form onSubmit={onSubmit} noValidate className={styles.form}>
      <Notice>
        One response, and it is final. It can be given until {dayAndTime(tender.gateClosesAt)}. Offers above{' '}
        {paysAvailability && `£${tender.ceilingAvailabilityGbpPerMwH} per MW per h or `}£
        {tender.ceilingUtilisationGbpPerMwh} per MWh are rejected.
        {!paysAvailability && ' The product pays no availability.'}
      </Notice>
      {offers.length === 0 && <Nothing>You have no FU yet: register one over the API first.</Nothing>}
      {offers.map((offer) => (
        <OfferFields
          key={offer.fuId}
          offer={offer}
          fields={fields(tender.direction, paysAvailability)}
          fault={(tried && faults.get(offer.fuId)) || null}
          set={(change) => set(offer.fuId, change)}
        />
      ))}
      {respond.isError && <ProblemNotice error={respond.error} />}
      <span className={styles.actions}>
        <Button type="submit" variant="filled" disabled={chosen === 0} loading={respond.isPending}>
          Offer {count(chosen, 'FU')}
        </Button>
        <span className="rm-secondary">or</span>
        <input
          className="rm-select"
          aria-label="Reason for not bidding"
          placeholder="Why you do not bid (optional)"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button loading={respond.isPending} onClick={() => respond.mutate({ bid: 'declined', reason: reason.trim() })}>
          Decline to bid
        </Button>
      </span>
    </form>
  )
}

interface OfferFieldsProps {
  offer: DraftOffer
  fields: ReturnType<typeof fields>
  fault: string | null
  set: (change: Partial<DraftOffer>) => void
}

/** What is offered of one FU. */
function OfferFields({ offer, fields, fault, set }: OfferFieldsProps) {
  return (
    <fieldset className={styles.offer}>
      <legend className="rm-sr-only">{offer.name}</legend>
      <Checkbox
        label={offer.name}
        checked={offer.isOffered}
        onChange={(event) => set({ isOffered: event.currentTarget.checked })}
      />
      {fields.map(([field, label]) => (
        <label key={field} className={styles.field}>
          <span>{label}</span>
          <input
            className="rm-select"
            inputMode="decimal"
            aria-label={`${offer.name}: ${label}`}
            disabled={!offer.isOffered}
            value={offer[field]}
            onChange={(event) => set({ [field]: event.currentTarget.value })}
          />
        </label>
      ))}
      {fault && (
        <span className={styles.fault} role="alert">
          {fault}
        </span>
      )}
    </fieldset>
  )
}
