import type { Contract } from '../../../../../schemas/market/contracts.ts'
import { Choice, Field } from '../../../../shared/components/fields.tsx'
import type { ChosenReach } from './draft.ts'

/** What a timetable is for: the whole product, a zone or a contract. */
export function ReachFields({
  reach,
  contracts,
  onChange,
}: {
  reach: ChosenReach
  contracts: readonly Contract[]
  onChange: (reach: ChosenReach) => void
}) {
  const choose = (of: string) => {
    if (of === 'zone') onChange({ of, id: '' })
    else if (of === 'contract') onChange({ of, id: contracts[0]?.contractId ?? '' })
    else onChange({ of: 'same' })
  }
  return (
    <>
      <Choice label="For" value={reach.of} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="same">The whole product</option>
        <option value="zone">FUs at and below a node</option>
        <option value="contract">One contract</option>
      </Choice>
      {reach.of === 'zone' && (
        <Field
          label="Node"
          value={reach.id}
          onChange={(event) => onChange({ of: 'zone', id: event.currentTarget.value })}
        />
      )}
      {reach.of === 'contract' && (
        <Choice
          label="Contract"
          value={reach.id}
          onChange={(event) => onChange({ of: 'contract', id: event.currentTarget.value })}
        >
          {contracts.map(({ contractId, fuName, validFrom }) => (
            <option key={contractId} value={contractId}>
              {fuName} from {validFrom}
            </option>
          ))}
        </Choice>
      )}
    </>
  )
}
