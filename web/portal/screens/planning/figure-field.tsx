import { Field } from '../../../shared/components/fields.tsx'
import type { Figure } from './figures.ts'

interface FigureFieldProps<N extends string> {
  figures: Readonly<Record<N, Figure>>
  name: N
  draft: Readonly<Record<N, string>>
  set: (change: Partial<Record<N, string>>) => void
  fault: (name: N) => string | undefined
}

/** A figure with its unit, as it is typed. */
export function FigureField<N extends string>({ figures, name, draft, set, fault }: FigureFieldProps<N>) {
  const { label, unit, hint, isWhole } = figures[name]
  return (
    <Field
      label={label}
      unit={unit}
      hint={hint}
      inputMode={isWhole ? 'numeric' : 'decimal'}
      value={draft[name]}
      fault={fault(name)}
      onChange={(event) => set({ [name]: event.currentTarget.value } as Partial<Record<N, string>>)}
    />
  )
}
