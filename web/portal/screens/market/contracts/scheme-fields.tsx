import { Choice, Field } from '../../../../shared/components/fields.tsx'
import type { SchemeDraft } from './terms.ts'

const schemes: Record<SchemeDraft['scheme'], string> = {
  'grace-and-multiplier': 'grace and multiplier',
  'sliding-scale': 'sliding scale',
  usef: 'USEF: delivery less a penalty',
}

interface SchemeFieldsProps {
  draft: SchemeDraft
  fault: (field: string) => string | undefined
  set: (change: Partial<SchemeDraft>) => void
  /** The scheme in words, once its figures can be read. */
  hint: string | null
}

/** What turns the share that was delivered into the share that is paid, with its figures. */
export function SchemeFields({ hint, ...props }: SchemeFieldsProps) {
  const { draft, set } = props
  return (
    <>
      <Choice
        label="Payment"
        value={draft.scheme}
        hint={hint}
        onChange={(event) => set({ scheme: event.currentTarget.value as SchemeDraft['scheme'] })}
      >
        {Object.entries(schemes).map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </Choice>
      <Figures {...props} />
    </>
  )
}

function Figures({ draft, fault, set }: Omit<SchemeFieldsProps, 'hint'>) {
  const number = (field: keyof SchemeDraft & `${string}Percent`, label: string) => (
    <Field
      label={label}
      inputMode="decimal"
      unit="%"
      value={draft[field]}
      fault={fault(field)}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
    />
  )
  if (draft.scheme === 'grace-and-multiplier')
    return (
      <>
        {number('gracePercent', 'Full pay from')}
        <Field
          label="Points less for each below"
          inputMode="decimal"
          value={draft.slope}
          fault={fault('slope')}
          onChange={(event) => set({ slope: event.currentTarget.value })}
        />
        {number('floorPercent', 'Nothing at')}
      </>
    )
  if (draft.scheme === 'sliding-scale')
    return (
      <>
        {number('fromPercent', 'Nothing at')}
        {number('toPercent', 'Full pay at')}
      </>
    )
  return (
    <Field
      label="Penalty price"
      inputMode="decimal"
      unit="£/MWh"
      value={draft.penalty}
      fault={fault('penalty')}
      onChange={(event) => set({ penalty: event.currentTarget.value })}
    />
  )
}
