import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { operations } from '../../../../schemas/operations.ts'
import type { NodeTerms } from '../../../../schemas/planning/node-terms.ts'
import { api } from '../../../shared/api/client.ts'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { nodeTermsQuery } from '../../grid-queries.ts'
import { useRefusal } from '../../session.ts'
import styles from './forecast.module.css'

/** What the DNO pays at most for the need of a node, and how much its shortfall counts in an optimisation. */
export function NodeTermsSection({ nodeId }: { nodeId: string }) {
  const terms = useQuery(nodeTermsQuery(nodeId))
  return (
    <Section title="Ceiling price and shortfall">
      <Loaded query={terms}>{(stated) => <TermsForm key={stated.revision} terms={stated} />}</Loaded>
    </Section>
  )
}

function TermsForm({ terms }: { terms: NodeTerms }) {
  const [ceiling, setCeiling] = useState(terms.ceilingGbpPerMwh ?? '')
  const [weight, setWeight] = useState(terms.shortfallWeight === null ? '' : String(terms.shortfallWeight))
  const queries = useQueryClient()
  const refusal = useRefusal('planner', 'flexibility-engineer')
  const change = useMutation({
    mutationFn: () =>
      api.call(operations.setNodeTerms, {
        params: { nodeId: terms.nodeId },
        body: {
          ceilingGbpPerMwh: ceiling.trim() === '' ? null : ceiling.trim(),
          shortfallWeight: weight.trim() === '' ? null : Number(weight),
        },
        version: terms.revision,
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: nodeTermsQuery(terms.nodeId).queryKey }),
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  const { inForce } = terms
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <Field
        label="Ceiling price"
        unit="£/MWh"
        value={ceiling}
        placeholder={inForce.ceilingGbpPerMwh ?? 'any price'}
        onChange={setCeiling}
      />
      <Field
        label="Shortfall weight"
        unit="times"
        value={weight}
        placeholder={String(inForce.shortfallWeight)}
        onChange={setWeight}
      />
      <Button
        type="submit"
        disabled={refusal !== null || Number.isNaN(Number(ceiling)) || Number.isNaN(Number(weight))}
        title={refusal ?? undefined}
        loading={change.isPending}
      >
        Set price and weight
      </Button>
      {change.isError && <ProblemNotice error={change.error} />}
    </form>
  )
}

interface FieldProps {
  label: string
  unit: string
  value: string
  /** What holds while it is empty. */
  placeholder: string
  onChange: (value: string) => void
}

function Field({ label, unit, value, placeholder, onChange }: FieldProps) {
  return (
    <label>
      {label}{' '}
      <input
        className="rm-select"
        inputMode="decimal"
        size={9}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />{' '}
      {unit}
    </label>
  )
}
