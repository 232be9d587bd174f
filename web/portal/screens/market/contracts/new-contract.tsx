import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type StandingContract, standingContract } from '../../../../../schemas/market/contracts.ts'
import type { FlexibleUnit } from '../../../../../schemas/market/parties.ts'
import type { ProductInForce } from '../../../../../schemas/market/products.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { useToday } from '../../../../shared/clock.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { addDays } from '../../../../shared/format/time.ts'
import { productsQuery, usePaysAvailability } from '../../../market-queries.ts'
import { waitingQuery } from '../../../proposal-queries.ts'
import { flexibleUnitsQuery } from '../../../queries.ts'
import { WaitingFor } from '../../proposals/proposal-view.tsx'
import { methodWords } from '../../settlement/words.ts'
import { DirectionOptions } from '../direction-options.tsx'
import { WindowsEditor } from '../tenders/windows-editor.tsx'
import { type ContractDraft, fallbackWords, newDraft, readContract } from './draft.ts'

/** A contract without a tender, for a day-ahead or intraday product: a second person approves it. */
export function NewContract() {
  const today = useToday()
  const units = useQuery(flexibleUnitsQuery).data ?? []
  const products = (useQuery(productsQuery).data ?? []).filter(({ kind }) => kind !== 'forward-option')
  const [draft, setDraft] = useState(() => newDraft(addDays(today, 1), addDays(today, 365)))
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const enter = useMutation({
    mutationFn: (body: StandingContract) => api.call(operations.enterStandingContract, { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: waitingQuery.queryKey }),
  })
  const chosen = {
    ...draft,
    fuId: draft.fuId || (units[0]?.fuId ?? ''),
    product: draft.product || (products[0]?.product ?? ''),
  }
  const paysAvailability = usePaysAvailability(chosen.product)
  const { given, faults } = readContract(paysAvailability ? chosen : { ...chosen, availabilityGbpPerMwH: '0' })
  const fault = (field: string) => (tried ? faults.get(field) : undefined)
  const text: TextField = (field) => ({
    value: chosen[field],
    fault: fault(field),
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setDraft((before) => ({ ...before, [field]: value }))
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (given) enter.mutate(given)
  }
  return (
    <Page
      title="Contract without a tender"
      subtitle="A second person approves it."
      actions={<LinkButton to="/market/contracts">All contracts</LinkButton>}
    >
      <WaitingFor subjectId={chosen.fuId} />
      <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 16 }}>
        <Section>
          <ContractFields
            chosen={chosen}
            units={units}
            products={products}
            paysAvailability={paysAvailability}
            text={text}
            fault={fault}
          />
        </Section>
        <Section title="Windows">
          <WindowsEditor
            hasNeed={false}
            windows={draft.windows}
            faultOf={(i) => fault(`windows.${i}`) ?? null}
            onChange={(windows) => setDraft((before) => ({ ...before, windows }))}
          />
        </Section>
        {enter.isError && <ProblemNotice error={enter.error} />}
        <span>
          <Button type="submit" variant="filled" loading={enter.isPending}>
            Propose the contract
          </Button>
        </span>
      </form>
    </Page>
  )
}

/** Value, fault and change of a field that is text, for its input. */
type TextField = (field: Exclude<keyof ContractDraft, 'windows'>) => {
  value: string
  fault: string | undefined
  onChange: (event: { currentTarget: { value: string } }) => void
}

interface ContractFieldsProps {
  chosen: ContractDraft
  units: readonly FlexibleUnit[]
  products: readonly ProductInForce[]
  paysAvailability: boolean
  text: TextField
  fault: (field: string) => string | undefined
}

function ContractFields({ chosen, units, products, paysAvailability, text, fault }: ContractFieldsProps) {
  return (
    <Fields>
      <Choice label="FU" {...text('fuId')}>
        {units.map(({ fuId, name }) => (
          <option key={fuId} value={fuId}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice label="Product" {...text('product')}>
        {products.map(({ product, settings }) => (
          <option key={product} value={product}>
            {product}, {settings.name}
          </option>
        ))}
      </Choice>
      <Field
        label="Agreement"
        hint="The document in which it was agreed, such as a framework agreement."
        {...text('reference')}
      />
      <Field label="First day of service" type="date" {...text('validFrom')} />
      <Field label="Last day of service" type="date" {...text('validTo')} />
      <Choice label="Direction" hint="Turn-up is more import or less export." {...text('direction')}>
        <DirectionOptions />
      </Choice>
      <Field
        label={chosen.direction === 'turn-up' ? 'Turn-up' : 'Turn-down'}
        inputMode="decimal"
        unit="kW"
        {...text('turnDownKw')}
        fault={fault('turnDownW')}
      />
      {paysAvailability && (
        <Field label="Availability" inputMode="decimal" unit="£ per MW per h" {...text('availabilityGbpPerMwH')} />
      )}
      <Field label="Utilisation" inputMode="decimal" unit="£ per MWh" {...text('utilisationGbpPerMwh')} />
      <Choice label="Baseline" {...text('baselineMethod')}>
        {standingContract.shape.baselineMethod.options.map((method) => (
          <option key={method} value={method}>
            {methodWords[method]}
          </option>
        ))}
      </Choice>
      <Choice label="If there are too few days" {...text('baselineFallback')}>
        {standingContract.shape.baselineFallback.options.map((fallback) => (
          <option key={fallback} value={fallback}>
            {fallbackWords[fallback]}
          </option>
        ))}
      </Choice>
    </Fields>
  )
}
